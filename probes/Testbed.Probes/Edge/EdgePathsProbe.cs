using Testbed.Conformance;
using Testbed.Probes.Stamp;

namespace Testbed.Probes.Edge;

/// <summary>
/// EDG-001, EDG-002, EDG-006: authenticated STAMP to the edge and to the central data network at the same time, so that
/// whatever disturbs one path disturbs the other. Delays are compared here; the packets carry the run's markers, by
/// which the taps tell where they went. Parameters as in <see cref="EdgePathsOrder"/>.
/// </summary>
internal sealed class EdgePathsProbe : IProbe
{
    public string Kind => "edge-paths";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        EdgePathsOrder order = EdgePathsOrder.Read(parameters);
        return ProbeThread.GuardAsync(async () =>
        {
            StampOutcome[] outcomes = await SendAsync(order, parameters.RunNonce, host, cancellation);
            string[] records = [order.Edge.RecordName, order.Centre.RecordName];
            string source = $"{Kind}@{host.Kit}";
            LocalText? problem = new StampKpis(order.Edge, outcomes[0], source).Problem
                ?? new StampKpis(order.Centre, outcomes[1], source).Problem;
            return problem is not null
                ? new([], records, problem)
                : new(new EdgeDelayKpis(order, outcomes[0], outcomes[1], source).Build(), records);
        });
    }

    private static async Task<StampOutcome[]> SendAsync(
        EdgePathsOrder order, ReadOnlyMemory<byte> nonce, IProbeHost host, CancellationToken cancellation)
    {
        using RecordWriter edgeRecord = new(host.CreateRecord(order.Edge.RecordName), StampSession.RecordHeader);
        using RecordWriter centreRecord = new(host.CreateRecord(order.Centre.RecordName), StampSession.RecordHeader);
        using StampSender edge = new(order.Edge, nonce.Span, edgeRecord, cancellation);
        using StampSender centre = new(order.Centre, nonce.Span, centreRecord, cancellation);
        return await ProbeThread.WithProgressAsync(
            Task.WhenAll(edge.RunAsync(), centre.RunAsync()), host,
            () => (edge.Share, $"{edge.Share * order.Edge.Count:0}/{order.Edge.Count}"));
    }
}
