using Testbed.Analyzer.Decoding;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters;

/// <summary>Counts GTP-U messages, tunnels, UEs and QFIs over all N3 taps, those of N9 included.</summary>
internal static class GtpUCount
{
    public static GtpUSummary Of(IReadOnlyList<TapCapture> taps)
    {
        long[] kinds = new long[10], qfis = new long[64], directions = new long[3];
        HashSet<(HostAddress, uint)> tunnels = [];
        HashSet<HostAddress> ues = [];
        foreach (TapCapture tap in taps)
        {
            if (tap.Role is TapRole.N6) continue;
            bool[] seenTunnel = new bool[tap.Decoder.Tunnels.Count];
            byte[] seenFlow = new byte[tap.Decoder.Flows.Count];
            for (int i = 0; i < tap.Records.Count; i++)
            {
                ref PacketRecord record = ref tap.Records[i];
                kinds[(int)record.Kind]++;
                if (record.Kind is not (RecordKind.Gpdu or RecordKind.N9Gpdu)) continue;
                if (record.Qfi != PacketRecord.NoQfi)
                {
                    qfis[record.Qfi]++;
                    directions[(int)record.Direction]++;
                }
                seenTunnel[record.Tunnel] = true;
                if (record.Flow < 0 || record.Direction is PacketDirection.Unknown
                    || (seenFlow[record.Flow] & (int)record.Direction) != 0) continue;
                seenFlow[record.Flow] |= (byte)record.Direction;
                ues.Add(AnalysisContext.UeOf(tap.Flow(record), record.Direction));
            }
            for (int i = 0; i < seenTunnel.Length; i++)
                if (seenTunnel[i]) tunnels.Add((tap.Decoder.Tunnels[i].Destination, tap.Decoder.Tunnels[i].Teid));
        }
        SortedDictionary<int, long> byQfi = [];
        for (int qfi = 0; qfi < qfis.Length; qfi++)
            if (qfis[qfi] > 0) byQfi[qfi] = qfis[qfi];
        return new()
        {
            Gpdu = kinds[(int)RecordKind.Gpdu] + kinds[(int)RecordKind.N9Gpdu],
            Echo = kinds[(int)RecordKind.Echo],
            ErrorIndication = kinds[(int)RecordKind.ErrorIndication],
            EndMarker = kinds[(int)RecordKind.EndMarker],
            Tunnels = tunnels.Count,
            Ues = ues.Count,
            Qfis = byQfi,
            Uplink = directions[(int)PacketDirection.Uplink],
            Downlink = directions[(int)PacketDirection.Downlink],
        };
    }
}
