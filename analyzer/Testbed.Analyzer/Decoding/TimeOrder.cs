namespace Testbed.Analyzer.Decoding;

/// <summary>
/// The order of records by time. Two interfaces or queues of one host swap neighbours and little else, so moving the
/// few that came late costs a tenth of sorting all.
/// </summary>
internal static class TimeOrder
{
    /// <summary>Places that a record is moved on average before sorting the whole is cheaper.</summary>
    private const int MovesMax = 16;

    /// <summary>Places of the records by time; those of equal times as they stand.</summary>
    public static int[] Of(RecordStore records)
    {
        int[] order = new int[records.Count];
        long[] times = new long[order.Length];
        for (int i = 0; i < order.Length; i++) (order[i], times[i]) = (i, records[i].TimeNs);
        long moves = (long)order.Length * MovesMax;
        for (int i = 1; i < order.Length; i++)
        {
            long time = times[i];
            if (time >= times[i - 1]) continue;
            int place = order[i], at = i;
            for (; at > 0 && times[at - 1] > time; at--)
                (times[at], order[at]) = (times[at - 1], order[at - 1]);
            (times[at], order[at]) = (time, place);
            if ((moves -= i - at) < 0) return Sorted(records, order);
        }
        return order;
    }

    private static int[] Sorted(RecordStore records, int[] order)
    {
        order.AsSpan().Sort((a, b) => records[a].TimeNs != records[b].TimeNs
            ? records[a].TimeNs.CompareTo(records[b].TimeNs) : a.CompareTo(b));
        return order;
    }
}
