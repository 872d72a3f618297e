using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Security.Trials;

/// <summary>
/// Sends the packets of a security trial, or its control. What becomes of them is seen at the taps and by the listener;
/// only a control that names a figure reports one: the share of its packets that were answered. Parameters as in
/// <see cref="TrialOrder"/>.
/// </summary>
internal sealed class TrialSenderProbe : IProbe
{
    public string Kind => "trial-sender";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        TrialOrder order = TrialOrder.Read(task);
        byte[] nonce = new ProbeParameters(task).RunNonce.ToArray();
        return ProbeThread.GuardAsync(async () =>
        {
            using Wake wake = new(cancellation);
            TrialSender sender = new(order, nonce, wake);
            Task<bool> work = ProbeThread.RunAsync(Kind, () => { sender.Run(); return true; });
            await ProbeThread.WithProgressAsync(work, host, () => ((double)sender.Sent / order.Count, null));
            cancellation.ThrowIfCancellationRequested();
            Write(order, sender, host);
            return new ProbeOutcome(Figures(order, sender, $"{Kind}@{host.Kit}"), [order.RecordName],
                sender.Sent > 0 ? null : Problem(order, sender.LastErrno));
        });
    }

    private static void Write(TrialOrder order, TrialSender sender, IProbeHost host)
    {
        using RecordWriter record = new(host.CreateRecord(order.RecordName), "seq,sentNs,answeredNs");
        for (int i = 0; i < order.Count; i++)
            record.Add((long)i).Add(sender.SentNs[i]).Add(sender.AnsweredNs[i]).EndRow();
    }

    private static List<KpiResult> Figures(TrialOrder order, TrialSender sender, string source)
    {
        if (order.Figure.Length == 0 || sender.Sent == 0) return [];
        decimal share = decimal.Round(sender.Answered / (decimal)sender.Sent, 9);
        return
        [
            new()
            {
                Id = order.Figure,
                Value = share,
                Low = share,
                High = share,
                Unit = "1",
                Samples = sender.Sent,
                Direction = Direction.RoundTrip,
                Layer = Layer.Udp,
                Scope = order.Slice,
                Source = source,
                Evidence = [order.RecordName],
                Findings =
                [
                    new($"{sender.Sent} 个报文中 {sender.Answered} 个得到应答",
                        $"{sender.Answered} of {sender.Sent} packets were answered"),
                ],
            },
        ];
    }

    private static LocalText Problem(TrialOrder order, int errno) => new(
        $"本机没有发出任何报文（{order.Local} → {order.Remote}，{SocketFault.NameOf(errno)}）",
        $"this host sent none of the packets ({order.Local} → {order.Remote}, {SocketFault.NameOf(errno)})");
}
