using Testbed.Conformance;

namespace Testbed.Evidence.Segments;

/// <summary>Where a tap's segments stop being one unbroken recording, and why.</summary>
public sealed record SegmentProblem(string Tap, long Seq, LocalText Reason);

/// <summary>Checks that the segments of each tap are whole, in order, of one boot, and that none is left out.</summary>
public static class SegmentChain
{
    /// <summary>All problems, by tap; empty when every chain holds.</summary>
    /// <param name="records">In the order in which each tap made them; taps may be mixed.</param>
    public static IReadOnlyList<SegmentProblem> Verify(IEnumerable<SegmentRecord> records)
    {
        List<SegmentProblem> problems = [];
        Dictionary<string, SegmentRecord> last = new(StringComparer.Ordinal);
        foreach (SegmentRecord record in records)
        {
            SegmentRecord? before = last.GetValueOrDefault(record.Tap);
            foreach (LocalText reason in Check(record, before))
                problems.Add(new SegmentProblem(record.Tap, record.Seq, reason));
            last[record.Tap] = record;
        }
        return problems;
    }

    /// <summary>As above, and that each file is what its record says.</summary>
    /// <param name="digestOf">The digest of the stored file, or null when it is not there.</param>
    public static IReadOnlyList<SegmentProblem> Verify(
        IEnumerable<SegmentRecord> records, Func<SegmentRecord, Files.FileDigest?> digestOf)
    {
        IReadOnlyList<SegmentRecord> all = [.. records];
        List<SegmentProblem> problems = [.. Verify(all)];
        foreach (SegmentRecord record in all)
        {
            Files.FileDigest? file = digestOf(record);
            if (file is null)
                problems.Add(new(record.Tap, record.Seq, new("分段文件缺失", "the segment's file is not there")));
            else if (file.Bytes != record.Bytes || file.Sha256 != record.Sha256)
                problems.Add(new(record.Tap, record.Seq, new(
                    "分段文件与其记录的摘要或长度不符", "the segment's file has another digest or length than its record")));
        }
        return problems;
    }

    private static IEnumerable<LocalText> Check(SegmentRecord record, SegmentRecord? before)
    {
        long due = before is null ? 0 : before.Seq + 1;
        string previous = before?.Digest ?? SegmentRecord.NoPrevious;
        if (record.Seq != due)
            yield return new($"序号为 {record.Seq}，应为 {due}", $"the sequence number is {record.Seq}, {due} is due");
        if (record.Previous != previous)
            yield return new("前一分段记录的摘要不符", "the digest of the previous record does not match");
        if (before is not null && record.BootId != before.BootId)
            yield return new("采集主机在两个分段之间重新启动过", "the capturing host restarted between two segments");
        bool negative = record.Bytes < 0 || record.Packets < 0 || record.OsDrops < 0 || record.InterfaceDrops < 0;
        if (negative || record.LastNs < record.FirstNs)
            yield return new("分段记录中的数值不可能成立", "the record holds figures that cannot be");
    }
}
