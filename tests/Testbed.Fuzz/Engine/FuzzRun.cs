using System.Globalization;
using Testbed.Fuzz.Targets;

namespace Testbed.Fuzz.Engine;

/// <summary>Runs all targets, one a processor at a time, and prints a line each.</summary>
internal static class FuzzRun
{
    private const int Failed = 1;
    /// <summary>A target that decodes nothing tests nothing.</summary>
    private const double AcceptedShareMin = 0.01;

    public static int Run(FuzzOptions options)
    {
        IReadOnlyList<FuzzTarget> targets =
            options.Target is { } name ? [TargetCatalogue.Named(name)] : TargetCatalogue.All;
        Console.WriteLine($"fuzz: {options.InputCount} inputs a target, {targets.Count} targets, seed {options.Seed}");
        string folder = Path.Combine(Path.GetTempPath(), "testbed-fuzz");
        Lock gate = new();
        List<TargetResult> results = [];
        Parallel.ForEach(
            targets, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, target =>
            {
                TargetResult result = new TargetRun(target, options, folder).Run();
                lock (gate)
                {
                    results.Add(result);
                    Print(result);
                }
            });
        List<TargetResult> broken = [.. results.Where(result => result.Failure is not null || IsIdle(result))];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"fuzz: {results.Sum(result => result.Inputs)} inputs, "
            + $"worst {results.Max(result => result.WorstMs):0.000} ms "
            + $"and {results.Max(result => result.WorstBytes) / 1024.0 / 1024.0:0.0} MiB, "
            + $"seed {options.Seed}"));
        Console.WriteLine($"{targets.Count - broken.Count} passed, {broken.Count} failed");
        return broken.Count == 0 ? 0 : Failed;
    }

    private static bool IsIdle(TargetResult result) => result.Accepted < result.Inputs * AcceptedShareMin;

    private static void Print(TargetResult result)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{result.Name,-22} {result.Inputs,10} inputs  seed {result.Seed}  accepted "
            + $"{100.0 * result.Accepted / result.Inputs,5:0.0}%  worst {result.WorstMs,7:0.000} ms "
            + $"{result.WorstBytes / 1024.0,8:0.0} KiB  {result.Seconds,6:0.0} s"));
        if (result.Failure is { } failure) Console.WriteLine($"  FAILED {failure}");
        else if (IsIdle(result)) Console.WriteLine("  FAILED: so few inputs decoded that nothing was tested");
    }
}
