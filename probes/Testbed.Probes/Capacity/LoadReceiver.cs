using Testbed.Probes.Sockets;

namespace Testbed.Probes.Capacity;

/// <summary>
/// Receives a trial's load and answers with a status every 50 ms. Ends with the trial's last second, or when
/// nothing came for two seconds.
/// </summary>
internal sealed class LoadReceiver
{
    private const long NsPerMs = 1_000_000;
    /// <summary>RFC 9097 §8.1.</summary>
    private const long StatusNs = 50 * NsPerMs;
    private const long SilenceNs = 2_000 * NsPerMs;
    /// <summary>How often an unanswered start is asked for again.</summary>
    private const long StartNs = 200 * NsPerMs;
    private const int BatchPackets = 64;

    private readonly UdpSocket _socket;
    private readonly SockAddr _peer;
    private readonly ulong _token;
    private readonly byte[] _key;
    private readonly TrialOrder _order;
    private readonly PacketRing _ring;
    private readonly byte[] _status =
        new byte[CapacityMessage.HeaderLength + StatusReport.Length + ProbeKeys.TagLength];

    public LoadReceiver(UdpSocket socket, in SockAddr peer, ulong token, byte[] key, in TrialOrder order)
    {
        (_socket, _peer, _token, _key, _order) = (socket, peer, token, key, order);
        _ring = new(BatchPackets, Math.Max(order.PayloadBytes, CapacityMessage.LengthMax));
        Meter = new(order.Seconds, order.PayloadBytes + 8 + peer.IpHeaderLength);
    }

    public ArrivalMeter Meter { get; }
    /// <summary>Packets that this kit's own socket had no room for.</summary>
    public uint SocketDrops { get; private set; }
    public bool PeerWentSilent { get; private set; }
    /// <summary>How long load lay in the socket before this kit came to read it; what a sender makes good for set
    /// aside.</summary>
    public long StoodStillNs { get; private set; }

    /// <param name="start">
    /// The client's Activate, sent until load comes; or the server's answer, sent whenever Activate comes again.
    /// </param>
    /// <param name="asks">True for the client.</param>
    public void Run(ReadOnlySpan<byte> start, bool asks, Wake wake)
    {
        uint dropsBefore = _socket.Overflows;
        long now = Clocks.MonotonicNs(), heard = now, statusAt = long.MaxValue, askAt = asks ? now : long.MaxValue;
        while (!wake.IsSignalled && now < Meter.EndNs)
        {
            if (now - heard > SilenceNs)
            {
                PeerWentSilent = true;
                break;
            }
            if (now >= askAt && !Meter.Started)
            {
                _socket.Send(start, in _peer);
                askAt = now + StartNs;
            }
            if (now >= statusAt)
            {
                SendStatus(now, statusAt - StatusNs);
                statusAt = now + StatusNs;
            }
            long until = Math.Min(Math.Min(statusAt, Meter.Started ? long.MaxValue : askAt), now + StatusNs);
            if (_socket.Wait(until, wake) && Take(asks ? default : start)) heard = Clocks.MonotonicNs();
            now = Clocks.MonotonicNs();
            if (Meter.Started && statusAt == long.MaxValue) statusAt = now + StatusNs;
        }
        Meter.Finish(now);
        SocketDrops = _socket.Overflows - dropsBefore;
    }

    private bool Take(ReadOnlySpan<byte> answer)
    {
        bool heard = false;
        for (bool isFirst = true; ; isFirst = false)
        {
            int count = _ring.Receive(_socket);
            // One pair of clock readings a batch: an arrival's age is a difference of the wall clock alone.
            ClockReading now = Clocks.ReadBoth();
            // Later batches lay there through the same stall.
            if (isFirst && count > 0)
                StoodStillNs += Math.Max(
                    0, now.RealtimeNs - _ring.Describe(_socket, 0).RealtimeNs - LoadSender.CatchUpNs);
            for (int i = 0; i < count; i++)
            {
                Received received = _ring.Describe(_socket, i);
                if (!received.Source.Equals(_peer)) continue;
                ReadOnlySpan<byte> payload = _ring.Payload(i);
                if (CapacityMessage.IsLoad(payload, _token) && received.Length == _order.PayloadBytes)
                {
                    heard = true;
                    long ageNs = Math.Max(0, now.RealtimeNs - received.RealtimeNs);
                    LoadHeader load = LoadHeader.Read(payload[CapacityMessage.HeaderLength..]);
                    Meter.Arrive(in load, now.MonotonicNs - ageNs, received.RealtimeNs);
                }
                else if (!answer.IsEmpty && IsActivate(payload)) _socket.Send(answer, in _peer);
            }
            if (count < _ring.Slots) return heard;
        }
    }

    private bool IsActivate(ReadOnlySpan<byte> datagram) =>
        CapacityMessage.TryReadControl(_key, datagram, out MessageKind kind, out ulong token, out _)
        && kind == MessageKind.Activate && token == _token;

    private void SendStatus(long now, long since)
    {
        Span<byte> content = CapacityMessage.WriteHeader(_status, MessageKind.Status, _token);
        Meter.TakeStatus(now, since).Write(content);
        ProbeKeys.Sign(_key, _status);
        _socket.Send(_status, in _peer);
    }
}
