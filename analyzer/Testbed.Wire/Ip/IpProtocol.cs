namespace Testbed.Wire.Ip;

/// <summary>Protocol numbers of IPv4 and next headers of IPv6, from the IANA registry.</summary>
public static class IpProtocol
{
    public const byte HopByHop = 0;
    public const byte Icmp = 1;
    /// <summary>An IPv4 packet (RFC 2003).</summary>
    public const byte Ipv4InIp = 4;
    public const byte Tcp = 6;
    public const byte Udp = 17;
    /// <summary>An IPv6 packet (RFC 2473, RFC 4213).</summary>
    public const byte Ipv6InIp = 41;
    public const byte Routing = 43;
    public const byte Fragment = 44;
    public const byte Gre = 47;
    public const byte Esp = 50;
    public const byte Authentication = 51;
    public const byte Icmpv6 = 58;
    public const byte NoNextHeader = 59;
    public const byte DestinationOptions = 60;
    public const byte Sctp = 132;
    public const byte Mobility = 135;
    public const byte HostIdentity = 139;
    public const byte Shim6 = 140;
}
