using System.Buffers.Binary;

namespace Testbed.Wire.Ip;

/// <summary>The Internet checksum (RFC 1071), with pseudo headers and incremental update (RFC 1624).</summary>
/// <remarks>
/// A "sum" is a one's complement sum that is not yet inverted, folded to 16 bits. Sums of blocks of even length
/// may be added, and folded again by <see cref="Fold"/>.
/// </remarks>
public static class Checksum
{
    /// <summary>
    /// One's complement sum of the bytes as big-endian words, at most 0xFFFF; odd ends are padded with 0.
    /// </summary>
    public static uint Sum(ReadOnlySpan<byte> bytes)
    {
        // Words may be summed in any byte order and swapped once at the end (RFC 1071 §2(B)), 32 bits at a time:
        // 2^32 of them fit in the accumulator.
        ulong sum = 0;
        while (bytes.Length >= 4)
        {
            sum += BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            bytes = bytes[4..];
        }
        if (bytes.Length >= 2)
        {
            sum += BinaryPrimitives.ReadUInt16LittleEndian(bytes);
            bytes = bytes[2..];
        }
        if (bytes.Length == 1) sum += bytes[0];
        return BinaryPrimitives.ReverseEndianness((ushort)Fold(sum));
    }

    /// <summary>Folds carries in until 16 bits are left.</summary>
    public static uint Fold(ulong sum)
    {
        sum = (sum & 0xFFFF_FFFF) + (sum >> 32);
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (uint)((sum & 0xFFFF) + (sum >> 16));
    }

    /// <summary>The checksum to write: over an IPv4 header, or an ICMP message, with its checksum field zero.</summary>
    public static ushort Compute(ReadOnlySpan<byte> bytes) => (ushort)~Sum(bytes);

    /// <summary>True when bytes that hold their checksum sum up to all ones.</summary>
    public static bool IsValid(ReadOnlySpan<byte> bytes) => Sum(bytes) == 0xFFFF;

    /// <summary>
    /// Sum of the pseudo header of TCP and UDP; addresses of 4 bytes (RFC 768) or 16 (RFC 8200 §8.1).
    /// </summary>
    public static uint PseudoHeaderSum(
        ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, byte protocol, int segmentLength) =>
        Fold((ulong)Sum(source) + Sum(destination) + protocol
            + ((uint)segmentLength >> 16) + ((uint)segmentLength & 0xFFFF));

    /// <summary>
    /// Checksum of a TCP, UDP or ICMPv6 segment whose checksum field is zero. For UDP, 0 is sent as 0xFFFF.
    /// </summary>
    public static ushort Compute(
        ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, byte protocol, ReadOnlySpan<byte> segment)
    {
        ulong sum = (ulong)PseudoHeaderSum(source, destination, protocol, segment.Length) + Sum(segment);
        ushort checksum = (ushort)~Fold(sum);
        return checksum == 0 && protocol == IpProtocol.Udp ? (ushort)0xFFFF : checksum;
    }

    /// <summary>True when a whole segment agrees with the checksum that it holds.</summary>
    public static bool IsValid(
        ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, byte protocol, ReadOnlySpan<byte> segment) =>
        Fold((ulong)PseudoHeaderSum(source, destination, protocol, segment.Length) + Sum(segment)) == 0xFFFF;

    /// <summary>The checksum after one aligned 16-bit word changed (RFC 1624 §3, equation 3).</summary>
    public static ushort Update(ushort checksum, ushort oldWord, ushort newWord) =>
        (ushort)~Fold((ulong)(ushort)~checksum + (ushort)~oldWord + newWord);

    /// <summary>The checksum after aligned bytes of even length changed, an address for instance.</summary>
    public static ushort Update(ushort checksum, ReadOnlySpan<byte> oldBytes, ReadOnlySpan<byte> newBytes) =>
        (ushort)~Fold((ulong)(ushort)~checksum + (ushort)~Sum(oldBytes) + Sum(newBytes));
}
