namespace Testbed.Analyzer.Meters.Records;

/// <summary>
/// One line of a STAMP sender's record. Times in nanoseconds since the Unix epoch, 0 where there is none.
/// </summary>
/// <param name="T1Ns">Sent by the UE.</param>
/// <param name="T2Ns">Received by the reflector, by its clock.</param>
/// <param name="T3Ns">Sent back by the reflector, by its clock.</param>
/// <param name="T4Ns">Received by the UE.</param>
/// <param name="IsDisturbed">A kit stood still while the packet was sent or away: its delay may be the kit's.</param>
/// <param name="HeldNs">
/// For how long of its flight a kit stood still or had not yet caught up; all of it where the packet was sent late.
/// </param>
internal readonly record struct StampRow(
    uint Sequence, long T1Ns, long T2Ns, long T3Ns, long T4Ns, string Status, bool IsDisturbed, long HeldNs)
{
    public bool IsReturned => Status is "answered" or "late";
    public long RoundTripNs => T4Ns - T1Ns - (T3Ns - T2Ns);
    /// <summary>Nothing of its delay is a kit's.</summary>
    public bool IsClear => !IsDisturbed && HeldNs == 0;
    /// <summary>What of the round trip no kit can have caused.</summary>
    public long AtLeastNs => RoundTripNs > HeldNs ? RoundTripNs - HeldNs : 0;

    /// <exception cref="RecordFormatException">The file is no sender's record.</exception>
    public static List<StampRow> Read(string path)
    {
        RecordTable table = RecordTable.Read(path);
        int sequence = table.Column("seq"), t1 = table.Column("t1Ns"), t2 = table.Column("t2Ns");
        int t3 = table.Column("t3Ns"), t4 = table.Column("t4Ns"), status = table.Column("status");
        int disturbed = table.Column("disturbed");
        int? held = table.ColumnIfAny("heldNs");
        List<StampRow> rows = new(table.Rows.Count);
        for (int i = 0; i < table.Rows.Count; i++)
        {
            bool isDisturbed = table.Number(i, disturbed) != 0;
            // A record that does not say how long speaks of the whole flight.
            long heldNs = held is { } column ? table.Number(i, column) : isDisturbed ? long.MaxValue : 0;
            rows.Add(new(
                (uint)table.Number(i, sequence), table.Number(i, t1), table.Number(i, t2), table.Number(i, t3),
                table.Number(i, t4), string.Intern(table.Rows[i][status]), isDisturbed, heldNs));
        }
        return rows;
    }
}
