using System.Globalization;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Testbed.Benchmarks.Micro;

/// <summary>
/// Holds what benchmarks allocate against a committed file: more is a fault, in the way that a failing test is one.
/// </summary>
internal static class AllocationGate
{
    /// <remarks>
    /// Whole analyses grow tables and share pools, so that their bytes an operation vary a little from run to run.
    /// </remarks>
    private const double Tolerance = 1.05;
    private const string Head =
        "# Bytes that a benchmark allocates an operation. Checked by ./testbed bench micro --gate; an improvement is\n"
        + "# taken over with --accept and belongs in the commit that made it.\n";

    /// <returns>What is wrong, in words; empty when nothing is.</returns>
    public static List<string> Check(IEnumerable<Summary> summaries, string path)
    {
        SortedDictionary<string, long> allowed = Read(path);
        List<string> faults = [];
        foreach ((string name, long bytes) in Measured(summaries, faults))
        {
            if (!allowed.TryGetValue(name, out long most)) faults.Add($"{name}: not in {path}; add it with --accept");
            else if (bytes > most * Tolerance) faults.Add($"{name}: allocates {bytes} B an operation, allowed {most}");
        }
        return faults;
    }

    /// <summary>Takes what was measured as what is allowed from now on; benchmarks that did not run stay.</summary>
    public static void Accept(IEnumerable<Summary> summaries, string path)
    {
        SortedDictionary<string, long> allowed = Read(path);
        foreach ((string name, long bytes) in Measured(summaries, [])) allowed[name] = bytes;
        File.WriteAllText(path, Head + string.Concat(allowed.Select(entry => $"{entry.Key} {entry.Value}\n")));
    }

    private static IEnumerable<(string Name, long Bytes)> Measured(IEnumerable<Summary> summaries, List<string> faults)
    {
        foreach (Summary summary in summaries)
        {
            foreach (BenchmarkReport report in summary.Reports)
            {
                Descriptor benchmark = report.BenchmarkCase.Descriptor;
                string name = $"{benchmark.Type.Name}.{benchmark.WorkloadMethod.Name}";
                if (report.Success && report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) is { } bytes)
                    yield return (name, bytes);
                else faults.Add($"{name}: did not run");
            }
        }
    }

    private static SortedDictionary<string, long> Read(string path)
    {
        SortedDictionary<string, long> allowed = new(StringComparer.Ordinal);
        if (!File.Exists(path)) return allowed;
        foreach (string line in File.ReadLines(path))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            if (line.Split(' ') is not [var name, var bytes]
                || !long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out long allowedBytes))
                throw new BenchException($"{path}: expected 'Benchmark bytes', found '{line}'");
            allowed[name] = allowedBytes;
        }
        return allowed;
    }
}
