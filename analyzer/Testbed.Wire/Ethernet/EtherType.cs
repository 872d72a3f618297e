namespace Testbed.Wire.Ethernet;

/// <summary>EtherTypes that this product reads or writes, from the IEEE registry.</summary>
public static class EtherType
{
    public const ushort Ipv4 = 0x0800;
    public const ushort Arp = 0x0806;
    public const ushort Ipv6 = 0x86DD;
    /// <summary>IEEE 802.1Q customer tag.</summary>
    public const ushort Vlan = 0x8100;
    /// <summary>IEEE 802.1ad service tag.</summary>
    public const ushort ServiceVlan = 0x88A8;
    /// <summary>Tag type of stacks older than 802.1ad, still met on metro switches.</summary>
    public const ushort OldServiceVlan = 0x9100;
    /// <summary>Transparent Ethernet bridging: a whole frame in GRE (RFC 1701).</summary>
    public const ushort TransparentEthernet = 0x6558;
    public const ushort MplsUnicast = 0x8847;
    public const ushort MplsMulticast = 0x8848;
    /// <summary>PPPoE discovery (RFC 2516): no user traffic.</summary>
    public const ushort PppoeDiscovery = 0x8863;
    public const ushort PppoeSession = 0x8864;
    /// <summary>Smaller values are an IEEE 802.3 length, not a type.</summary>
    public const ushort TypeMin = 0x0600;
}
