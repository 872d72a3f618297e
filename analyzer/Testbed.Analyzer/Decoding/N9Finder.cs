using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Decoding;

/// <summary>
/// Tells the tunnels between two UPFs (N9, TS 23.501 §4.2.3) from those of N3. Where both are in a capture, each
/// packet is there twice, and its N9 copy would look like a packet that the UPF lost.
/// </summary>
internal static class N9Finder
{
    /// <summary>
    /// A UPF that passes uplink packets on: it receives them from a gNB, sends them to another UPF, and the very same
    /// ones are seen on both sides. Where both ends are known to be UPFs, nothing needs to be seen.
    /// </summary>
    /// <param name="directions">By tap and tunnel, as the containers say.</param>
    /// <param name="known">Addresses that the claim or PFCP gives to UPFs.</param>
    /// <returns>The addresses of UPFs that pass packets on.</returns>
    public static HashSet<HostAddress> SetApart(
        IReadOnlyDictionary<TapCapture, PacketDirection[]> directions, IReadOnlySet<HostAddress> known)
    {
        HashSet<HostAddress> relays = Relays(directions);
        if (relays.Count > 0) relays.IntersectWith(Confirmed(directions, relays));
        foreach ((TapCapture tap, PacketDirection[] ofTunnel) in directions)
        {
            bool[] isN9 = new bool[ofTunnel.Length];
            for (int i = 0; i < isN9.Length; i++)
            {
                TunnelKey tunnel = tap.Decoder.Tunnels[i];
                isN9[i] = tunnel.Source != tunnel.Destination
                    && ((known.Contains(tunnel.Source) && known.Contains(tunnel.Destination))
                        || (ofTunnel[i] is PacketDirection.Uplink && relays.Contains(tunnel.Source))
                        || (ofTunnel[i] is PacketDirection.Downlink && relays.Contains(tunnel.Destination)));
            }
            if (isN9.Contains(true)) Mark(tap, isN9);
        }
        return relays;
    }

    private static void Mark(TapCapture tap, bool[] isN9)
    {
        for (int i = 0; i < tap.Records.Count; i++)
        {
            ref PacketRecord record = ref tap.Records[i];
            if (record.Kind is not RecordKind.Gpdu || record.Tunnel < 0 || !isN9[record.Tunnel]) continue;
            record.Kind = RecordKind.N9Gpdu;
            tap.Tally.N9++;
        }
    }

    private static HashSet<HostAddress> Relays(IReadOnlyDictionary<TapCapture, PacketDirection[]> directions)
    {
        HashSet<(HostAddress From, HostAddress To)> uplinks = [];
        foreach ((TapCapture tap, PacketDirection[] ofTunnel) in directions)
            for (int i = 0; i < ofTunnel.Length; i++)
                if (ofTunnel[i] is PacketDirection.Uplink)
                    uplinks.Add((tap.Decoder.Tunnels[i].Source, tap.Decoder.Tunnels[i].Destination));
        ILookup<HostAddress, HostAddress> senders = uplinks.ToLookup(link => link.To, link => link.From);
        return [.. uplinks.Where(link => senders[link.From].Any(sender => sender != link.To))
            .Select(link => link.From)];
    }

    // Of one host that is a UPF in one network and a gNB in another, the packets differ.
    private static HashSet<HostAddress> Confirmed(
        IReadOnlyDictionary<TapCapture, PacketDirection[]> directions, HashSet<HostAddress> relays)
    {
        HashSet<(HostAddress, ulong)> received = [];
        HashSet<HostAddress> confirmed = [];
        ForEachUplink(directions, (tunnel, fingerprint) =>
        {
            if (relays.Contains(tunnel.Destination)) received.Add((tunnel.Destination, fingerprint));
        });
        ForEachUplink(directions, (tunnel, fingerprint) =>
        {
            if (received.Contains((tunnel.Source, fingerprint))) confirmed.Add(tunnel.Source);
        });
        return confirmed;
    }

    private static void ForEachUplink(
        IReadOnlyDictionary<TapCapture, PacketDirection[]> directions, Action<TunnelKey, ulong> visit)
    {
        foreach ((TapCapture tap, PacketDirection[] ofTunnel) in directions)
            for (int i = 0; i < tap.Records.Count; i++)
            {
                ref PacketRecord record = ref tap.Records[i];
                if (record.Kind is RecordKind.Gpdu && record.Fingerprint != 0 && record.Tunnel >= 0
                    && ofTunnel[record.Tunnel] is PacketDirection.Uplink)
                    visit(tap.Decoder.Tunnels[record.Tunnel], record.Fingerprint);
            }
    }
}
