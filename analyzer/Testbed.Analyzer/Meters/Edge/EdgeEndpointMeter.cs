using Testbed.Conformance;
using Testbed.Conformance.Claims;

namespace Testbed.Analyzer.Meters.Edge;

/// <summary>
/// EDG-001, -002 and -006 speak of every edge endpoint that the claim names: one to which nothing was sent is named,
/// and keeps the others from passing for it.
/// </summary>
internal sealed class EdgeEndpointMeter : IMeter
{
    private const string Source = "edge-endpoint-meter";

    private static readonly (string Id, string Unit)[] Figures =
        [("edge-breakout-ratio", "1"), ("edge-delay-excess", "ms"), ("edge-data-on-central-n6", "1")];

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Request is not { Claim: { } claim, Run.EdgePaths: { Count: > 0 } paths }) return;
        foreach (TestEndpoint endpoint in claim.Endpoints.Where(each => each.Role == "edge"))
        {
            if (paths.Any(path => path.Edge.RemoteAddress.Equals(endpoint.Address))) continue;
            LocalText why = new(
                $"边缘端点 {endpoint.Address} 未得到测试", $"the edge endpoint {endpoint.Address} was not tested");
            foreach ((string id, string unit) in Figures)
                output.Kpis.Add(Meters.Figures.Nothing(id, Source, why) with { Unit = unit });
        }
    }
}
