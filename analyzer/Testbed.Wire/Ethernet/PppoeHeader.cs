using System.Buffers.Binary;

namespace Testbed.Wire.Ethernet;

/// <summary>
/// A PPPoE session header (RFC 2516 §4) with the PPP protocol field behind it (RFC 1661 §2).
/// <code>
///  0          1      2            4        6
///  |ver | type| code | session id | length | PPP protocol … payload
/// </code>
/// </summary>
/// <param name="SessionId">16 bits, unique between two MAC addresses.</param>
/// <param name="PayloadLength">Bytes behind the PPP protocol field, as the length field states.</param>
/// <param name="Protocol">PPP protocol number, e.g. 0x0021 for IPv4.</param>
/// <param name="Length">Bytes of the header, PPP protocol field included: 8, or 7 when that is compressed.</param>
public readonly record struct PppoeHeader(int SessionId, int PayloadLength, ushort Protocol, int Length)
{
    private const int FixedLength = 6;
    private const byte VersionAndType = 0x11;
    private const byte SessionCode = 0;
    private const ushort PppIpv4 = 0x0021;
    private const ushort PppIpv6 = 0x0057;
    private const ushort PppMplsUnicast = 0x0281;
    private const ushort PppMplsMulticast = 0x0283;

    /// <summary>The EtherType that says the same as the PPP protocol; that of PPPoE for everything else.</summary>
    public ushort EtherTypeInside => Protocol switch
    {
        PppIpv4 => EtherType.Ipv4,
        PppIpv6 => EtherType.Ipv6,
        PppMplsUnicast => EtherType.MplsUnicast,
        PppMplsMulticast => EtherType.MplsMulticast,
        _ => EtherType.PppoeSession,
    };

    /// <summary>Reads the header behind an EtherType of 0x8864.</summary>
    public static DecodeStatus Read(ReadOnlySpan<byte> bytes, out PppoeHeader header)
    {
        header = default;
        if (bytes.Length < FixedLength + 1) return DecodeStatus.Truncated;
        if (bytes[0] != VersionAndType) return DecodeStatus.BadVersion;
        if (bytes[1] != SessionCode) return DecodeStatus.BadField;
        // RFC 1661 §2: an odd first byte is the whole of a compressed protocol field.
        int fieldLength = (bytes[FixedLength] & 1) != 0 ? 1 : 2;
        int stated = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (stated < fieldLength) return DecodeStatus.BadLength;
        int length = FixedLength + fieldLength;
        if (bytes.Length < length) return DecodeStatus.Truncated;
        ushort protocol = fieldLength == 1
            ? bytes[FixedLength] : BinaryPrimitives.ReadUInt16BigEndian(bytes[FixedLength..]);
        header = new(BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]), stated - fieldLength, protocol, length);
        return DecodeStatus.Ok;
    }
}
