using Testbed.Analyzer.Decoding;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters;

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

    /// <summary>Tunnels of all taps, by receiving end; kit addresses left out.</summary>
    public static List<TunnelUse> Gather(AnalysisContext context)
    {
        HashSet<HostAddress> kits = [.. (context.Request.Run?.KitAddresses ?? []).Select(HostAddress.From)];
        Dictionary<(HostAddress, uint), TunnelUse> uses = [];
        foreach (TapCapture tap in context.Taps)
            if (tap.Role is not TapRole.N6) GatherTap(tap, kits, uses);
        return [.. uses.Values.OrderBy(use => use.Destination).ThenBy(use => use.Teid)];
    }

    private static void GatherTap(
        TapCapture tap, HashSet<HostAddress> kits, Dictionary<(HostAddress, uint), TunnelUse> uses)
    {
        TunnelUse?[] byTunnel = new TunnelUse?[tap.Decoder.Tunnels.Count];
        // What a record adds to its tunnel is the same for all of one flow and QFI: look each up once.
        HashSet<(int, int, byte)> known = [];
        for (int i = 0; i < tap.Records.Count; i++)
        {
            ref PacketRecord record = ref tap.Records[i];
            if (record.Kind is not RecordKind.Gpdu) continue;
            TunnelUse? use = byTunnel[record.Tunnel];
            if (use is null)
            {
                TunnelKey key = tap.Tunnel(record);
                if (kits.Contains(key.Source) || kits.Contains(key.Destination)) continue;
                if (!uses.TryGetValue((key.Destination, key.Teid), out use))
                    uses[(key.Destination, key.Teid)] = use =
                        new(key.Destination, key.Teid, record.Direction) { Sender = key.Source };
                byTunnel[record.Tunnel] = use;
            }
            use.Packets++;
            if (record.TimeNs < use.FirstNs) (use.FirstNs, use.FirstEvidence) = (record.TimeNs, tap.Evidence(record));
            if (known.Add((record.Tunnel, record.Flow, record.Qfi))) use.Note(tap, record);
        }
    }

    private void Note(TapCapture tap, in PacketRecord record)
    {
        if (record.Flow >= 0 && Ues.Count < ListMax)
            Ues.TryAdd(AnalysisContext.UeOf(tap.Flow(record), record.Direction), tap.Evidence(record));
        if (record.Qfi != PacketRecord.NoQfi) Qfis.TryAdd(record.Qfi, tap.Evidence(record));
    }

    public override string ToString() => new TunnelEnd(Destination, Teid).ToString();
}
