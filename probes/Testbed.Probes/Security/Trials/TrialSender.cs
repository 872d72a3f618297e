using Testbed.Probes.Sockets;
using Testbed.Probes.Sockets.Raw;
using Testbed.Wire.GtpU;
using Testbed.Wire.Trials;

namespace Testbed.Probes.Security.Trials;

/// <summary>
/// Sends one trial's packets at their rate and takes answers to them; a few hundred packets, never more than ordered.
/// </summary>
internal sealed class TrialSender
{
    private const long NsPerSecond = 1_000_000_000, NsPerMs = 1_000_000;
    /// <summary>How long after the last packet its answer may come.</summary>
    private const long GraceNs = 500 * NsPerMs;

    private readonly TrialOrder _order;
    private readonly Wake _wake;
    private readonly byte[] _key;
    private readonly SpoofedSources _sources;
    private readonly byte[] _buffer = new byte[2048];
    private int _answered;

    public TrialSender(TrialOrder order, byte[] runNonce, Wake wake)
    {
        (_order, _wake) = (order, wake);
        _key = TrialMessage.DeriveKey(runNonce);
        _sources = new(order.Pools, ProbeKeys.Derive(runNonce, "testbed spoofed sources v1"));
        (SentNs, AnsweredNs) = (new long[order.Count], new long[order.Count]);
    }

    /// <summary>By sequence number; 0 where the packet was not sent, or not answered.</summary>
    public long[] SentNs { get; }
    public long[] AnsweredNs { get; }
    /// <summary>Error number of the last packet that this host did not let out; 0 when all went.</summary>
    public int LastErrno { get; private set; }

    public int Sent => SentNs.Count(at => at != 0);
    public int Answered => _answered;

    public void Run()
    {
        using UdpSocket socket = new(_order.Local, _order.LocalPort, new(FreeBind: true));
        using LinkSocket? link = _order.IsRaw ? new(_order.Interface) : null;
        byte[] mac = link is null ? [] : NextHop.MacOn(_order.Interface);
        long start = Clocks.MonotonicNs() + _order.DelayMs * NsPerMs, interval = NsPerSecond / _order.RatePps;
        long end = start + _order.Count * interval + (_order.IsControl ? GraceNs : 0);
        int next = 0;
        while (!_wake.IsSignalled)
        {
            long now = Clocks.MonotonicNs();
            while (next < _order.Count && now >= start + next * interval)
                Send(socket, link, mac, next++);
            if (now >= end || (next == _order.Count && _answered == _order.Count)) return;
            if (socket.Wait(next < _order.Count ? start + next * interval : end, _wake)) Receive(socket);
        }
    }

    private void Send(UdpSocket socket, LinkSocket? link, byte[] mac, int sequence)
    {
        long nowNs = Clocks.RealtimeNs();
        TrialMessage message = new(
            _order.Trial, _order.IsControl ? TrialClass.Control : TrialClass.Attempt, (uint)sequence, nowNs);
        int errno = _order.Kind switch
        {
            TrialOrder.Nested => SendNested(socket, message),
            TrialOrder.SpoofedSource => SendRaw(link!, mac, message, _sources.Draw(sequence)),
            TrialOrder.UeToUe => SendRaw(link!, mac, message, TrialPackets.Bits(_order.Local)),
            _ => SendPlain(socket, message),
        };
        if (errno == 0) SentNs[sequence] = nowNs;
        else LastErrno = errno;
    }

    private int SendPlain(UdpSocket socket, in TrialMessage message)
    {
        message.Write(_key, _buffer);
        return socket.Send(_buffer.AsSpan(0, TrialMessage.Length), SockAddr.Create(_order.Remote, _order.Port));
    }

    private int SendNested(UdpSocket socket, in TrialMessage message)
    {
        int length = TrialPackets.WriteNested(
            _buffer, _key, message, _order.Tunnel, TrialPackets.Bits(_order.Local), _order.LocalPort,
            TrialPackets.Bits(_order.Remote), _order.Port);
        return socket.Send(_buffer.AsSpan(0, length), SockAddr.Create(_order.Tunnel.Upf, GtpUHeader.Port));
    }

    private int SendRaw(LinkSocket link, byte[] mac, in TrialMessage message, uint source)
    {
        int length = TrialPackets.Write(
            _buffer, _key, message, source, _order.LocalPort, TrialPackets.Bits(_order.Remote), _order.Port);
        return link.Send(_buffer.AsSpan(0, length), mac);
    }

    // An answer counts once, from anywhere: it is signed.
    private void Receive(UdpSocket socket)
    {
        while (socket.TryReceive(_buffer, out Received received))
        {
            if (!TrialMessage.TryRead(
                    _key, _buffer.AsSpan(0, Math.Min(received.Length, _buffer.Length)), out TrialMessage answer)
                || answer.Class is not TrialClass.Answer || answer.Trial != _order.Trial
                || answer.Sequence >= _order.Count || AnsweredNs[answer.Sequence] != 0) continue;
            AnsweredNs[answer.Sequence] = received.RealtimeNs;
            _answered++;
        }
    }
}
