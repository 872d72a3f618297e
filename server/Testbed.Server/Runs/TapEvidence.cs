using System.Text;
using Testbed.Conformance;
using Testbed.Conformance.Json;
using Testbed.Evidence.Files;
using Testbed.Evidence.Segments;
using Testbed.Server.Agents;
using Testbed.Server.Planning;
using Testbed.Server.Runs.Conclusions;

namespace Testbed.Server.Runs;

/// <summary>One tap's capture as it lies in the run folder, checked against its own chain.</summary>
internal sealed record TapEvidence
{
    public required PlanTask Task { get; init; }
    public required CaptureFigures? Figures { get; init; }
    /// <summary>Paths inside the run folder, in order.</summary>
    public required IReadOnlyList<string> Segments { get; init; }
    public required IReadOnlyList<SegmentRecord> Records { get; init; }
    public required long Bytes { get; init; }
    /// <summary>Why the capture does not cover the run; null when it does.</summary>
    public required LocalText? Gap { get; init; }
    /// <summary>Why the capture contradicts itself; null when it does not.</summary>
    public required LocalText? Contradiction { get; init; }

    public string Point => Task["point"];
    public string Interface => Task["interface"];
    /// <summary>What analysis results call it; the judge finds point and interface in it.</summary>
    public string Name => $"{Task.Kit}/{Point}/{Interface}";
    /// <summary>What reports call it.</summary>
    public string Label => $"{Point}/{Interface}";

    public static TapEvidence Read(PlanTask task, TaskOutcome outcome, RunFolder folder, EvidenceIntakeView files)
    {
        EvidenceFile[] arrived = [.. files.Of(task.Id)];
        string[] segments = [.. arrived.Select(file => file.Name).Where(name => name.EndsWith(".pcapng"))];
        LocalText? contradiction = null;
        List<SegmentRecord> records = [];
        CaptureFigures? figures = null;
        try
        {
            figures = TaskFigures.Read(outcome).Capture;
            foreach (EvidenceFile chain in arrived.Where(file => file.Name.EndsWith(".chain.ndjson")))
                records.AddRange(ReadChain(folder.At(chain.Name)));
            // Where the kit itself says that not all arrived, a missing chain is a gap and no contradiction.
            if (records.Count > 0 || outcome.Problem is null) contradiction = Check(records, segments, arrived);
        }
        catch (CanonicalJsonException malformed)
        {
            contradiction = new($"采集记录无法解读：{malformed.Message}",
                $"the record of the capture cannot be read: {malformed.Message}");
        }
        return new()
        {
            Task = task, Figures = figures, Segments = segments, Records = records,
            Bytes = arrived.Where(file => file.Name.EndsWith(".pcapng")).Sum(file => file.Bytes),
            Gap = outcome.Problem, Contradiction = contradiction,
        };
    }

    private static SegmentRecord[] ReadChain(string path) =>
        [.. File.ReadLines(path).Select(line =>
            SegmentRecord.FromJson(CanonicalJson.ParseObject(Encoding.UTF8.GetBytes(line))))];

    private static LocalText? Check(List<SegmentRecord> records, string[] segments, EvidenceFile[] arrived)
    {
        // The intake took each file's digest as it came in: comparing those reads no file twice.
        Dictionary<string, FileDigest> digests = [];
        foreach (EvidenceFile file in arrived) digests.TryAdd(file.Sha256, new(file.Sha256, file.Bytes));
        IReadOnlyList<SegmentProblem> problems =
            SegmentChain.Verify(records, record => digests.GetValueOrDefault(record.Sha256));
        if (problems is [var problem, ..])
            return new($"分段 {problem.Seq}：{problem.Reason.Zh}", $"segment {problem.Seq}: {problem.Reason.En}");
        return records.Count == segments.Length ? null : new(
            $"收到 {segments.Length} 个分段，记录了 {records.Count} 个",
            $"{segments.Length} segments arrived and {records.Count} are on record");
    }
}

/// <summary>The files of a run by the task that they came from.</summary>
internal sealed class EvidenceIntakeView(IReadOnlyList<EvidenceFile> files)
{
    private readonly ILookup<string, EvidenceFile> _byTask = files.ToLookup(file => file.TaskId);

    public IEnumerable<EvidenceFile> Of(string taskId) =>
        _byTask[taskId].OrderBy(file => file.Name, StringComparer.Ordinal);
}
