using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using Testbed.Benchmarks.Micro;

namespace Testbed.Benchmarks.Commands;

/// <summary><c>./testbed bench micro</c>: BenchmarkDotNet, with what it finds allocated held against a file.</summary>
internal static class MicroCommand
{
    private static readonly TimeInterval GateIteration = TimeInterval.FromMilliseconds(50);
    private static readonly Option<bool> Gate = new("--gate")
    {
        Description = "fail when a benchmark allocates more than benchmarks/allocations.txt allows",
    };
    private static readonly Option<bool> Accept = new("--accept")
    {
        Description = "write what is allocated now to benchmarks/allocations.txt",
    };
    private static readonly Option<string> Filter = new("--filter")
    {
        Description = "which benchmarks, with * (all)", HelpName = "PATTERN", DefaultValueFactory = _ => "*",
    };

    public static Command Build()
    {
        Command command = new("micro", "micro benchmarks with allocated bytes") { Gate, Accept, Filter };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(Filter), parsed.GetValue(Gate), parsed.GetValue(Accept)));
        return command;
    }

    private static int Run(string filter, bool isGate, bool isAccept)
    {
        string path = Path.Combine(Root(), "benchmarks", "allocations.txt");
        // In this process: a project that BenchmarkDotNet generates would have to be restored, which an offline site
        // cannot. Bytes need few iterations; times want more.
        Job job = isGate || isAccept ? Job.ShortRun.WithIterationTime(GateIteration) : Job.Default;
        job = job.WithToolchain(InProcessEmitToolchain.Instance);
        IConfig config = DefaultConfig.Instance.AddJob(job).WithOptions(ConfigOptions.DisableLogFile)
            .WithArtifactsPath(Path.Combine(Root(), "artifacts", "benchmarks"));
        List<Summary> summaries =
            [.. BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly).Run(["--filter", filter], config)];
        if (isAccept) AllocationGate.Accept(summaries, path);
        if (!isGate) return 0;
        List<string> faults = AllocationGate.Check(summaries, path);
        foreach (string fault in faults) Console.Error.WriteLine($"bench: {fault}");
        Console.Out.WriteLine(faults.Count == 0 ? "allocations: none beyond what is allowed" : "allocations: FAILED");
        return faults.Count == 0 ? 0 : 1;
    }

    private static string Root()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Testbed.sln"))) return folder;
        throw new BenchException($"no Testbed.sln above {AppContext.BaseDirectory}");
    }
}
