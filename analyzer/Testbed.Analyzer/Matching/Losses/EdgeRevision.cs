using Testbed.Analyzer.Decoding;

namespace Testbed.Analyzer.Matching.Losses;

/// <summary>
/// Takes the excuse of the capture's edge from flows that never cross: a flow of which no packet ever left the UPF,
/// and of which packets are missing where both captures were open, is blackholed at the edges too.
/// </summary>
internal static class EdgeRevision
{
    public static void Apply(IReadOnlyList<TapCapture> taps, MatchedFacts matched, UnmatchedReason[][] reasons)
    {
        for (int tap = 0; tap < taps.Count; tap++)
        {
            RecordStore records = taps[tap].Records;
            int flows = taps[tap].Decoder.Flows.Count;
            bool[] missing = new bool[flows];
            bool anyEdge = false;
            for (int i = 0; i < records.Count; i++)
            {
                if (records[i].Flow < 0) continue;
                if (reasons[tap][i] is UnmatchedReason.Lost) missing[records[i].Flow] = true;
                anyEdge |= reasons[tap][i] is UnmatchedReason.CaptureEdge;
            }
            if (!anyEdge) continue;
            for (int i = 0; i < records.Count; i++)
            {
                if (reasons[tap][i] is not UnmatchedReason.CaptureEdge || !IsEntry(records[i])) continue;
                bool crosses = matched.FirstOf(tap, records[i].Flow).Direction is not PacketDirection.Unknown;
                if (!crosses && missing[records[i].Flow]) reasons[tap][i] = UnmatchedReason.Lost;
            }
        }
    }

    internal static bool IsEntry(in PacketRecord record) =>
        record.Kind is RecordKind.Gpdu == record.Direction is PacketDirection.Uplink;
}
