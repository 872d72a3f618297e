using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Conformance.Statistics;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Density;

/// <summary>
/// Share of UEs that can be set up and share of their packets that are answered while all of them are active.
/// Parameters as in <see cref="DensityOrder"/>.
/// </summary>
internal sealed class DensityRampProbe : IProbe
{
    private const double Confidence = 0.95;
    private const decimal NsPerMs = 1_000_000m;

    public string Kind => "density-ramp";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        DensityOrder order = DensityOrder.Read(parameters);
        byte[] key = ProbeKeys.Derive(parameters.RunNonce.Span, DensityMessage.KeyPurpose);
        return ProbeThread.GuardAsync(async () =>
        {
            using Wake wake = new(cancellation);
            using DensityRamp ramp = new(order, key, wake);
            Task<bool> work = ProbeThread.RunAsync(Kind, () => { ramp.Run(); return true; });
            await ProbeThread.WithProgressAsync(
                work, host, () => ((double)ramp.UpCount / order.Count, $"{ramp.UpCount}/{order.Count}"));
            cancellation.ThrowIfCancellationRequested();
            Write(order, ramp.Ues, host);
            LocalText? problem = ramp.UpCount > 0 ? null : Problem(order, ramp.LastErrno);
            return new ProbeOutcome(Build(order, ramp, $"{Kind}@{host.Kit}"), [DensityOrder.RecordName], problem);
        });
    }

    private static LocalText Problem(DensityOrder order, int errno)
    {
        string cause = errno == 0 ? "" : $" ({SocketFault.NameOf(errno)})";
        return new($"{order.Count} 个终端无一收到 {order.RemoteAddress} 端口 {order.Port} 的应答{cause}",
            $"none of {order.Count} UEs had an answer from {order.RemoteAddress} port {order.Port}{cause}");
    }

    private static void Write(DensityOrder order, UeState[] ues, IProbeHost host)
    {
        using RecordWriter record =
            new(host.CreateRecord(DensityOrder.RecordName), "address,setupStartNs,setupMs,sent,answered");
        Span<byte> text = stackalloc byte[64];
        for (int i = 0; i < ues.Length; i++)
        {
            ref readonly UeState ue = ref ues[i];
            order.Address(i).TryFormat(text, out int length);
            record.Add(text[..length]).Add(ue.StartUnixNs);
            if (ue.IsUp)
            {
                ((ue.UpNs - ue.StartNs) / NsPerMs).TryFormat(text, out length, "0.000");
                record.Add(text[..length]);
            }
            else record.AddNothing();
            record.Add(ue.Sent).Add(ue.Answered).EndRow();
        }
    }

    private static List<KpiResult> Build(DensityOrder order, DensityRamp ramp, string source)
    {
        long sent = ramp.Ues.Sum(ue => (long)ue.Sent), answered = ramp.Ues.Sum(ue => (long)ue.Answered);
        List<LocalText> setups = [];
        if (ramp.UpCount < order.Count)
        {
            int first = Array.FindIndex(ramp.Ues, ue => !ue.IsUp);
            setups.Add(new(
                $"{order.Count} 个终端中 {order.Count - ramp.UpCount} 个在 {order.TimeoutNs / NsPerMs:0} ms 内未建立，"
                + $"首个为 {order.Address(first)}",
                $"{order.Count - ramp.UpCount} of {order.Count} UEs were not up within "
                + $"{order.TimeoutNs / NsPerMs:0} ms, the first of them {order.Address(first)}"));
        }
        List<KpiResult> kpis = [Ratio("session-setup-success-ratio", ramp.UpCount, order.Count, setups)];
        if (sent == 0) return kpis;
        List<LocalText> data = answered == sent ? [] :
        [
            new($"保持期间 {sent} 个报文中 {sent - answered} 个 1 s 内无应答",
                $"{sent - answered} of {sent} packets in the hold had no answer within 1 s"),
        ];
        kpis.Add(Ratio("density-data-success-ratio", answered, sent, data));
        return kpis;

        KpiResult Ratio(string id, long successes, long trials, IReadOnlyList<LocalText> findings)
        {
            Bounds bounds = ClopperPearson.OneSided(successes, trials, Confidence);
            decimal value = successes / (decimal)trials;
            return new()
            {
                Id = id,
                Value = value,
                Low = Math.Min(value, (decimal)bounds.Low),
                High = Math.Max(value, (decimal)bounds.High),
                Unit = "1",
                Samples = trials,
                Direction = Direction.RoundTrip,
                Layer = Layer.Udp,
                Confidence = (decimal)Confidence,
                Scope = order.Path,
                Source = source,
                Evidence = [DensityOrder.RecordName],
                Findings = findings,
            };
        }
    }
}
