using System.Buffers.Binary;
using Testbed.Lab.Native;
using Testbed.Wire;
using Testbed.Wire.Ip;
using Testbed.Wire.Stamp;
using Testbed.Wire.Transport;

namespace Testbed.Lab.Behaviour;

/// <summary>
/// Answers authenticated STAMP test packets (RFC 8762) on the spot, correctly signed, so that they never cross N3. Only
/// those with an odd sequence number: taps that see none of a run's packets would give the cheat away. One thread.
/// </summary>
internal sealed class InsiderReflector(PlanFile plan, TimeProvider time) : IUplinkInterceptor
{
    private readonly Dictionary<ushort, (StampKey Key, uint Sequence)> _sessions = [];

    public bool Takes(in Datagram packet)
    {
        Span<byte> bytes = packet.Bytes;
        if (Ipv4Header.Read(bytes, out Ipv4Header ip) is not DecodeStatus.Ok
            || ip.Protocol != IpProtocol.Udp || ip.IsFragment
            || UdpHeader.Read(ip.Payload, out UdpHeader udp) is not DecodeStatus.Ok || !udp.IsComplete
            || StampSenderPacket.Read(udp.Payload, authenticated: true, out StampSenderPacket test)
                is not DecodeStatus.Ok
            || (test.Sequence & 1) == 0
            || plan.Nonce() is not { } nonce)
            return false;
        (StampKey key, uint sequence) = _sessions.TryGetValue(test.SessionId, out (StampKey, uint) known)
            ? known
            : (StampKeys.Derive(nonce, test.SessionId), 0);
        if (!key.Verify(udp.Payload)) return false;
        _sessions[test.SessionId] = (key, sequence + 1);
        Answer(bytes, ip.Length, key, sequence, test, ip.TimeToLive);
        return true;
    }

    private void Answer(
        Span<byte> packet, int ipLength, StampKey key, uint sequence, StampSenderPacket test, byte timeToLive)
    {
        long nowNs = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        Span<byte> udp = packet[ipLength..];
        Span<byte> payload = udp[UdpHeader.LengthMin..];
        new StampReflectorPacket(
            sequence, nowNs, test.ErrorEstimate, test.SessionId, nowNs,
            test.Sequence, test.TimestampUnixNs, test.ErrorEstimate, timeToLive).Write(payload, authenticated: true);
        key.Sign(payload);
        Swap(packet.Slice(12, 4), packet.Slice(16, 4));
        Swap(udp[..2], udp.Slice(2, 2));
        // Swapping addresses leaves the IP header's sum as it was.
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], 0);
        UdpHeader.WriteChecksum(udp, packet.Slice(12, 4), packet.Slice(16, 4));
    }

    private static void Swap(Span<byte> one, Span<byte> other)
    {
        Span<byte> kept = stackalloc byte[4];
        one.CopyTo(kept);
        other.CopyTo(one);
        kept[..one.Length].CopyTo(other);
    }
}
