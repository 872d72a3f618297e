using System.Buffers.Binary;
using Testbed.Wire;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Pfcp;
using Testbed.Wire.Transport;

namespace Testbed.Probes.Security.Scanning;

/// <summary>Questions that a core's functions answer, and what their answers look like.</summary>
internal static class ScanPackets
{
    private const byte EchoReply = 0, Unreachable = 3, EchoRequest = 8, PortUnreachable = 3;
    private const int IcmpHeaderLength = 8, InitLength = 20;
    /// <summary>Seconds from 1900 to 1970 (RFC 5905 §6): PFCP counts from there.</summary>
    private const long NtpEpochOffset = 2_208_988_800;

    /// <summary>
    /// A request that the port's protocol must answer: PFCP Heartbeat (TS 29.244 §7.4.2), GTP-U Echo (TS 29.281
    /// §7.2.1); elsewhere a few zero bytes.
    /// </summary>
    public static int WriteUdp(Span<byte> destination, int port, uint number, DateTimeOffset now)
    {
        if (port == PfcpHeader.Port)
            return new PfcpMessage(PfcpMessageType.HeartbeatRequest, number & 0xFF_FFFF)
            {
                RecoveryTimeStamp = unchecked((uint)(now.ToUnixTimeSeconds() + NtpEpochOffset)),
            }.Write(destination);
        if (port == GtpUHeader.Port) return GtpUPathMessages.WriteEchoRequest(destination, (ushort)number);
        destination[..IcmpHeaderLength].Clear();
        return IcmpHeaderLength;
    }

    /// <summary>An ICMP echo request with the identifier that tells its answer.</summary>
    public static int WriteEcho(Span<byte> destination, ushort identifier, ushort sequence)
    {
        Span<byte> message = destination[..(IcmpHeaderLength + 24)];
        message.Clear();
        message[0] = EchoRequest;
        BinaryPrimitives.WriteUInt16BigEndian(message[4..], identifier);
        BinaryPrimitives.WriteUInt16BigEndian(message[6..], sequence);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], Checksum.Compute(message));
        return message.Length;
    }

    /// <summary>An SCTP packet with one INIT chunk (RFC 9260 §3.3.2). The peer keeps no state of it.</summary>
    public static int WriteInit(Span<byte> destination, int sourcePort, int port, uint tag)
    {
        Span<byte> packet = destination[..(SctpHeader.LengthMin + InitLength)];
        SctpHeader.Write(packet, sourcePort, port, verificationTag: 0);
        Span<byte> chunk = packet[SctpHeader.LengthMin..];
        chunk[0] = (byte)SctpChunkType.Init;
        chunk[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(chunk[2..], InitLength);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[4..], tag);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[8..], 65_536);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[12..], 1);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[14..], 1);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[16..], tag);
        SctpHeader.WriteChecksum(packet);
        return packet.Length;
    }

    /// <summary>
    /// Who answered an INIT, from which port, and how: INIT ACK is open, ABORT a refusal; null for anything else.
    /// </summary>
    public static (HostAddress From, int Port, ScanAnswer Answer)? ReadSctp(ReadOnlySpan<byte> packet, int localPort)
    {
        if (IpPacket.Read(packet, out IpPacket ip) is not DecodeStatus.Ok || ip.Protocol != IpProtocol.Sctp
            || SctpHeader.Read(ip, out SctpHeader sctp) is not DecodeStatus.Ok
            || sctp.DestinationPort != localPort) return null;
        foreach (SctpChunk chunk in sctp.Chunks)
        {
            if (chunk.Type is SctpChunkType.InitAck) return (ip.SourceAddress, sctp.SourcePort, ScanAnswer.Open);
            if (chunk.Type is SctpChunkType.Abort) return (ip.SourceAddress, sctp.SourcePort, ScanAnswer.Refused);
        }
        return null;
    }

    /// <summary>
    /// An echo reply is an address that was reached; an unreachable port is one that somebody refused in its name, and
    /// counts only when the address itself says so. Null for anything else.
    /// </summary>
    /// <returns>With the port that the refusal is about, 0 for an echo.</returns>
    public static (HostAddress From, int Port, ScanAnswer Answer)? ReadIcmp(
        ReadOnlySpan<byte> packet, ushort identifier)
    {
        if (IpPacket.Read(packet, out IpPacket ip) is not DecodeStatus.Ok || ip.Protocol != IpProtocol.Icmp
            || ip.Payload.Length < IcmpHeaderLength) return null;
        ReadOnlySpan<byte> message = ip.Payload;
        if (message[0] == EchoReply && BinaryPrimitives.ReadUInt16BigEndian(message[4..]) == identifier)
            return (ip.SourceAddress, 0, ScanAnswer.Open);
        if (message[0] != Unreachable || message[1] != PortUnreachable
            || IpPacket.Read(message[IcmpHeaderLength..], out IpPacket quoted) is not DecodeStatus.Ok
            || quoted.DestinationAddress != ip.SourceAddress || quoted.Payload.Length < 4) return null;
        return (ip.SourceAddress, BinaryPrimitives.ReadUInt16BigEndian(quoted.Payload[2..]), ScanAnswer.Refused);
    }
}
