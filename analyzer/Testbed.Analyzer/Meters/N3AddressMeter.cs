using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Conformance;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters;

/// <summary>E2E-002: the addresses on N3 are those that the claim names, no more and no fewer.</summary>
internal sealed class N3AddressMeter : IMeter
{
    private const string Source = "n3-address-meter";

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (!context.HasN3 || context.Request.Claim is not { } claim) return;
        SortedDictionary<HostAddress, string> seen = Seen(context);
        HashSet<HostAddress> claimed =
        [
            .. claim.Network.Upfs.SelectMany(upf => upf.N3).Concat(claim.Network.Gnbs.SelectMany(gnb => gnb.N3))
                .Select(HostAddress.From),
        ];
        foreach (System.Net.IPAddress kit in context.Request.Run?.KitAddresses ?? [])
            seen.Remove(HostAddress.From(kit));
        if (seen.Count == 0)
        {
            LocalText why = new("N3 上没有可读的 GTP-U", "no readable GTP-U on N3");
            output.Kpis.Add(Figures.Nothing("unclaimed-n3-addresses", Source, why));
            output.Kpis.Add(Figures.Nothing("unseen-n3-addresses", Source, why));
            return;
        }
        List<HostAddress> unclaimed = [.. seen.Keys.Where(address => !claimed.Contains(address))];
        List<HostAddress> unseen = [.. claimed.Where(address => !seen.ContainsKey(address)).Order()];
        output.Kpis.Add(Figures.Exact("unclaimed-n3-addresses", unclaimed.Count, seen.Count, Source) with
        {
            Evidence = [.. unclaimed.Take(Figures.EvidenceMax).Select(address => seen[address])],
            Findings = [.. unclaimed.Take(Figures.EvidenceMax).Select(address => new LocalText(
                $"{address} 在 N3 上收发 GTP-U，但未申报", $"{address} speaks GTP-U on N3 and is not claimed"))],
        });
        output.Kpis.Add(Figures.Exact("unseen-n3-addresses", unseen.Count, claimed.Count, Source) with
        {
            Findings = [.. unseen.Take(Figures.EvidenceMax).Select(address => new LocalText(
                $"已申报的 {address} 未在 N3 上出现", $"{address} is claimed and was not seen on N3"))],
        });
    }

    private static SortedDictionary<HostAddress, string> Seen(AnalysisContext context)
    {
        SortedDictionary<HostAddress, string> seen = [];
        foreach (TapCapture tap in context.Taps)
        {
            for (int i = 0; i < tap.Decoder.Tunnels.Count; i++)
            {
                TunnelTable.Note note = tap.Decoder.Tunnels.NoteOf(i);
                if (note.FirstFrame == 0) continue;
                TunnelKey tunnel = tap.Decoder.Tunnels[i];
                string evidence = tap.Evidence(new FrameName(note.FirstFile, note.FirstFrame));
                seen.TryAdd(tunnel.Source, evidence);
                seen.TryAdd(tunnel.Destination, evidence);
            }
        }
        return seen;
    }
}
