using System.CommandLine;
using Testbed.Benchmarks.Ladder;

namespace Testbed.Benchmarks.Commands;

/// <summary>The naive reader as a process of its own, so that it pays for its start as everyone does.</summary>
internal static class NaiveCommand
{
    public static Command Build()
    {
        Argument<string> file = new("file");
        Command command = new("naive", "the baseline reader: SharpPcap, PacketDotNet, dictionaries") { file };
        command.SetAction(parsed =>
        {
            using Stream output = Console.OpenStandardOutput();
            NaiveReader.Run(parsed.GetRequiredValue(file), output);
            return 0;
        });
        return command;
    }
}
