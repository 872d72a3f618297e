using System.Net;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Slicing;

/// <summary>
/// Load of SLC-004 to -006. Parameters as in <see cref="LoadOrder"/>, and slice, phase, part, qfi, limitMbps and
/// ceilingMbps for those who judge. Its record says when it sent how much; its figure, how fit its kit was.
/// </summary>
internal sealed class SliceLoadProbe : IProbe
{
    /// <summary>Room for 40 ms at 400 Mbit/s.</summary>
    internal static readonly UdpOptions SocketOptions = new(BufferBytes: 2 << 20);

    public string Kind => "slice-load";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        LoadOrder order = LoadOrder.Read(parameters);
        byte[] key = ProbeKeys.Derive(parameters.RunNonce.Span, LoadOrder.KeyPurpose);
        return ProbeThread.GuardAsync(async () =>
        {
            using Wake wake = new(cancellation);
            using UdpSocket socket = new(order.LocalAddress, order.LocalPort, SocketOptions);
            SliceLoad load = new(socket, order, key, order.Number);
            await ProbeThread.WithProgressAsync(
                ProbeThread.RunAsync(Kind, () => { load.Run(wake); return true; }), host,
                () => (load.Share, $"{order.Kbps / 1000m:0.#} Mbit/s"));
            cancellation.ThrowIfCancellationRequested();
            if (load.IsUnheard)
                return new ProbeOutcome([], [], new LocalText(
                    $"终端侧未在 5 s 内请求下行负载（端口 {order.LocalPort}）",
                    $"the UE's end did not ask for the downlink load within 5 s (port {order.LocalPort})"));
            Write(order, load.Blocks, host);
            long sent = load.Blocks.Sum(block => block.Packets);
            return sent == 0
                ? new([], [order.RecordName], new("内核未接受任何负载报文", "the kernel took no packet of the load"))
                : new ProbeOutcome([DisturbedShare(order, task, host, load.LeftOut, sent)], [order.RecordName]);
        });
    }

    private static KpiResult DisturbedShare(
        LoadOrder order, ProbeTask task, IProbeHost host, long leftOut, long sent)
    {
        decimal share = Math.Round(leftOut / (decimal)(leftOut + sent), 9);
        return new()
        {
            Id = LoadOrder.DisturbedShareId, Value = share, Low = share, High = share, Unit = "1",
            Samples = leftOut + sent,
            Direction = order.IsDownlink ? Direction.Downlink : Direction.Uplink, Layer = Layer.Udp,
            Scope = task.Parameters.GetValueOrDefault("slice") ?? "", Source = $"{task.Kind}@{host.Kit}",
            Evidence = [order.RecordName],
        };
    }

    private static void Write(LoadOrder order, List<LoadBlock> blocks, IProbeHost host)
    {
        using RecordWriter record = new(
            host.CreateRecord(order.RecordName), "block,startUnixNs,endUnixNs,packets,bytes");
        for (int i = 0; i < blocks.Count; i++)
            record.Add(i + 1).Add(blocks[i].StartUnixNs).Add(blocks[i].EndUnixNs).Add(blocks[i].Packets)
                .Add(blocks[i].Bytes).EndRow();
    }
}

/// <summary>
/// The other end of a slice-load until it is stopped: takes in what comes, so that no host answers with ICMP. With a
/// remoteAddress it says hello there until load comes. Parameters: address, port, number, remoteAddress and remotePort
/// (both or none).
/// </summary>
internal sealed class SliceLoadSinkProbe : IProbe
{
    private const long HelloNs = 100_000_000;
    private const int BatchPackets = 64;
    private const int SlotBytes = 64;

    public string Kind => "slice-load-sink";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        IPAddress address = parameters.Address("address");
        int port = parameters.Port("port"), number = parameters.Whole("number", 1, 10_000);
        SockAddr? remote = task.Parameters.ContainsKey("remoteAddress")
            ? SockAddr.Create(parameters.Address("remoteAddress"), parameters.Port("remotePort"))
            : null;
        byte[] key = ProbeKeys.Derive(parameters.RunNonce.Span, LoadOrder.KeyPurpose);
        return ProbeThread.RespondAsync(Kind, () =>
        {
            using Wake wake = new(cancellation);
            using UdpSocket socket = new(address, port, SliceLoadProbe.SocketOptions);
            host.Ready();
            Run(socket, remote, LoadHello.Write(key, number), wake);
        });
    }

    private static void Run(UdpSocket socket, SockAddr? remote, byte[] hello, Wake wake)
    {
        PacketRing ring = new(BatchPackets, SlotBytes);
        bool isHeard = remote is null;
        while (!wake.IsSignalled)
        {
            if (!isHeard && remote is { } peer) socket.Send(hello, in peer);
            if (!socket.Wait(Clocks.MonotonicNs() + HelloNs, wake)) continue;
            int count;
            while ((count = ring.Receive(socket)) > 0 && !wake.IsSignalled) isHeard = true;
        }
    }
}
