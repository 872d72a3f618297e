using System.Buffers.Binary;
using Testbed.Wire.Ip;

namespace Testbed.Wire.Transport;

/// <summary>
/// The SCTP common header (RFC 9260 §3.1) and its chunks.
/// <code>
///  0             2                  4                  8
///  | source port | destination port | verification tag | checksum (CRC-32C) | chunks
/// </code>
/// </summary>
public readonly ref struct SctpHeader
{
    public const int LengthMin = 12;
    private readonly ReadOnlySpan<byte> _packet;
    private readonly int _length;

    private SctpHeader(ReadOnlySpan<byte> packet, int length)
    {
        _packet = packet;
        _length = length;
    }

    public int SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_packet);
    public int DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_packet[2..]);
    public uint VerificationTag => BinaryPrimitives.ReadUInt32BigEndian(_packet[4..]);
    public uint Checksum => BinaryPrimitives.ReadUInt32LittleEndian(_packet[8..]);
    /// <summary>The chunks in order. The walk ends at the first that is damaged and says why in its status.</summary>
    public SctpChunks Chunks => new(_packet[LengthMin..], _length - LengthMin);

    public static DecodeStatus Read(in IpPacket packet, out SctpHeader header) =>
        Read(packet.Payload, out header, packet.PayloadLength);

    /// <param name="ipPayloadLength">Bytes on the wire; 0 means "as many as are in <paramref name="bytes"/>".</param>
    public static DecodeStatus Read(ReadOnlySpan<byte> bytes, out SctpHeader header, int ipPayloadLength = 0)
    {
        header = default;
        if (bytes.Length < LengthMin) return DecodeStatus.Truncated;
        header = new(bytes, Math.Max(bytes.Length, ipPayloadLength));
        return DecodeStatus.Ok;
    }

    /// <summary>Writes the common header with checksum 0, and returns its length.</summary>
    public static int Write(Span<byte> destination, int sourcePort, int destinationPort, uint verificationTag)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, checked((ushort)sourcePort));
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], checked((ushort)destinationPort));
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], verificationTag);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], 0);
        return LengthMin;
    }

    /// <summary>Puts the CRC-32C into a whole packet (RFC 9260 §6.8 and appendix A).</summary>
    public static void WriteChecksum(Span<byte> packet)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(packet[8..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(packet[8..], Crc32C.Compute(packet));
    }
}
