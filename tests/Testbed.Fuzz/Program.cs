using System.Globalization;
using SharpFuzz;
using Testbed.Fuzz.Engine;
using Testbed.Fuzz.Targets;

namespace Testbed.Fuzz;

/// <summary>
/// <c>run N [--seed S] [--target NAME]</c> feeds each target N inputs; <c>list</c> names the targets;
/// <c>libfuzzer NAME</c> lets SharpFuzz and libFuzzer drive one; <c>replay NAME FILE</c> runs one input.
/// </summary>
internal static class Program
{
    private const int Usage = 2;

    private static int Main(string[] args)
    {
        try
        {
            return args switch
            {
                ["run", var count, .. var options] => FuzzRun.Run(FuzzOptions.Parse(count, options)),
                ["list"] => List(),
                ["libfuzzer", var name] => LibFuzzer(TargetCatalogue.Named(name)),
                ["replay", var name, var file] => Replay(TargetCatalogue.Named(name), file),
                _ => throw new ArgumentException(
                    "usage: run N [--seed S] [--target NAME] | list | libfuzzer NAME | replay NAME FILE"),
            };
        }
        catch (ArgumentException wrong)
        {
            Console.Error.WriteLine($"fuzz: {wrong.Message}");
            return Usage;
        }
    }

    private static int List()
    {
        foreach (FuzzTarget target in TargetCatalogue.All) Console.WriteLine(target.Name);
        return 0;
    }

    private static int LibFuzzer(FuzzTarget target)
    {
        Fuzzer.LibFuzzer.Run(input => target.Run(input));
        return 0;
    }

    private static int Replay(FuzzTarget target, string file)
    {
        bool accepted = target.Run(File.ReadAllBytes(file));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target.Name}: accepted {accepted}"));
        return 0;
    }
}
