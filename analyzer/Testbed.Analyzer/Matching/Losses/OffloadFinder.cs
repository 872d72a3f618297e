using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Matching.Losses;

/// <summary>
/// Finds TCP segments that one tap saw joined (GRO) or not yet cut (TSO) and the other one by one: their keys cannot
/// be equal, and they are no loss.
/// </summary>
internal sealed class OffloadFinder
{
    private readonly HashSet<(int Tap, int Record)> _covered = [];

    private readonly record struct Segment(int Tap, int Record, uint Sequence, int Length);

    public OffloadFinder(IReadOnlyList<TapCapture> taps, TapOutcome[] outcomes)
    {
        Dictionary<(HostAddress, ushort, PacketDirection), (List<Segment> N3, List<Segment> N6)> streams = [];
        for (int tap = 0; tap < taps.Count; tap++)
        {
            RecordStore records = taps[tap].Records;
            for (int i = 0; i < records.Count; i++)
            {
                ref PacketRecord record = ref records[i];
                if (outcomes[tap].PartnerRecord[i] >= 0 || record.Flow < 0 || record.PayloadLength <= 0
                    || record.Direction is PacketDirection.Unknown
                    || record.Kind is not (RecordKind.Gpdu or RecordKind.Plain)) continue;
                FlowKey flow = taps[tap].Flow(record);
                if (flow.Protocol != IpProtocol.Tcp) continue;
                bool up = record.Direction is PacketDirection.Uplink;
                var key = (
                    up ? flow.Destination : flow.Source, up ? flow.DestinationPort : flow.SourcePort, record.Direction);
                if (!streams.TryGetValue(key, out var sides)) streams[key] = sides = ([], []);
                (record.Kind is RecordKind.Gpdu ? sides.N3 : sides.N6)
                    .Add(new(tap, i, record.Extra, record.PayloadLength));
            }
        }
        foreach ((List<Segment> n3, List<Segment> n6) in streams.Values)
        {
            Cover(n3, n6);
            Cover(n6, n3);
        }
    }

    public bool Covers(int tap, int record) => _covered.Contains((tap, record));

    // A large segment covers small ones whose bytes lie within it. Sequence numbers wrap, so differences decide.
    private void Cover(List<Segment> large, List<Segment> small)
    {
        if (large.Count == 0 || small.Count == 0) return;
        small.Sort((a, b) => a.Sequence.CompareTo(b.Sequence));
        uint[] sequences = [.. small.Select(segment => segment.Sequence)];
        foreach (Segment whole in large)
        {
            int at = Array.BinarySearch(sequences, whole.Sequence);
            at = at < 0 ? ~at : at;
            while (at > 0 && sequences[at - 1] == whole.Sequence) at--;
            int first = at;
            long bytes = 0;
            uint end = 0;
            for (int n = 0; n < small.Count; n++, at++)
            {
                Segment part = small[at % small.Count];
                uint offset = part.Sequence - whole.Sequence;
                if (offset >= whole.Length) break;
                if (offset < end || offset + part.Length > whole.Length || part.Length >= whole.Length) continue;
                bytes += part.Length;
                end = offset + (uint)part.Length;
            }
            // With a hole, a part of the large segment was lost: then it counts as it stands.
            if (bytes < whole.Length) continue;
            _covered.Add((whole.Tap, whole.Record));
            for (int i = first; i < at; i++) _covered.Add((small[i % small.Count].Tap, small[i % small.Count].Record));
        }
    }
}
