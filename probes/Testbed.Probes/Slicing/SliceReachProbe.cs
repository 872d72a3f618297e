using System.Net.Sockets;
using Testbed.Conformance;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Slicing;

/// <summary>
/// Tries of SLC-003. Parameters as in <see cref="ReachOrder"/>. Yields no figure: what arrived where is for the taps to
/// say.
/// </summary>
internal sealed class SliceReachProbe : IProbe
{
    public string Kind => "slice-reach";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        ReachOrder order = ReachOrder.Read(parameters);
        ReachPackets packets = new(parameters.RunNonce, order.Session);
        return ProbeThread.GuardAsync(async () =>
        {
            SliceReach reach;
            try
            {
                reach = new(order, packets);
            }
            catch (SocketException refused)
            {
                return new ProbeOutcome([], [], new LocalText(
                    $"{order.LocalAddress}：无法打开原始套接字（{refused.SocketErrorCode}），需要 CAP_NET_RAW",
                    $"{order.LocalAddress}: no raw socket ({refused.SocketErrorCode}); it takes CAP_NET_RAW"));
            }
            using (reach)
            {
                using Wake wake = new(cancellation);
                await ProbeThread.WithProgressAsync(
                    ProbeThread.RunAsync(Kind, () => { reach.Run(wake); return true; }), host,
                    () => (reach.Share, $"{reach.Share * order.Tries:0}/{order.Tries}"));
                cancellation.ThrowIfCancellationRequested();
                Write(reach.Sent, packets, host);
                return new ProbeOutcome([], [ReachOrder.RecordName], Problem(order, reach));
            }
        });
    }

    private static LocalText? Problem(ReachOrder order, SliceReach reach) => reach.Sent.Count > 0 ? null
        : new($"{order.LocalAddress} 的 {reach.Refused} 个探测报文均被本机内核拒绝",
            $"the kernel refused all {reach.Refused} packets from {order.LocalAddress}");

    private static void Write(List<ReachTry> sent, ReachPackets packets, IProbeHost host)
    {
        using RecordWriter record = new(
            host.CreateRecord(ReachOrder.RecordName),
            "index,protocol,target,control,sentUnixNs,tcpSequence,icmpBytes,icmpData");
        Span<byte> address = stackalloc byte[64];
        foreach (ReachTry each in sent)
        {
            each.Target.TryFormat(address, out int length);
            record.Add(each.Index).Add(NameOf(each.Protocol)).Add(address[..length]).Add(each.IsControl ? 1 : 0)
                .Add(each.SentUnixNs)
                .Add(each.Protocol is ReachProtocol.Tcp ? packets.TcpSequence(each.Index) : 0)
                .Add(each.Protocol is ReachProtocol.Icmp ? packets.IcmpLength : 0)
                .Add(each.Protocol is ReachProtocol.Icmp ? packets.IcmpData(each.Index) : 0).EndRow();
        }
    }

    private static ReadOnlySpan<byte> NameOf(ReachProtocol protocol) => protocol switch
    {
        ReachProtocol.Udp => "udp"u8,
        ReachProtocol.Tcp => "tcp"u8,
        _ => "icmp"u8,
    };
}
