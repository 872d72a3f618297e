using Testbed.Probes.Sockets;
using Testbed.Wire;
using Testbed.Wire.Stamp;

namespace Testbed.Probes.Stamp;

/// <summary>
/// A stateful Session-Reflector (RFC 8762 §4.3): answers authenticated packets of its session and nothing else,
/// to wherever they came from, with an answer as long as the question. Any other datagram is dropped silently.
/// </summary>
internal sealed class StampReflector(UdpSocket socket, StampKey key, ushort session)
{
    /// <summary>Answers a second at most: five times the fastest session that a sender may run.</summary>
    private const int AnswersPerSecondMax = 50_000;
    private const int PayloadLengthMax = 9_000;
    private const long NsPerSecond = 1_000_000_000;
    /// <summary>How often the wall clock's state is asked of the kernel.</summary>
    private const long EstimatePeriodNs = NsPerSecond;

    private readonly byte[] _request = new byte[PayloadLengthMax], _answer = new byte[PayloadLengthMax];
    private StampErrorEstimate _estimate = Clocks.ErrorEstimate(StampTimestampFormat.Ntp);
    private uint _sequence;
    private long _secondStartNs, _answersInSecond;

    /// <summary>Runs until the wake is signalled.</summary>
    public void Run(Wake wake)
    {
        while (!wake.IsSignalled)
        {
            bool ready = socket.Wait(Clocks.MonotonicNs() + EstimatePeriodNs, wake);
            _estimate = ready ? _estimate : Clocks.ErrorEstimate(StampTimestampFormat.Ntp);
            while (ready && !wake.IsSignalled && socket.TryReceive(_request, out Received received)) Answer(received);
        }
    }

    private void Answer(in Received received)
    {
        if (received.Length > PayloadLengthMax) return;
        ReadOnlySpan<byte> request = _request.AsSpan(0, received.Length);
        if (!key.Verify(request)) return;
        if (StampSenderPacket.Read(request, authenticated: true, out StampSenderPacket packet) != DecodeStatus.Ok)
            return;
        if (packet.SessionId != session || !WithinRate()) return;
        Span<byte> answer = _answer.AsSpan(0, received.Length);
        new StampReflectorPacket(
            _sequence++, Clocks.RealtimeNs(), _estimate, session, received.RealtimeNs,
            packet.Sequence, packet.TimestampUnixNs, packet.ErrorEstimate, received.Ttl).Write(answer, true);
        StampLayout.ReflectPadding(request, answer, authenticated: true);
        key.Sign(answer);
        // What the kernel refuses is lost, as it would be a moment later.
        socket.Send(answer, received.Source);
    }

    private bool WithinRate()
    {
        long now = Clocks.MonotonicNs();
        if (now - _secondStartNs >= NsPerSecond) (_secondStartNs, _answersInSecond) = (now, 0);
        return ++_answersInSecond <= AnswersPerSecondMax;
    }
}
