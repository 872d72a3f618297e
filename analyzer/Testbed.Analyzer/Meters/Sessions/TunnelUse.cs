using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Profiles;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Sessions;

/// <summary>One tunnel as N3 used it, over all N3 taps.</summary>
internal sealed class TunnelUse(HostAddress destination, uint teid, PacketDirection direction)
{
    /// <summary>UEs and QFIs beyond this are not listed: they no longer explain, they accuse.</summary>
    private const int ListMax = 1024;

    public HostAddress Destination { get; } = destination;
    public uint Teid { get; } = teid;
    public PacketDirection Direction { get; } = direction;
    public HostAddress Sender { get; private set; }
    public long FirstNs { get; private set; } = long.MaxValue;
    public string FirstEvidence { get; private set; } = "";
    public long Packets { get; private set; }
    public Dictionary<HostAddress, string> Ues { get; } = [];
    public Dictionary<byte, string> Qfis { get; } = [];

    /// <summary>Tunnels of all taps, by receiving end; kits' own packets left out.</summary>
    public static List<TunnelUse> Gather(AnalysisContext context)
    {
        Dictionary<(HostAddress, uint), TunnelUse> uses = [];
        foreach (TapCapture tap in context.Taps)
            if (tap.Role is not TapRole.N6 && tap.Profile.Traffic is { } traffic) GatherTap(tap, traffic, uses);
        return [.. uses.Values.OrderBy(use => use.Destination).ThenBy(use => use.Teid)];
    }

    private static void GatherTap(
        TapCapture tap, TunnelTraffic traffic, Dictionary<(HostAddress, uint), TunnelUse> uses)
    {
        TunnelUse?[] byTunnel = new TunnelUse?[traffic.Tunnels];
        // Uses come in the order of packets, so the first of a tunnel makes its entry.
        foreach (TunnelTraffic.Use each in traffic.Uses)
        {
            TunnelUse? use = byTunnel[each.Tunnel];
            if (use is null)
            {
                TunnelKey key = tap.Decoder.Tunnels[each.Tunnel];
                if (!uses.TryGetValue((key.Destination, key.Teid), out use))
                    uses[(key.Destination, key.Teid)] = use =
                        new(key.Destination, key.Teid, each.Direction) { Sender = key.Source };
                byTunnel[each.Tunnel] = use;
                TunnelTraffic.Count count = traffic[each.Tunnel];
                use.Packets += count.Packets;
                if (count.FirstNs < use.FirstNs)
                    (use.FirstNs, use.FirstEvidence) = (count.FirstNs, tap.Evidence(count.First));
            }
            use.Note(tap, each);
        }
    }

    private void Note(TapCapture tap, TunnelTraffic.Use use)
    {
        if (use.Flow >= 0 && Ues.Count < ListMax)
            Ues.TryAdd(AnalysisContext.UeOf(tap.Decoder.Flows[use.Flow], use.Direction), tap.Evidence(use.First));
        if (use.Qfi != PacketRecord.NoQfi) Qfis.TryAdd(use.Qfi, tap.Evidence(use.First));
    }

    public override string ToString() => new TunnelEnd(Destination, Teid).ToString();
}
