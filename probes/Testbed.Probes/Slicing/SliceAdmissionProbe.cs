using System.Text;
using Testbed.Conformance;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Slicing;

/// <summary>
/// Requests of SLC-007. Parameters: attachAddress, attachPort, slice, sst, sd (six hex digits), dnn, tries. Yields no
/// figure: whether a session came of a request is for the control plane to say.
/// </summary>
internal sealed class SliceAdmissionProbe : IProbe
{
    /// <summary>Between requests, so that what N4 shows can be told apart by time.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    public string Kind => "slice-admission";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        AdmissionOrder order = AdmissionOrder.Read(parameters);
        byte[] key = ProbeKeys.Derive(parameters.RunNonce.Span, AdmissionOrder.KeyPurpose);
        return ProbeThread.GuardAsync(async () =>
        {
            AdmissionRequest[] requests = [.. order.Requests(key)];
            List<(AdmissionRequest Request, long StartNs, long EndNs, AttachOutcome Outcome)> done = [];
            using AttachClient client = new(order.Attach, Convert.ToHexStringLower(key.AsSpan(0, 8)));
            foreach (AdmissionRequest request in requests)
            {
                long start = Clocks.RealtimeNs();
                AttachOutcome outcome = await client.TryAsync(request, cancellation);
                done.Add((request, start, Clocks.RealtimeNs(), outcome));
                host.Progress((double)done.Count / requests.Length, $"{done.Count}/{requests.Length}");
                // Whoever did not answer twice will not answer the rest.
                if (done.Count == 2 && done.All(each => each.Outcome is AttachOutcome.Unanswered)) break;
                await Task.Delay(Pace, host.Time, cancellation);
            }
            Write(done, host);
            return new ProbeOutcome([], [AdmissionOrder.RecordName],
                done.All(each => each.Outcome is AttachOutcome.Unanswered)
                    ? new LocalText($"{order.Attach} 的 attach 接口没有应答",
                        $"the attach interface at {order.Attach} did not answer")
                    : null);
        });
    }

    private static void Write(
        List<(AdmissionRequest Request, long StartNs, long EndNs, AttachOutcome Outcome)> done, IProbeHost host)
    {
        using RecordWriter record =
            new(host.CreateRecord(AdmissionOrder.RecordName), "kind,sst,sd,dnn,startUnixNs,endUnixNs,outcome");
        foreach ((AdmissionRequest request, long start, long end, AttachOutcome outcome) in done)
            record.Add(Encoding.ASCII.GetBytes(request.Kind)).Add(request.Sst).Add(request.Sd)
                .Add(Encoding.ASCII.GetBytes(request.Dnn)).Add(start).Add(end)
                .Add(Encoding.ASCII.GetBytes(outcome.ToString().ToLowerInvariant())).EndRow();
    }
}
