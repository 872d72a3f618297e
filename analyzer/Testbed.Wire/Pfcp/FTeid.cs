using System.Buffers.Binary;
using Testbed.Wire.Ip;

namespace Testbed.Wire.Pfcp;

/// <summary>
/// A fully qualified TEID (TS 29.244 §8.2.3): one end of a tunnel, or with <see cref="IsChoose"/> the wish that the
/// user plane picks one. In a wish the addresses are "none" and <see cref="ChooseIpv4"/> or <see cref="ChooseIpv6"/>
/// says which families are wanted; equal choose ids in one message ask for the same tunnel.
/// </summary>
public readonly record struct FTeid(uint Teid, HostAddress Ipv4, HostAddress Ipv6)
{
    public bool IsChoose => ChooseIpv4 || ChooseIpv6;
    public bool ChooseIpv4 { get; init; }
    public bool ChooseIpv6 { get; init; }
    public byte? ChooseId { get; init; }
    /// <summary>The IPv4 address where there is one, else the IPv6 address.</summary>
    public HostAddress Address => Ipv4.IsNone ? Ipv6 : Ipv4;

    public FTeid(uint teid, HostAddress address)
        : this(teid, address.IsIpv4 ? address : default, address.IsIpv4 ? default : address)
    {
    }

    public static FTeid ChooseOnIpv4(byte? chooseId = null) =>
        new() { ChooseIpv4 = true, ChooseId = chooseId };

    public static DecodeStatus Read(ReadOnlySpan<byte> value, out FTeid fTeid)
    {
        fTeid = default;
        if (value.IsEmpty) return DecodeStatus.BadLength;
        int flags = value[0];
        bool hasIpv4 = (flags & 0x01) != 0, hasIpv6 = (flags & 0x02) != 0;
        if (!hasIpv4 && !hasIpv6) return DecodeStatus.BadField;
        if ((flags & 0x04) != 0)
        {
            bool hasId = (flags & 0x08) != 0;
            if (hasId && value.Length < 2) return DecodeStatus.BadLength;
            fTeid = new() { ChooseIpv4 = hasIpv4, ChooseIpv6 = hasIpv6, ChooseId = hasId ? value[1] : null };
            return DecodeStatus.Ok;
        }
        if (value.Length < 5 + (hasIpv4 ? 4 : 0) + (hasIpv6 ? 16 : 0)) return DecodeStatus.BadLength;
        uint teid = BinaryPrimitives.ReadUInt32BigEndian(value[1..]);
        int at = 5;
        HostAddress ipv4 = hasIpv4 ? HostAddress.From(value.Slice(at, 4)) : default;
        if (hasIpv4) at += 4;
        HostAddress ipv6 = hasIpv6 ? HostAddress.From(value.Slice(at, 16)) : default;
        fTeid = new(teid, ipv4, ipv6);
        return DecodeStatus.Ok;
    }

    public void Write(ref PfcpWriter writer)
    {
        int begin = writer.Begin(PfcpElementType.FTeid);
        if (IsChoose)
        {
            writer.Put((byte)(0x04 | (ChooseIpv4 ? 1 : 0) | (ChooseIpv6 ? 2 : 0) | (ChooseId is null ? 0 : 8)));
            if (ChooseId is { } id) writer.Put(id);
        }
        else
        {
            writer.Put((byte)((Ipv4.IsNone ? 0 : 1) | (Ipv6.IsNone ? 0 : 2)));
            writer.Put(Teid);
            if (!Ipv4.IsNone) writer.Put(Ipv4);
            if (!Ipv6.IsNone) writer.Put(Ipv6);
        }
        writer.End(begin);
    }
}
