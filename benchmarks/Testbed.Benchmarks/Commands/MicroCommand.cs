using System.CommandLine;
using BenchmarkDotNet.Running;

namespace Testbed.Benchmarks.Commands;

/// <summary><c>./testbed bench micro</c>: BenchmarkDotNet, which takes the rest of the command line.</summary>
internal static class MicroCommand
{
    public static Command Build()
    {
        Argument<string[]> rest = new("arguments") { Description = "for BenchmarkDotNet, e.g. --filter '*GtpU*'" };
        Command command = new("micro", "micro benchmarks with allocated bytes") { rest };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(parsed =>
        {
            BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly)
                .Run([.. parsed.GetValue(rest) ?? [], .. parsed.UnmatchedTokens]);
            return 0;
        });
        return command;
    }
}
