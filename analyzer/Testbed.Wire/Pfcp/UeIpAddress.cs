using Testbed.Wire.Ip;

namespace Testbed.Wire.Pfcp;

/// <summary>A UE's address in a rule (TS 29.244 §8.2.62), or the wish that the user plane assigns one.</summary>
/// <param name="IsDestination">The rule matches packets to the UE, else from it.</param>
public readonly record struct UeIpAddress(HostAddress Ipv4, HostAddress Ipv6, bool IsDestination)
{
    public bool ChooseIpv4 { get; init; }
    public bool ChooseIpv6 { get; init; }
    /// <summary>Bits that the UE's prefix is shorter than /64 (prefix delegation).</summary>
    public byte? PrefixDelegationBits { get; init; }
    public byte? PrefixLength { get; init; }

    public static DecodeStatus Read(ReadOnlySpan<byte> value, out UeIpAddress address)
    {
        address = default;
        if (value.IsEmpty) return DecodeStatus.BadLength;
        int flags = value[0];
        ReadOnlySpan<byte> rest = value[1..];
        bool hasIpv6 = (flags & 0x01) != 0, hasIpv4 = (flags & 0x02) != 0;
        bool hasDelegation = (flags & 0x08) != 0, hasPrefix = (flags & 0x40) != 0;
        int length = (hasIpv4 ? 4 : 0) + (hasIpv6 ? 16 : 0) + (hasDelegation ? 1 : 0) + (hasPrefix ? 1 : 0);
        if (rest.Length < length) return DecodeStatus.BadLength;
        HostAddress ipv4 = hasIpv4 ? HostAddress.From(Take(ref rest, 4)) : default;
        HostAddress ipv6 = hasIpv6 ? HostAddress.From(Take(ref rest, 16)) : default;
        address = new(ipv4, ipv6, (flags & 0x04) != 0)
        {
            ChooseIpv4 = (flags & 0x10) != 0,
            ChooseIpv6 = (flags & 0x20) != 0,
            PrefixDelegationBits = hasDelegation ? Take(ref rest, 1)[0] : null,
            PrefixLength = hasPrefix ? Take(ref rest, 1)[0] : null,
        };
        return DecodeStatus.Ok;
    }

    public void Write(ref PfcpWriter writer)
    {
        int begin = writer.Begin(PfcpElementType.UeIpAddress);
        writer.Put((byte)(
            (Ipv6.IsNone ? 0 : 0x01) | (Ipv4.IsNone ? 0 : 0x02) | (IsDestination ? 0x04 : 0)
            | (PrefixDelegationBits is null ? 0 : 0x08) | (ChooseIpv4 ? 0x10 : 0) | (ChooseIpv6 ? 0x20 : 0)
            | (PrefixLength is null ? 0 : 0x40)));
        if (!Ipv4.IsNone) writer.Put(Ipv4);
        if (!Ipv6.IsNone) writer.Put(Ipv6);
        if (PrefixDelegationBits is { } bits) writer.Put(bits);
        if (PrefixLength is { } prefix) writer.Put(prefix);
        writer.End(begin);
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int length)
    {
        ReadOnlySpan<byte> taken = rest[..length];
        rest = rest[length..];
        return taken;
    }
}
