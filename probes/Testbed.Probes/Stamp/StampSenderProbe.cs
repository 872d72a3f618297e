namespace Testbed.Probes.Stamp;

/// <summary>
/// Round-trip delay, its variation and the share delivered in time, by an authenticated STAMP session.
/// Parameters as in <see cref="StampSenderOrder"/>.
/// </summary>
internal sealed class StampSenderProbe : IProbe
{
    public const string KindName = "stamp-sender";

    public string Kind => KindName;

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation) =>
        ProbeThread.GuardAsync(async () => (await StampSession.RunAsync(task, host, cancellation)).Outcome);
}

/// <summary>Runs a stamp-sender and keeps the plain statistics too, for the command line.</summary>
public static class StampSession
{
    internal const string RecordHeader = "seq,t1Ns,t2Ns,t3Ns,t4Ns,status,disturbed,lateNs,heldNs";

    /// <exception cref="ProbeParameterException">A parameter is missing or out of bounds.</exception>
    /// <exception cref="IOException">The kernel refused the socket, e.g. the address is not this host's.</exception>
    public static async Task<StampReport> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        StampSenderOrder order = StampSenderOrder.Read(parameters);
        StampOutcome outcome;
        using (RecordWriter record = new(host.CreateRecord(order.RecordName), RecordHeader))
        using (StampSender sender = new(order, parameters.RunNonce.Span, record, cancellation))
        {
            outcome = await ProbeThread.WithProgressAsync(
                sender.RunAsync(), host, () => (sender.Share, $"{sender.Share * order.Count:0}/{order.Count}"));
        }
        StampKpis kpis = new(order, outcome, $"{StampSenderProbe.KindName}@{host.Kit}");
        ProbeOutcome result = new(kpis.Build(), [order.RecordName], kpis.Problem);
        return new(result, outcome.Counters, kpis.RoundTrip.Summarize(),
            outcome.Samples.Forward().Summarize(), outcome.Samples.Return().Summarize());
    }
}
