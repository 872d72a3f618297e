using Testbed.Probes.Sockets;
using Testbed.Probes.Stamp;
using Testbed.Wire.Ip;
using Testbed.Wire.Stamp;

namespace Testbed.Probes.Edge;

/// <summary>
/// Keyed packets to the addresses that a name got: authenticated STAMP packets (RFC 8762 §4.2.2) of a session that
/// nobody answers, as the taps know these by their key, through any translation.
/// </summary>
internal static class EdgeNamePackets
{
    /// <summary>Cancellation is looked at this often.</summary>
    private const long LookNs = 50_000_000;

    public static void Send(
        EdgeNameOrder order, ReadOnlySpan<byte> runNonce, IReadOnlyList<HostAddress> addresses, Wake wake)
    {
        using UdpSocket socket = new(order.LocalAddress, order.PacketsLocalPort);
        StampKey key = StampKeys.Derive(runNonce, order.Session);
        SendSchedule schedule = new(runNonce, order.Session, (double)order.RatePps);
        StampErrorEstimate estimate = Clocks.ErrorEstimate(StampTimestampFormat.Ntp);
        byte[] payload = new byte[StampLayout.AuthenticatedLength];
        long startNs = Clocks.MonotonicNs();
        for (int i = 0; i < addresses.Count * order.Packets; i++)
        {
            if (!SleepUntil(startNs + schedule.DueNs(i), wake)) return;
            SockAddr remote = SockAddr.Create(addresses[i / order.Packets].ToIPAddress(), order.Port);
            new StampSenderPacket((uint)i, Clocks.RealtimeNs(), estimate, (ushort)order.Session).Write(payload, true);
            key.Sign(payload);
            // What the kernel refuses is a packet that no tap shows.
            socket.Send(payload, in remote);
        }
    }

    private static bool SleepUntil(long dueNs, Wake wake)
    {
        while (!wake.IsSignalled)
        {
            long now = Clocks.MonotonicNs();
            if (now >= dueNs) return true;
            Clocks.SleepUntil(Math.Min(dueNs, now + LookNs));
        }
        return false;
    }
}
