using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Testbed.Probes.Sockets;

/// <summary>A sockaddr_in or sockaddr_in6 as the kernel wants it; a value, so that comparing costs nothing.</summary>
[StructLayout(LayoutKind.Sequential, Size = 28)]
internal unsafe struct SockAddr : IEquatable<SockAddr>
{
    private const int Ipv4Length = 16, Ipv6Length = 28;

    private fixed byte _bytes[Ipv6Length];

    public readonly ushort Family => MemoryMarshal.Read<ushort>(Span);
    public readonly bool IsIpv6 => Family == Libc.AfInet6;
    public readonly uint Length => IsIpv6 ? (uint)Ipv6Length : Ipv4Length;
    public readonly int Port => BinaryPrimitives.ReadUInt16BigEndian(Span[2..]);
    /// <summary>Bytes of the IP header without options or extension headers.</summary>
    public readonly int IpHeaderLength => IsIpv6 ? 40 : 20;

    [UnscopedRef]
    private readonly ReadOnlySpan<byte> Span =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.AsRef(in _bytes[0]), Ipv6Length);

    public static SockAddr Create(IPAddress address, int port)
    {
        SockAddr result = default;
        Span<byte> bytes = new(&result, Ipv6Length);
        bool ipv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        ushort family = ipv6 ? (ushort)Libc.AfInet6 : (ushort)Libc.AfInet;
        MemoryMarshal.Write(bytes, in family);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], checked((ushort)port));
        address.TryWriteBytes(bytes[(ipv6 ? 8 : 4)..], out _);
        if (ipv6) MemoryMarshal.Write(bytes[24..], (uint)address.ScopeId);
        return result;
    }

    public readonly SockAddr WithPort(int port)
    {
        SockAddr result = this;
        BinaryPrimitives.WriteUInt16BigEndian(new Span<byte>(&result, Ipv6Length)[2..], checked((ushort)port));
        return result;
    }

    public readonly IPAddress Address => new(IsIpv6 ? Span.Slice(8, 16) : Span.Slice(4, 4));

    public readonly bool SameAddress(in SockAddr other) => Family == other.Family
        && (IsIpv6 ? Span.Slice(8, 16).SequenceEqual(other.Span.Slice(8, 16))
            : Span.Slice(4, 4).SequenceEqual(other.Span.Slice(4, 4)));

    /// <summary>Family, address and port; flow label and scope do not tell peers apart.</summary>
    public readonly bool Equals(SockAddr other) => Port == other.Port && SameAddress(in other);

    public override readonly bool Equals(object? obj) => obj is SockAddr other && Equals(other);
    public override readonly int GetHashCode() => HashCode.Combine(Family, Port, MemoryMarshal.Read<int>(Span[4..]));
    public override readonly string ToString() => new IPEndPoint(Address, Port).ToString();
}
