using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Signalling;
using Testbed.Conformance;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Security;

/// <summary>
/// SEC-002: the core's addresses that N4 and N2 show are among those that were scanned, and N3 shows that the scan went
/// to each of them. A claim that leaves the real ones out would else be scanned where nobody lives, and a kit that
/// routes the scan past the network, or a filter before it, would make any core look unreachable.
/// </summary>
internal sealed class CoreCoverageMeter : IMeter
{
    private const string Id = "core-addresses-not-scanned";
    private const string Source = "core-coverage-meter";

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Request.Run?.CoreScan is not { } scan) return;
        HashSet<HostAddress> planned = [.. scan.Targets.Select(HostAddress.From)];
        SortedDictionary<HostAddress, string> seen = Speakers(context);
        HashSet<HostAddress>? tried = Tried(context, [.. scan.Ues.Select(HostAddress.From)], planned);
        HostAddress[] unknown = [.. seen.Keys.Where(address => !planned.Contains(address))];
        HostAddress[] untried = tried is null ? [] : [.. planned.Where(address => !tried.Contains(address)).Order()];
        output.Kpis.Add(Figures.Exact(
            Id, unknown.Length + untried.Length, planned.Union(seen.Keys).Count(), Source) with
        {
            Evidence = [.. unknown.Take(Figures.EvidenceMax).Select(address => seen[address])],
            Findings =
            [
                .. unknown.Take(Figures.EvidenceMax).Select(address => new LocalText(
                    $"{address} 出现在控制面上，但申报的核心网地址中没有它，因此未扫描",
                    $"{address} speaks on the control plane and was not scanned, as the claim does not name it")),
                .. untried.Take(Figures.EvidenceMax).Select(address => new LocalText(
                    $"N3 上没有终端发往 {address} 的扫描报文：它们没有进入被测网络",
                    $"N3 shows no packet of the scan to {address}: it did not reach the network under test")),
            ],
        });
    }

    /// <summary>Whoever speaks on N4 and N2, each with one frame of it.</summary>
    private static SortedDictionary<HostAddress, string> Speakers(AnalysisContext context)
    {
        SortedDictionary<HostAddress, string> seen = [];
        foreach (CapturedPfcp message in context.ControlPlane.PfcpMessages)
        {
            seen.TryAdd(message.Source, message.Evidence);
            seen.TryAdd(message.Destination, message.Evidence);
        }
        foreach (CapturedNgap message in context.ControlPlane.NgapMessages)
        {
            seen.TryAdd(message.Source.Address, message.Evidence);
            seen.TryAdd(message.Destination.Address, message.Evidence);
        }
        return seen;
    }

    /// <summary>Targets to which N3 shows packets of the scanning UEs; null where it shows none of these.</summary>
    private static HashSet<HostAddress>? Tried(
        AnalysisContext context, HashSet<HostAddress> ues, HashSet<HostAddress> targets)
    {
        HashSet<HostAddress> tried = [];
        bool isReadable = false;
        foreach (TapCapture tap in context.Taps)
        {
            bool[] ofUe = [.. Enumerable.Range(0, tap.Decoder.Flows.Count)
                .Select(flow => ues.Contains(tap.Decoder.Flows[flow].Source))];
            for (int i = 0; i < tap.Records.Count; i++)
            {
                ref PacketRecord record = ref tap.Records[i];
                if (record.Kind is not (RecordKind.Gpdu or RecordKind.Trial) || record.Tunnel < 0 || record.Flow < 0
                    || !ofUe[record.Flow]) continue;
                isReadable = true;
                HostAddress to = tap.Flow(record).Destination;
                if (targets.Contains(to)) tried.Add(to);
            }
        }
        return isReadable ? tried : null;
    }
}
