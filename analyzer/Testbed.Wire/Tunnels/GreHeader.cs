using System.Buffers.Binary;

namespace Testbed.Wire.Tunnels;

/// <summary>
/// A GRE header (RFC 2784, with key and sequence number of RFC 2890).
/// <code>
///  0                           2          4
///  | C | - | K | S | … version | protocol | [checksum, reserved] [key] [sequence number] payload
/// </code>
/// </summary>
/// <param name="Protocol">EtherType of the payload.</param>
/// <param name="Length">Bytes of the header with its optional fields, 4 to 16.</param>
/// <param name="Key">Null without the K flag.</param>
public readonly record struct GreHeader(ushort Protocol, int Length, uint? Key)
{
    private const int LengthMin = 4;
    private const int HasChecksum = 0x8000;
    private const int HasRouting = 0x4000;
    private const int HasKey = 0x2000;
    private const int HasSequence = 0x1000;
    private const int VersionMask = 0x0007;

    /// <summary>
    /// Reads the header at the start of a GRE packet. Version 1 (PPTP, RFC 2637) carries a user's own tunnel and is
    /// <see cref="DecodeStatus.BadVersion"/>; source routes (RFC 1701), which RFC 2784 took away, are
    /// <see cref="DecodeStatus.Unsupported"/>.
    /// </summary>
    public static DecodeStatus Read(ReadOnlySpan<byte> bytes, out GreHeader header)
    {
        header = default;
        if (bytes.Length < LengthMin) return DecodeStatus.Truncated;
        int flags = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        if ((flags & VersionMask) != 0) return DecodeStatus.BadVersion;
        if ((flags & HasRouting) != 0) return DecodeStatus.Unsupported;
        int length = LengthMin;
        if ((flags & HasChecksum) != 0) length += 4;
        uint? key = null;
        if ((flags & HasKey) != 0)
        {
            if (bytes.Length < length + 4) return DecodeStatus.Truncated;
            key = BinaryPrimitives.ReadUInt32BigEndian(bytes[length..]);
            length += 4;
        }
        if ((flags & HasSequence) != 0) length += 4;
        if (bytes.Length < length) return DecodeStatus.Truncated;
        header = new(BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]), length, key);
        return DecodeStatus.Ok;
    }
}
