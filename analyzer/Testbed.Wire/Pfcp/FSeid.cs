using System.Buffers.Binary;
using Testbed.Wire.Ip;

namespace Testbed.Wire.Pfcp;

/// <summary>A fully qualified session endpoint identifier (TS 29.244 §8.2.37).</summary>
public readonly record struct FSeid(ulong Seid, HostAddress Ipv4, HostAddress Ipv6)
{
    public FSeid(ulong seid, HostAddress address)
        : this(seid, address.IsIpv4 ? address : default, address.IsIpv4 ? default : address)
    {
    }

    public static DecodeStatus Read(ReadOnlySpan<byte> value, out FSeid fSeid)
    {
        fSeid = default;
        if (value.IsEmpty) return DecodeStatus.BadLength;
        // The two bits stand the other way round than in an F-TEID.
        bool hasIpv6 = (value[0] & 0x01) != 0, hasIpv4 = (value[0] & 0x02) != 0;
        if (value.Length < 9 + (hasIpv4 ? 4 : 0) + (hasIpv6 ? 16 : 0)) return DecodeStatus.BadLength;
        int at = 9;
        HostAddress ipv4 = hasIpv4 ? HostAddress.From(value.Slice(at, 4)) : default;
        if (hasIpv4) at += 4;
        HostAddress ipv6 = hasIpv6 ? HostAddress.From(value.Slice(at, 16)) : default;
        fSeid = new(BinaryPrimitives.ReadUInt64BigEndian(value[1..]), ipv4, ipv6);
        return DecodeStatus.Ok;
    }

    public void Write(ref PfcpWriter writer)
    {
        int begin = writer.Begin(PfcpElementType.FSeid);
        writer.Put((byte)((Ipv6.IsNone ? 0 : 1) | (Ipv4.IsNone ? 0 : 2)));
        writer.Put(Seid);
        if (!Ipv4.IsNone) writer.Put(Ipv4);
        if (!Ipv6.IsNone) writer.Put(Ipv6);
        writer.End(begin);
    }
}
