using System.Net;
using Testbed.Conformance.Results;
using Testbed.Probes.Capacity;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Kit;

/// <summary>
/// KIT-004: what this kit itself can send and receive at once, over loopback with the code of the capacity test, and no
/// more than its port carries. Parameters: seconds (more than one is cut to one: a second says it, and loads the kit),
/// payloadBytes, addresses (a comma list: those that the tests of capacity use; may be left out).
/// </summary>
internal sealed class KitCeilingProbe : IProbe
{
    private const long NsPerMs = 1_000_000, NsPerSecond = 1_000 * NsPerMs;
    private const int BurstPackets = 64;
    private const int HeaderBytes = 28;
    private const int AddressesMax = 16;

    public string Kind => "kit-ceiling";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        decimal seconds = Math.Min(1, parameters.Number("seconds", 0.05m, 60));
        int payloadBytes = parameters.Whole(
            "payloadBytes", TrialOrder.PayloadBytesMin, TrialOrder.PayloadBytesMax);
        IReadOnlyList<IPAddress> addresses = parameters.Has("addresses")
            ? parameters.Addresses("addresses", AddressesMax) : [];
        return ProbeThread.GuardAsync(async () =>
        {
            using Wake wake = new(cancellation);
            using UdpSocket sender = new(IPAddress.Loopback, 0, CapacityClientProbe.SocketOptions);
            using UdpSocket receiver = new(IPAddress.Loopback, 0, CapacityClientProbe.SocketOptions);
            long end = Clocks.MonotonicNs() + (long)(seconds * NsPerSecond);
            SockAddr target = receiver.Local;
            Task<bool> sending = ProbeThread.RunAsync("kit-send", () => Send(sender, target, payloadBytes, end, wake));
            (long packets, long ns) = await ProbeThread.RunAsync(
                "kit-receive", () => Receive(receiver, payloadBytes, end, wake));
            await sending;
            cancellation.ThrowIfCancellationRequested();
            decimal mbps = ns == 0 ? 0 : Math.Round(packets * (payloadBytes + HeaderBytes) * 8_000m / ns, 3);
            return new ProbeOutcome([Kpi(mbps, LinkSpeed.Slowest(addresses), packets, host.Kit)], []);
        });
    }

    private static bool Send(UdpSocket socket, SockAddr target, int payloadBytes, long end, Wake wake)
    {
        PacketRing ring = new(BurstPackets, payloadBytes);
        while (Clocks.MonotonicNs() < end && !wake.IsSignalled)
            ring.Send(socket, BurstPackets, payloadBytes, in target);
        return true;
    }

    /// <returns>Packets received and the time from the first to the last of them.</returns>
    private static (long Packets, long Ns) Receive(UdpSocket socket, int payloadBytes, long end, Wake wake)
    {
        PacketRing ring = new(BurstPackets, payloadBytes);
        long packets = 0, first = 0, last = 0;
        while (!wake.IsSignalled)
        {
            long now = Clocks.MonotonicNs();
            if (now >= end) break;
            if (!socket.Wait(Math.Min(end, now + 10 * NsPerMs), wake)) continue;
            int count = ring.Receive(socket);
            now = Clocks.MonotonicNs();
            if (first == 0) first = now; // Its packets came before the measured time.
            else packets += count;
            last = now;
        }
        return (packets, last - first);
    }

    private KpiResult Kpi(decimal ownMbps, decimal? portMbps, long packets, string kit) => new()
    {
        Id = "kit-ceiling-rate",
        Value = Math.Min(ownMbps, portMbps ?? ownMbps),
        Low = Math.Min(ownMbps, portMbps ?? ownMbps),
        High = Math.Min(ownMbps, portMbps ?? ownMbps),
        Findings = portMbps is null ? [] :
        [
            new($"套件网口速率 {portMbps} Mbit/s，自环 {ownMbps:0.#} Mbit/s",
                $"the kit's port runs at {portMbps} Mbit/s, its own loop at {ownMbps:0.#} Mbit/s"),
        ],
        Unit = "Mbit/s",
        Samples = packets,
        Layer = Layer.Ip,
        Scope = kit,
        Source = $"{Kind}@{kit}",
    };
}
