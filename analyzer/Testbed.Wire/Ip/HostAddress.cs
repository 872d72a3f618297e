using System.Buffers.Binary;
using System.Net;
using System.Runtime.CompilerServices;

namespace Testbed.Wire.Ip;

/// <summary>
/// An IPv4 or IPv6 address as a value: comparable, hashable, no heap. An IPv4 address is kept as its
/// IPv4-mapped IPv6 address (RFC 4291 §2.5.5.2). The default value is "::", used as "none".
/// </summary>
public readonly record struct HostAddress(ulong High, ulong Low) : IComparable<HostAddress>
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    public bool IsNone => (High | Low) == 0;
    public bool IsIpv4 => High == 0 && (Low & 0xFFFF_FFFF_0000_0000) == MappedPrefix;
    /// <summary>Bytes of the address: 4 or 16.</summary>
    public int Length => IsIpv4 ? 4 : 16;
    /// <summary>The four bytes as a big-endian number; meaningful for IPv4 only.</summary>
    public uint Ipv4Bits => (uint)Low;

    public static HostAddress FromIpv4(uint bits) => new(0, MappedPrefix | bits);

    /// <summary>From 4 or 16 bytes in network order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static HostAddress From(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => FromIpv4(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        16 => new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..])),
        _ => throw new ArgumentOutOfRangeException(nameof(bytes), bytes.Length, "An address has 4 or 16 bytes."),
    };

    public static HostAddress From(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out int written) ? From(bytes[..written]) : default;
    }

    public static HostAddress Parse(string text) => From(IPAddress.Parse(text));

    /// <summary>Writes 4 or 16 bytes in network order and returns how many.</summary>
    public int Write(Span<byte> destination)
    {
        if (IsIpv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, Ipv4Bits);
            return 4;
        }
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
        return 16;
    }

    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        return new(bytes[..Write(bytes)]);
    }

    public int CompareTo(HostAddress other) =>
        High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    public override string ToString() => ToIPAddress().ToString();

    public static bool operator <(HostAddress left, HostAddress right) => left.CompareTo(right) < 0;
    public static bool operator >(HostAddress left, HostAddress right) => left.CompareTo(right) > 0;
    public static bool operator <=(HostAddress left, HostAddress right) => left.CompareTo(right) <= 0;
    public static bool operator >=(HostAddress left, HostAddress right) => left.CompareTo(right) >= 0;
}
