using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Edge;

/// <summary>
/// EDG-004, -005 and -007 call an interface wherever it is. Whether its host is at the edge is said beside them: some
/// packet of the run must have gone to that address by the edge's own N6.
/// </summary>
internal sealed class MecHostMeter : IMeter
{
    private const string Id = "mec-hosts-not-shown-at-edge";
    private const string Source = "mec-host-meter";

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Request is not { Claim: { } claim, Run: { } run }) return;
        (string Entry, string Host)[] hosts =
        [
            .. from entry in claim.Edge
               from root in new[] { entry.Mec011, entry.Mec013 }.OfType<Uri>()
               group entry by root.IdnHost into host
               select (host.First().Name, host.Key),
        ];
        if (hosts.Length == 0) return;
        HashSet<string> shown = Shown(context, claim, run);
        (string Entry, string Host)[] elsewhere = [.. hosts.Where(each => !shown.Contains(each.Host))];
        output.Kpis.Add(Figures.Exact(Id, elsewhere.Length, hosts.Length, Source) with
        {
            Findings =
            [
                .. elsewhere.Select(each => new LocalText(
                    $"{each.Entry} 的接口位于 {each.Host}：没有测试报文经边缘 N6 到达该地址，不能证明它在边缘",
                    $"the interface of {each.Entry} is at {each.Host}: no test packet went there by the edge's N6, "
                        + "so nothing shows that it is at the edge")),
            ],
        });
    }

    /// <summary>By which N6 an endpoint's packets go EDG-001 says; for a name's addresses the packets do.</summary>
    private static HashSet<string> Shown(AnalysisContext context, Claim claim, RunContext run) =>
    [
        .. run.EdgePaths.Select(path => path.Edge.RemoteAddress)
            .Where(address => claim.Endpoints.Any(each => each.Role == "edge" && each.Address.Equals(address)))
            .Select(address => HostAddress.From(address).ToString()),
        .. run.EdgeNames.SelectMany(name => EdgeNameLead.Of(context, name, [])).Where(lead => lead.IsAtEdge)
            .Select(lead => lead.Address.ToString()),
    ];
}
