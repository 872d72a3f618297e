using System.Buffers.Binary;
using Testbed.Wire.Ip;

namespace Testbed.Wire.Pfcp;

/// <summary>
/// The outer header that a forwarding rule adds (TS 29.244 §8.2.56): for the downlink the gNB's end of the tunnel.
/// </summary>
/// <param name="Description">As coded, two bytes; 0x0100 is GTP-U over UDP over IPv4, 0x0200 over IPv6.</param>
public readonly record struct OuterHeaderCreation(
    ushort Description, uint Teid, HostAddress Ipv4, HostAddress Ipv6, ushort UdpPort = 0)
{
    private const ushort GtpU = 0x0300;
    private const ushort WithIpv4 = 0x1500;
    private const ushort WithIpv6 = 0x2A00;
    private const ushort WithPort = 0x0C00;

    public bool IsGtpU => (Description & GtpU) != 0;
    public HostAddress Address => Ipv4.IsNone ? Ipv6 : Ipv4;

    /// <summary>GTP-U to one tunnel end.</summary>
    public static OuterHeaderCreation ToTunnel(uint teid, HostAddress address) => address.IsIpv4
        ? new(0x0100, teid, address, default)
        : new(0x0200, teid, default, address);

    public static DecodeStatus Read(ReadOnlySpan<byte> value, out OuterHeaderCreation creation)
    {
        creation = default;
        if (value.Length < 2) return DecodeStatus.BadLength;
        ushort description = BinaryPrimitives.ReadUInt16BigEndian(value);
        ReadOnlySpan<byte> rest = value[2..];
        int length = Bytes(description, GtpU, 4) + Bytes(description, WithIpv4, 4)
            + Bytes(description, WithIpv6, 16) + Bytes(description, WithPort, 2);
        if (rest.Length < length) return DecodeStatus.BadLength;
        uint teid = (description & GtpU) != 0 ? BinaryPrimitives.ReadUInt32BigEndian(rest) : 0;
        rest = rest[Bytes(description, GtpU, 4)..];
        HostAddress ipv4 = (description & WithIpv4) != 0 ? HostAddress.From(rest[..4]) : default;
        rest = rest[Bytes(description, WithIpv4, 4)..];
        HostAddress ipv6 = (description & WithIpv6) != 0 ? HostAddress.From(rest[..16]) : default;
        rest = rest[Bytes(description, WithIpv6, 16)..];
        ushort port = (description & WithPort) != 0 ? BinaryPrimitives.ReadUInt16BigEndian(rest) : (ushort)0;
        creation = new(description, teid, ipv4, ipv6, port);
        return DecodeStatus.Ok;
    }

    public void Write(ref PfcpWriter writer)
    {
        int begin = writer.Begin(PfcpElementType.OuterHeaderCreation);
        writer.Put(Description);
        if (IsGtpU) writer.Put(Teid);
        if ((Description & WithIpv4) != 0) writer.Put(Ipv4);
        if ((Description & WithIpv6) != 0) writer.Put(Ipv6);
        if ((Description & WithPort) != 0) writer.Put(UdpPort);
        writer.End(begin);
    }

    private static int Bytes(ushort description, ushort flags, int length) => (description & flags) != 0 ? length : 0;
}
