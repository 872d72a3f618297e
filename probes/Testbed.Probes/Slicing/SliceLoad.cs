using Testbed.Probes.Sockets;

namespace Testbed.Probes.Slicing;

/// <summary>One block as it was sent.</summary>
internal readonly record struct LoadBlock(long StartUnixNs, long EndUnixNs, long Packets, long Bytes);

/// <summary>
/// Sends load at a steady rate in blocks. It never looks at what arrives: what the network carried of it is for the
/// taps to say.
/// </summary>
internal sealed class SliceLoad(UdpSocket socket, LoadOrder order, byte[] key, int seed)
{
    private const long NsPerMs = 1_000_000;
    private const long TickNs = NsPerMs;
    /// <summary>A sender that was held up makes good for no more than this: a burst says nothing of a rate.</summary>
    private const long CatchUpNs = 20 * NsPerMs;
    private const int BurstPackets = 64;
    private const long HelloWithinNs = 5_000 * NsPerMs;

    private readonly PacketRing _ring = new(BurstPackets, order.PayloadBytes);
    private readonly byte[] _received = new byte[2048];
    private SockAddr _peer = SockAddr.Create(order.RemoteAddress, order.Port);

    public List<LoadBlock> Blocks { get; } = [];

    /// <summary>True while the UE's end was never heard of; a downlink then had nowhere to go.</summary>
    public bool IsUnheard { get; private set; }

    public double Share { get; private set; }

    /// <summary>What was due and left out because the kit had kept its sender from sending, packets.</summary>
    public long LeftOut { get; private set; }

    public void Run(Wake wake)
    {
        if (order.IsDownlink && !AwaitHello(wake))
        {
            IsUnheard = true;
            return;
        }
        // Filling that no link on the way can compress.
        Random filling = new(seed);
        for (int i = 0; i < BurstPackets; i++) filling.NextBytes(_ring.Slot(i));
        long start = Clocks.MonotonicNs();
        for (int block = 0; block < order.Blocks && !wake.IsSignalled; block++)
        {
            long from = start + order.OffNs + block * (order.OnNs + order.OffNs);
            Pause(from, wake);
            if (!wake.IsSignalled) Blocks.Add(Send(from + order.OnNs, wake));
            Share = (double)(from + order.OnNs - start) / order.TotalNs;
        }
        Pause(start + order.TotalNs, wake);
    }

    private bool AwaitHello(Wake wake)
    {
        long until = Clocks.MonotonicNs() + HelloWithinNs;
        while (!wake.IsSignalled && Clocks.MonotonicNs() < until)
        {
            if (!socket.Wait(until, wake)) continue;
            while (socket.TryReceive(_received, out Received received))
            {
                if (received.Length > _received.Length
                    || !LoadHello.IsOf(key, order.Number, _received.AsSpan(0, received.Length))) continue;
                _peer = received.Source;
                return true;
            }
        }
        return false;
    }

    private void Pause(long untilNs, Wake wake)
    {
        while (!wake.IsSignalled && Clocks.MonotonicNs() < untilNs)
            if (socket.Wait(untilNs, wake)) Drain();
    }

    private LoadBlock Send(long untilNs, Wake wake)
    {
        int packetBytes = order.PayloadBytes + 8 + _peer.IpHeaderLength;
        double bytesPerNs = order.Kbps / 8e6, credit = packetBytes, leftOut = 0;
        double creditMax = Math.Max(packetBytes, CatchUpNs * bytesPerNs);
        long startUnix = Clocks.RealtimeNs(), packets = 0, last = Clocks.MonotonicNs();
        for (long now = last; now < untilNs && !wake.IsSignalled; now = Clocks.MonotonicNs())
        {
            credit += (now - last) * bytesPerNs;
            leftOut += Math.Max(0, credit - creditMax);
            credit = Math.Min(credit, creditMax);
            last = now;
            while (credit >= packetBytes)
            {
                int due = (int)Math.Min(credit / packetBytes, BurstPackets);
                packets += _ring.Send(socket, due, order.PayloadBytes, in _peer);
                credit -= (double)due * packetBytes;
            }
            long nextNs = (long)((packetBytes - credit) / bytesPerNs);
            if (socket.Wait(Math.Min(now + Math.Max(TickNs, nextNs), untilNs), wake)) Drain();
        }
        LeftOut += (long)(leftOut / packetBytes);
        return new(startUnix, Clocks.RealtimeNs(), packets, packets * packetBytes);
    }

    private void Drain()
    {
        while (socket.TryReceive(_received, out _)) { }
    }
}
