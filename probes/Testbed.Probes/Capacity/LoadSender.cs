using Testbed.Probes.Sockets;

namespace Testbed.Probes.Capacity;

/// <summary>
/// Offers load in bursts of about a millisecond at the rate that the search asks for, and listens for status.
/// Ends with the trial, or when the receiver has been silent for two seconds (RFC 9097 §8.1: 1 to 5 s).
/// </summary>
internal sealed class LoadSender
{
    private const long NsPerMs = 1_000_000;
    private const long TickNs = NsPerMs;
    private const long SilenceNs = 2_000 * NsPerMs;
    /// <summary>A sender that was held up makes good for no more than this: a burst says nothing of a path.</summary>
    internal const long CatchUpNs = 8 * NsPerMs;
    private const int BurstPackets = 64;

    private readonly UdpSocket _socket;
    private readonly SockAddr _peer;
    private readonly ulong _token;
    private readonly byte[] _key;
    private readonly TrialOrder _order;
    private readonly RateSearch _search;
    private readonly PacketRing _ring;
    private readonly byte[] _control = new byte[CapacityMessage.LengthMax];
    private readonly int _packetBytes;
    private uint _sequence, _lastStatus;
    private long _lastStatusNs;

    public LoadSender(UdpSocket socket, in SockAddr peer, ulong token, byte[] key, in TrialOrder order)
    {
        (_socket, _peer, _token, _key, _order) = (socket, peer, token, key, order);
        _search = new(order.StartKbps, order.MaxKbps);
        _ring = new(BurstPackets, order.PayloadBytes);
        _packetBytes = order.PayloadBytes + 8 + peer.IpHeaderLength;
        SentBytes = new long[order.Seconds];
        // Filling that no link on the way can compress (RFC 9097 §8).
        Random filling = new((int)token);
        for (int i = 0; i < BurstPackets; i++)
        {
            filling.NextBytes(_ring.Slot(i));
            CapacityMessage.WriteHeader(_ring.Slot(i), MessageKind.Load, token);
        }
    }

    /// <summary>IP-layer bytes handed to the kernel in each second.</summary>
    public long[] SentBytes { get; }
    public double OfferedKbpsMax => _search.OfferedKbpsMax;
    public bool PeerWentSilent { get; private set; }
    /// <summary>
    /// How long this kit was held up beyond what it makes good for: load that was due and never offered.
    /// </summary>
    public long StoodStillNs { get; private set; }

    public void Run(Wake wake)
    {
        long start = Clocks.MonotonicNs(), end = start + _order.Seconds * SubInterval.DurationNs;
        long last = start;
        double credit = _packetBytes;
        _lastStatusNs = start;
        for (long now = start; now < end && !wake.IsSignalled; now = Clocks.MonotonicNs())
        {
            if (now - _lastStatusNs > SilenceNs)
            {
                PeerWentSilent = true;
                return;
            }
            double bytesPerNs = _search.RateKbps / 8e6;
            credit = Math.Min(credit + (now - last) * bytesPerNs, Math.Max(_packetBytes, CatchUpNs * bytesPerNs));
            StoodStillNs += Math.Max(0, now - last - CatchUpNs);
            last = now;
            while (credit >= _packetBytes)
            {
                int due = (int)Math.Min(credit / _packetBytes, BurstPackets);
                SentBytes[(now - start) / SubInterval.DurationNs] += (long)Burst(due, now) * _packetBytes;
                credit -= (double)due * _packetBytes;
            }
            long nextNs = (long)Math.Min((_packetBytes - credit) / bytesPerNs, CatchUpNs);
            if (_socket.Wait(Math.Min(now + Math.Max(TickNs, nextNs), end), wake)) Listen();
        }
    }

    private int Burst(int count, long now)
    {
        long wall = Clocks.RealtimeNs();
        uint hold = _lastStatus == 0 ? 0 : (uint)Math.Min(now - _lastStatusNs, uint.MaxValue);
        for (int i = 0; i < count; i++)
        {
            LoadHeader header = new(_sequence + (uint)i, _lastStatus, wall, hold);
            header.Write(_ring.Slot(i)[CapacityMessage.HeaderLength..]);
        }
        int sent = _ring.Send(_socket, count, _order.PayloadBytes, in _peer);
        _sequence += (uint)sent; // What the kernel did not take was never on the path.
        return sent;
    }

    private void Listen()
    {
        while (_socket.TryReceive(_control, out Received received))
        {
            if (received.Length > _control.Length || !received.Source.Equals(_peer)) continue;
            if (!CapacityMessage.TryReadControl(_key, _control.AsSpan(0, received.Length),
                    out MessageKind kind, out ulong token, out ReadOnlySpan<byte> content)
                || kind != MessageKind.Status || token != _token || content.Length < StatusReport.Length)
                continue;
            StatusReport status = StatusReport.Read(content);
            if (status.Sequence <= _lastStatus) continue; // An older one overtaken on the way, or sent again.
            _lastStatus = status.Sequence;
            _lastStatusNs = Clocks.MonotonicNs();
            _search.Update(in status);
        }
    }
}
