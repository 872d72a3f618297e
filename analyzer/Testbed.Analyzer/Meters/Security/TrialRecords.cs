using Testbed.Analyzer.Meters.Records;

namespace Testbed.Analyzer.Meters.Security;

/// <summary>What a trial's sender wrote down: <c>seq,sentNs,answeredNs</c>, 0 where no answer came.</summary>
internal sealed record TrialSent(int Sent, int Answered)
{
    /// <exception cref="RecordFormatException">The file is no sender's record.</exception>
    public static TrialSent Read(string path)
    {
        RecordTable table = RecordTable.Read(path);
        int sent = table.Column("sentNs"), answered = table.Column("answeredNs");
        int count = 0, answers = 0;
        for (int i = 0; i < table.Rows.Count; i++)
        {
            if (table.Number(i, sent) == 0) continue;
            count++;
            if (table.Number(i, answered) != 0) answers++;
        }
        return new(count, answers);
    }
}

/// <summary>What a trial's listener wrote down: <c>trial,class,seq,timeNs</c>, one line a packet.</summary>
internal static class TrialReceived
{
    private const string Attempt = "attempt";

    /// <summary>Sequence numbers of a trial's attempts that arrived; empty where nobody listened.</summary>
    /// <exception cref="RecordFormatException">The file is no listener's record.</exception>
    public static HashSet<uint> Attempts(string? path, int trial)
    {
        HashSet<uint> arrived = [];
        if (path is null) return arrived;
        RecordTable table = RecordTable.Read(path);
        int number = table.Column("trial"), what = table.Column("class"), sequence = table.Column("seq");
        for (int i = 0; i < table.Rows.Count; i++)
            if (table.Number(i, number) == trial && table.Rows[i][what] == Attempt)
                arrived.Add((uint)table.Number(i, sequence));
        return arrived;
    }
}
