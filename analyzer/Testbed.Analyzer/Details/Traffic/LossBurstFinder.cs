using System.Numerics;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Matching.Losses;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Details.Traffic;

/// <summary>
/// Finds runs of losses: packets of one flow that entered the UPF one after the other and left it nowhere. A packet of
/// another fate, as at a capture's edge, neither ends nor lengthens a run.
/// </summary>
internal sealed class LossBurstFinder(AnalysisContext context, PacketDirection direction)
{
    private struct Run
    {
        public long Length;
        public int First;
        public int Last;
    }

    /// <summary>Lengths 1, 2, 3 to 4, 5 to 8 and so on, each twice as wide: by the bits of length − 1.</summary>
    private readonly long[] _bursts = new long[64];
    private readonly long[] _lost = new long[64];
    private Run _longest;
    private int _longestTap;

    public LossBursts Find()
    {
        for (int tap = 0; tap < context.Taps.Count; tap++) FindIn(tap);
        List<BurstLengths> lengths = [];
        for (int bits = 0; bits < _bursts.Length; bits++)
            if (_bursts[bits] > 0)
                lengths.Add(new(bits == 0 ? 1 : (1L << (bits - 1)) + 1, 1L << bits, _bursts[bits], _lost[bits]));
        return new(_bursts.Sum(), _lost.Sum(), lengths, Longest());
    }

    private void FindIn(int tap)
    {
        TapCapture capture = context.Taps[tap];
        Run[] runs = new Run[capture.Decoder.Flows.Count];
        foreach (int i in context.InTimeOrder(tap))
        {
            ref PacketRecord record = ref capture.Records[i];
            if (record.Flow < 0 || record.Direction != direction
                || record.Kind is not (RecordKind.Gpdu or RecordKind.Plain) || !EdgeRevision.IsEntry(record)) continue;
            ref Run run = ref runs[record.Flow];
            if (context.Outcomes[tap].PartnerRecord[i] >= 0) End(tap, ref run);
            else if (context.Reasons[tap][i] is UnmatchedReason.Lost)
            {
                if (run.Length++ == 0) run.First = i;
                run.Last = i;
            }
        }
        foreach (ref Run run in runs.AsSpan()) End(tap, ref run);
    }

    private void End(int tap, ref Run run)
    {
        if (run.Length == 0) return;
        int bits = 64 - BitOperations.LeadingZeroCount((ulong)(run.Length - 1));
        _bursts[bits]++;
        _lost[bits] += run.Length;
        if (run.Length > _longest.Length) (_longest, _longestTap) = (run, tap);
        run = default;
    }

    private LongestBurst? Longest()
    {
        if (_longest.Length == 0) return null;
        TapCapture tap = context.Taps[_longestTap];
        ref PacketRecord first = ref tap.Records[_longest.First], last = ref tap.Records[_longest.Last];
        return new(
            _longest.Length, Text(tap.Flow(first)), first.TimeNs, tap.Evidence(first), last.TimeNs,
            tap.Evidence(last));
    }

    private static string Text(in FlowKey flow) =>
        $"{End(flow.Source, flow.SourcePort)} -> {End(flow.Destination, flow.DestinationPort)} ({flow.Protocol})";

    private static string End(HostAddress address, int port) =>
        port == 0 ? $"{address}" : address.IsIpv4 ? $"{address}:{port}" : $"[{address}]:{port}";
}
