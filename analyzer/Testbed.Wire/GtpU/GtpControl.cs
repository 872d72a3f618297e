using System.Buffers.Binary;

namespace Testbed.Wire.GtpU;

/// <summary>What a datagram on a GTP port is.</summary>
public enum GtpFamily : byte
{
    None = 0,
    GtpU = 1,
    /// <summary>GTPv1-C (TS 29.060).</summary>
    GtpV1Control = 2,
    /// <summary>GTPv2-C (TS 29.274).</summary>
    GtpV2Control = 3,
    /// <summary>GTP' (TS 32.295), the charging protocol.</summary>
    GtpPrime = 4,
}

/// <summary>
/// The first bytes that all members of the GTP family share, from which the member shows. Control and charging messages
/// carry no user's packets and are counted only.
/// <code>
///  0                              1      2        4
///  | version (3) | PT or P, flags | type | length | TEID or sequence number …
/// </code>
/// </summary>
/// <param name="Family">Which protocol of the family.</param>
/// <param name="MessageType">As that protocol numbers them.</param>
/// <param name="MessageLength">Bytes of the message as its length field states, header included.</param>
public readonly record struct GtpControl(GtpFamily Family, byte MessageType, int MessageLength)
{
    /// <summary>UDP port of GTPv1-C and GTPv2-C (TS 29.060 §10.1.1, TS 29.274 §4.2.1).</summary>
    public const int Port = 2123;
    /// <summary>UDP port of GTP' (TS 32.295 §5.2.2).</summary>
    public const int ChargingPort = 3386;
    private const int HeaderV1Length = 8;
    private const int HeaderV2Length = 4;
    /// <summary>GTP' has a header of 6 bytes, but for the long form of version 0 (TS 32.295 §6.1.1).</summary>
    private const int PrimeLength = 6;
    private const int LongPrimeLength = 20;

    /// <param name="datagramLength">UDP payload bytes on the wire, against which the length is checked.</param>
    public static DecodeStatus Read(ReadOnlySpan<byte> datagram, int datagramLength, out GtpControl message)
    {
        message = default;
        if (datagram.IsEmpty) return DecodeStatus.Truncated;
        int version = datagram[0] >> 5;
        bool isPrime = version <= 2 && (datagram[0] & 0x10) == 0 && version != 2;
        // In version 0 the lowest bit says that the header is the short one.
        int headerLength = version == 2 ? HeaderV2Length
            : !isPrime ? HeaderV1Length : version == 0 && (datagram[0] & 1) == 0 ? LongPrimeLength : PrimeLength;
        if (version > 2 || (version == 0 && !isPrime)) return DecodeStatus.BadVersion;
        if (datagram.Length < 4) return DecodeStatus.Truncated;
        int length = headerLength + BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        if (length > datagramLength) return DecodeStatus.BadLength;
        byte type = datagram[1];
        GtpFamily family = isPrime ? GtpFamily.GtpPrime
            : version == 2 ? GtpFamily.GtpV2Control
            : type is 26 or >= 253 ? GtpFamily.GtpU : GtpFamily.GtpV1Control;
        message = new(family, type, length);
        return DecodeStatus.Ok;
    }
}
