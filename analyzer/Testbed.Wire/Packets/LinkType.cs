namespace Testbed.Wire.Packets;

/// <summary>The link layer of a captured frame, by its number in the tcpdump.org link-type registry.</summary>
public enum LinkType
{
    /// <summary>BSD loopback: address family in the capturing host's byte order.</summary>
    Null = 0,
    Ethernet = 1,
    /// <summary>Raw IP as some BSDs number it.</summary>
    RawBsd = 12,
    RawOpenBsd = 14,
    Raw = 101,
    /// <summary>OpenBSD loopback: address family in network byte order.</summary>
    Loop = 108,
    LinuxSll = 113,
    /// <summary>A record of a capture card, with its own header before the frame.</summary>
    Erf = 197,
    Ipv4 = 228,
    Ipv6 = 229,
    LinuxSll2 = 276,
}
