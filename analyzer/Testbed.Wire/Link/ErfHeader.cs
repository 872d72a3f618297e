using System.Buffers.Binary;
using Testbed.Wire.Ethernet;

namespace Testbed.Wire.Link;

/// <summary>
/// The header of an ERF record, as capture cards write it (Endace, "ERF types reference"); also what precedes each
/// frame of link type 197.
/// <code>
///  0           8      9       10              12             14            16
///  | time (LE) | type | flags | record length | loss counter | wire length | [8-byte extensions] [pad] frame
/// </code>
/// </summary>
/// <param name="TimestampNs">Nanoseconds since the Unix epoch, from seconds and their fraction, 32 bits each.</param>
/// <param name="RecordLength">Bytes of the record, this header included.</param>
/// <param name="WireLength">Bytes of the frame on the wire.</param>
/// <param name="FrameOffset">Offset of the frame in the record.</param>
/// <param name="EtherTypeInside">
/// 0 for an Ethernet frame, else that of a record without link header.
/// </param>
public readonly record struct ErfHeader(
    long TimestampNs, int RecordLength, int WireLength, int FrameOffset, ushort EtherTypeInside)
{
    public const int LengthMin = 16;
    private const int ExtensionLength = 8;
    /// <summary>More extension headers than any card writes.</summary>
    private const int ExtensionsMax = 16;
    private const int MoreExtensions = 0x80;
    /// <summary>Bytes of offset and padding between the header and an Ethernet frame.</summary>
    private const int EthernetPad = 2;
    private const long SecondNs = 1_000_000_000;

    /// <summary><see cref="DecodeStatus.Unsupported"/> for records of other links: ATM, HDLC, InfiniBand.</summary>
    public static DecodeStatus Read(ReadOnlySpan<byte> record, out ErfHeader header)
    {
        header = default;
        if (record.Length < LengthMin) return DecodeStatus.Truncated;
        int type = record[8];
        int offset = LengthMin;
        bool more = (type & MoreExtensions) != 0;
        for (int count = 0; more; count++)
        {
            if (count == ExtensionsMax) return DecodeStatus.TooDeep;
            if (record.Length < offset + ExtensionLength) return DecodeStatus.Truncated;
            more = (record[offset] & MoreExtensions) != 0;
            offset += ExtensionLength;
        }
        ushort etherType;
        switch (type & ~MoreExtensions)
        {
            // ETH; COLOR_ETH, DSM_COLOR_ETH and COLOR_HASH_ETH.
            case 2 or 11 or 16 or 20:
                etherType = 0;
                offset += EthernetPad;
                break;
            case 22:
                etherType = EtherType.Ipv4;
                break;
            case 23:
                etherType = EtherType.Ipv6;
                break;
            default:
                return DecodeStatus.Unsupported;
        }
        int length = BinaryPrimitives.ReadUInt16BigEndian(record[10..]);
        if (length < offset) return DecodeStatus.BadLength;
        if (record.Length < offset) return DecodeStatus.Truncated;
        ulong time = BinaryPrimitives.ReadUInt64LittleEndian(record);
        long ns = (long)(time >> 32) * SecondNs + (long)(((time & uint.MaxValue) * SecondNs) >> 32);
        header = new(ns, length, BinaryPrimitives.ReadUInt16BigEndian(record[14..]), offset, etherType);
        return DecodeStatus.Ok;
    }
}
