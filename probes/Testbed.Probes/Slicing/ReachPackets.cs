using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Testbed.Wire.Ip;
using Testbed.Wire.Stamp;

namespace Testbed.Probes.Slicing;

/// <summary>
/// What a try looks like. UDP carries an authenticated STAMP packet of the run, TCP a SYN whose sequence number the
/// run's key draws, ICMP an echo request whose length and data the key draws: none can be taken for anybody else's.
/// </summary>
internal sealed class ReachPackets(ReadOnlyMemory<byte> nonce, int session)
{
    public const int TcpHeaderLength = 20;
    private const int IcmpHeaderLength = 8;
    private const int IcmpPayloadMin = 64;

    private readonly StampKey _stamp = StampKeys.Derive(nonce.Span, session);
    private readonly byte[] _draw = ProbeKeys.Derive(nonce.Span, $"testbed slice reach v1 {session}");
    private readonly byte[] _buffer = new byte[256];

    /// <summary>Bytes behind the IP header of an echo request, 72 to 135.</summary>
    public int IcmpLength => IcmpHeaderLength + IcmpPayloadMin + (int)(ProbeKeys.Draw(_draw, int.MaxValue) % 64);

    /// <summary>A TCP try's sequence number.</summary>
    public uint TcpSequence(int index) => ProbeKeys.Draw(_draw, index);

    /// <summary>An echo request's first four bytes of data; zeros follow.</summary>
    public uint IcmpData(int index) => ProbeKeys.Draw(_draw, index);

    public ReadOnlySpan<byte> Udp(int index, long nowUnixNs)
    {
        Span<byte> payload = _buffer.AsSpan(0, StampLayout.AuthenticatedLength);
        StampErrorEstimate estimate = StampErrorEstimate.Create(false, StampTimestampFormat.Ntp, 0);
        new StampSenderPacket((uint)index, nowUnixNs, estimate, unchecked((ushort)session))
            .Write(payload, authenticated: true);
        _stamp.Sign(payload);
        return payload;
    }

    /// <summary>A SYN without options (RFC 9293 §3.1).</summary>
    public ReadOnlySpan<byte> Tcp(int index, int sourcePort, int port, IPAddress from, IPAddress to)
    {
        Span<byte> segment = _buffer.AsSpan(0, TcpHeaderLength);
        segment.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(segment, (ushort)sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(segment[2..], (ushort)port);
        BinaryPrimitives.WriteUInt32BigEndian(segment[4..], TcpSequence(index));
        segment[12] = TcpHeaderLength / 4 << 4;
        segment[13] = 0x02;
        BinaryPrimitives.WriteUInt16BigEndian(segment[14..], 64_240);
        BinaryPrimitives.WriteUInt16BigEndian(segment[16..], WithPseudoHeader(segment, from, to, IpProtocol.Tcp));
        return segment;
    }

    public ReadOnlySpan<byte> Icmp(int index, int id, IPAddress from, IPAddress to)
    {
        Span<byte> message = _buffer.AsSpan(0, IcmpLength);
        message.Clear();
        bool isIpv6 = from.AddressFamily is AddressFamily.InterNetworkV6;
        message[0] = isIpv6 ? (byte)128 : (byte)8;
        BinaryPrimitives.WriteUInt16BigEndian(message[4..], (ushort)id);
        BinaryPrimitives.WriteUInt16BigEndian(message[6..], (ushort)index);
        BinaryPrimitives.WriteUInt32BigEndian(message[IcmpHeaderLength..], IcmpData(index));
        ushort sum = isIpv6
            ? WithPseudoHeader(message, from, to, IpProtocol.Icmpv6)
            : Checksum.Compute(message);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], sum);
        return message;
    }

    private static ushort WithPseudoHeader(ReadOnlySpan<byte> segment, IPAddress from, IPAddress to, byte protocol) =>
        Checksum.Compute(from.GetAddressBytes(), to.GetAddressBytes(), protocol, segment);
}
