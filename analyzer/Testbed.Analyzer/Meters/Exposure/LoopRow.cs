using Testbed.Analyzer.Meters.Records;

namespace Testbed.Analyzer.Meters.Exposure;

/// <summary>One cycle of a closed loop as its probe wrote it down; ns since the Unix epoch, its kit's clock.</summary>
/// <param name="CalledNs">Just before the call was sent.</param>
/// <param name="Status">HTTP status of the answer; 0 without one.</param>
/// <param name="DeletedNs">Just before the deletion was sent.</param>
/// <param name="UntilNs">The end of the cycle: the network had until then to go back.</param>
internal readonly record struct LoopRow(
    int Cycle, long CalledNs, int Status, long DeletedNs, int DeleteStatus, long UntilNs)
{
    public bool IsAccepted => Status is >= 200 and < 300;

    /// <exception cref="RecordFormatException">The file is no loop's record.</exception>
    public static IReadOnlyList<LoopRow> Read(string path)
    {
        RecordTable table = RecordTable.Read(path);
        int cycle = table.Column("cycle"), called = table.Column("calledNs"), status = table.Column("status");
        int deleted = table.Column("deletedNs"), deleteStatus = table.Column("deleteStatus");
        int until = table.Column("untilNs");
        LoopRow[] rows = new LoopRow[table.Rows.Count];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = new(
                (int)table.Number(i, cycle), table.Number(i, called), (int)table.Number(i, status),
                table.Number(i, deleted), (int)table.Number(i, deleteStatus), table.Number(i, until));
        return rows;
    }
}
