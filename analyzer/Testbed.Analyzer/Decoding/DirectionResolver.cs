using System.Net;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Decoding;

/// <summary>What is known of addresses before and after looking at the captures.</summary>
public sealed class AddressRoles
{
    /// <summary>N3 addresses of UPFs: claimed, told by PFCP, or shown by PDU session containers.</summary>
    public HashSet<HostAddress> UpfN3 { get; } = [];
    public HashSet<HostAddress> GnbN3 { get; } = [];
    /// <summary>Addresses that UEs use on N3.</summary>
    public HashSet<HostAddress> Ues { get; } = [];
    /// <summary>The far ends of UE traffic.</summary>
    public HashSet<HostAddress> Remotes { get; } = [];
    public IReadOnlyList<IPNetwork> UePools { get; init; } = [];

    public bool IsUe(HostAddress address) => Ues.Contains(address) || InPool(address);

    public bool InPool(HostAddress address)
    {
        if (UePools.Count == 0) return false;
        IPAddress ip = address.ToIPAddress();
        foreach (IPNetwork pool in UePools)
            if (pool.BaseAddress.AddressFamily == ip.AddressFamily && pool.Contains(ip)) return true;
        return false;
    }
}

/// <summary>
/// Finds which way each packet goes. The PDU session container says so; where there is none, the tunnel's other
/// packets, the ends' roles, and at last the shape of the traffic: many UEs, few servers.
/// </summary>
internal static class DirectionResolver
{
    /// <summary>Sets apart what kits themselves said on N3, so that nothing takes it for a UE's traffic.</summary>
    public static void SetKitsApart(IEnumerable<TapCapture> taps, IReadOnlySet<HostAddress> kits)
    {
        if (kits.Count == 0) return;
        foreach (TapCapture tap in taps)
        {
            bool[] isKit = new bool[tap.Decoder.Tunnels.Count];
            for (int i = 0; i < isKit.Length; i++)
                isKit[i] = kits.Contains(tap.Decoder.Tunnels[i].Source)
                    || kits.Contains(tap.Decoder.Tunnels[i].Destination);
            if (!isKit.Contains(true)) continue;
            for (int i = 0; i < tap.Records.Count; i++)
            {
                ref PacketRecord record = ref tap.Records[i];
                if (record.Kind is RecordKind.Gpdu && record.Tunnel >= 0 && isKit[record.Tunnel])
                    record.Kind = RecordKind.KitGpdu;
            }
        }
    }

    public static void ResolveN3(IReadOnlyList<TapCapture> taps, AddressRoles roles)
    {
        Dictionary<TapCapture, PacketDirection[]> byTunnel = [];
        HashSet<HostAddress> known = [.. roles.UpfN3];
        foreach (TapCapture tap in taps) byTunnel[tap] = Vote(tap, roles);
        HashSet<HostAddress> relays = N9Finder.SetApart(byTunnel, known);
        roles.GnbN3.ExceptWith(relays);
        foreach (TapCapture tap in taps)
        {
            PacketDirection[] directions = byTunnel[tap];
            for (int i = 0; i < directions.Length; i++)
                if (directions[i] is PacketDirection.Unknown) directions[i] = ByRole(tap.Decoder.Tunnels[i], roles);
            ByShape(tap, directions);
            Apply(tap, directions, roles);
        }
        roles.Remotes.ExceptWith(roles.Ues);
    }

    // What the containers of a tunnel's packets say, by majority; and what that makes of both ends.
    private static PacketDirection[] Vote(TapCapture tap, AddressRoles roles)
    {
        int[] votes = new int[tap.Decoder.Tunnels.Count];
        for (int i = 0; i < tap.Records.Count; i++)
        {
            ref PacketRecord record = ref tap.Records[i];
            if (record.Kind is not RecordKind.Gpdu || record.Tunnel < 0) continue;
            if (record.Direction is PacketDirection.Uplink) votes[record.Tunnel]++;
            else if (record.Direction is PacketDirection.Downlink) votes[record.Tunnel]--;
        }
        PacketDirection[] directions = new PacketDirection[votes.Length];
        for (int i = 0; i < votes.Length; i++)
        {
            if (votes[i] == 0) continue;
            TunnelKey tunnel = tap.Decoder.Tunnels[i];
            directions[i] = votes[i] > 0 ? PacketDirection.Uplink : PacketDirection.Downlink;
            roles.UpfN3.Add(votes[i] > 0 ? tunnel.Destination : tunnel.Source);
            roles.GnbN3.Add(votes[i] > 0 ? tunnel.Source : tunnel.Destination);
        }
        return directions;
    }

    private static PacketDirection ByRole(in TunnelKey tunnel, AddressRoles roles)
    {
        bool toUpf = roles.UpfN3.Contains(tunnel.Destination), fromUpf = roles.UpfN3.Contains(tunnel.Source);
        if (toUpf != fromUpf) return toUpf ? PacketDirection.Uplink : PacketDirection.Downlink;
        bool toGnb = roles.GnbN3.Contains(tunnel.Destination), fromGnb = roles.GnbN3.Contains(tunnel.Source);
        if (toGnb != fromGnb) return toGnb ? PacketDirection.Downlink : PacketDirection.Uplink;
        return PacketDirection.Unknown;
    }

    // Between two outer addresses of unknown role: many inner sources and few inner destinations are uplink.
    private static void ByShape(TapCapture tap, PacketDirection[] directions)
    {
        if (!directions.Contains(PacketDirection.Unknown)) return;
        Dictionary<(HostAddress, HostAddress), (HashSet<HostAddress> From, HashSet<HostAddress> To)> peers = [];
        for (int i = 0; i < tap.Records.Count; i++)
        {
            ref PacketRecord record = ref tap.Records[i];
            if (record.Kind is not RecordKind.Gpdu || record.Flow < 0 || record.Tunnel < 0
                || directions[record.Tunnel] is not PacketDirection.Unknown) continue;
            TunnelKey tunnel = tap.Tunnel(record);
            if (!peers.TryGetValue((tunnel.Source, tunnel.Destination), out var ends))
                peers[(tunnel.Source, tunnel.Destination)] = ends = ([], []);
            FlowKey flow = tap.Flow(record);
            ends.From.Add(flow.Source);
            ends.To.Add(flow.Destination);
        }
        for (int i = 0; i < directions.Length; i++)
        {
            TunnelKey tunnel = tap.Decoder.Tunnels[i];
            if (directions[i] is not PacketDirection.Unknown
                || !peers.TryGetValue((tunnel.Source, tunnel.Destination), out var ends)) continue;
            directions[i] = ends.From.Count > ends.To.Count ? PacketDirection.Uplink
                : ends.From.Count < ends.To.Count ? PacketDirection.Downlink : ByPrivacy(ends.From, ends.To);
        }
    }

    // UEs of test networks and of most operators have private addresses; their servers often have not.
    private static PacketDirection ByPrivacy(HashSet<HostAddress> from, HashSet<HostAddress> to)
    {
        bool fromPrivate = from.All(IsPrivate), toPrivate = to.All(IsPrivate);
        return fromPrivate == toPrivate ? PacketDirection.Unknown
            : fromPrivate ? PacketDirection.Uplink : PacketDirection.Downlink;
    }

    /// <remarks>RFC 1918, RFC 6598 and RFC 4193.</remarks>
    private static bool IsPrivate(HostAddress address) => address.IsIpv4
        ? address.Ipv4Bits >> 24 == 10 || address.Ipv4Bits >> 20 == 0xAC1 || address.Ipv4Bits >> 16 == 0xC0A8
            || address.Ipv4Bits >> 22 == 0x191
        : address.High >> 57 == 0x7E;

    private static void Apply(TapCapture tap, PacketDirection[] directions, AddressRoles roles)
    {
        // Two flags a flow, so that each address is put into its set once and not once a packet.
        byte[] seen = new byte[tap.Decoder.Flows.Count];
        for (int i = 0; i < tap.Records.Count; i++)
        {
            ref PacketRecord record = ref tap.Records[i];
            if (record.Kind is not RecordKind.Gpdu) continue;
            if (record.Direction is PacketDirection.Unknown && record.Tunnel >= 0)
                record.Direction = directions[record.Tunnel];
            if (record.Flow < 0 || record.Direction is PacketDirection.Unknown) continue;
            byte flag = (byte)record.Direction;
            if ((seen[record.Flow] & flag) != 0) continue;
            seen[record.Flow] |= flag;
            FlowKey flow = tap.Flow(record);
            bool up = record.Direction is PacketDirection.Uplink;
            roles.Ues.Add(up ? flow.Source : flow.Destination);
            roles.Remotes.Add(up ? flow.Destination : flow.Source);
        }
    }

    /// <summary>
    /// Gives plain packets their direction by whose addresses they carry. In a capture of both sides, a packet between
    /// strangers is not N6 at all.
    /// </summary>
    public static void ResolveN6(TapCapture tap, AddressRoles roles)
    {
        PacketDirection[] directions = new PacketDirection[tap.Decoder.Flows.Count];
        bool[] strange = new bool[directions.Length];
        for (int i = 0; i < directions.Length; i++)
        {
            FlowKey flow = tap.Decoder.Flows[i];
            directions[i] = OfPlain(flow, roles, out strange[i]);
        }
        for (int i = 0; i < tap.Records.Count; i++)
        {
            ref PacketRecord record = ref tap.Records[i];
            if (record.Kind is not RecordKind.Plain) continue;
            if (tap.Role is TapRole.Both && (record.Flow < 0 || strange[record.Flow])) record.Kind = RecordKind.Other;
            else if (record.Flow >= 0) record.Direction = directions[record.Flow];
        }
    }

    /// <summary>Which way a plain packet goes, by whose addresses it carries.</summary>
    public static PacketDirection OfPlain(in FlowKey flow, AddressRoles roles, out bool isStrange)
    {
        isStrange = false;
        bool fromUe = roles.IsUe(flow.Source), toUe = roles.IsUe(flow.Destination);
        if (fromUe != toUe) return fromUe ? PacketDirection.Uplink : PacketDirection.Downlink;
        if (fromUe) return PacketDirection.Unknown;
        bool fromRemote = roles.Remotes.Contains(flow.Source), toRemote = roles.Remotes.Contains(flow.Destination);
        if (fromRemote != toRemote) return toRemote ? PacketDirection.Uplink : PacketDirection.Downlink;
        isStrange = !fromRemote;
        return PacketDirection.Unknown;
    }
}
