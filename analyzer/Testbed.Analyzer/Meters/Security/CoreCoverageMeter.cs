using Testbed.Conformance;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Security;

/// <summary>
/// SEC-002: the core's addresses that N4 and N2 show are among those that were scanned. A claim that leaves the real
/// ones out would else be scanned where nobody lives.
/// </summary>
internal sealed class CoreCoverageMeter : IMeter
{
    private const string Id = "core-addresses-not-scanned";
    private const string Source = "core-coverage-meter";

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Request.Run?.CoreScan is not { } scan) return;
        HashSet<HostAddress> scanned = [.. scan.Targets.Select(HostAddress.From)];
        SortedDictionary<HostAddress, string> seen = [];
        foreach (Decoding.CapturedPfcp message in context.ControlPlane.PfcpMessages)
        {
            seen.TryAdd(message.Source, message.Evidence);
            seen.TryAdd(message.Destination, message.Evidence);
        }
        foreach (Decoding.CapturedNgap message in context.ControlPlane.NgapMessages)
        {
            seen.TryAdd(message.Source.Address, message.Evidence);
            seen.TryAdd(message.Destination.Address, message.Evidence);
        }
        if (seen.Count == 0) return;
        HostAddress[] missed = [.. seen.Keys.Where(address => !scanned.Contains(address))];
        output.Kpis.Add(Figures.Exact(Id, missed.Length, seen.Count, Source) with
        {
            Evidence = [.. missed.Take(Figures.EvidenceMax).Select(address => seen[address])],
            Findings = [.. missed.Take(Figures.EvidenceMax).Select(address => new LocalText(
                $"{address} 出现在控制面上，但申报的核心网地址中没有它，因此未扫描",
                $"{address} speaks on the control plane and was not scanned, as the claim does not name it"))],
        });
    }
}
