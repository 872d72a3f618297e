using Testbed.Lab.Native;
using Testbed.Lab.Topology;
using Testbed.Wire.Ip;

namespace Testbed.Lab.UserPlane;

/// <summary>One of the UPF's interfaces towards a data network, and the host next to it there.</summary>
/// <param name="Host">Address of that host as a big-endian number.</param>
internal sealed record N6Port(string Interface, int Fd, SendPort ToHost, uint Host)
{
    /// <summary>Further hosts that it leads to; null for every one: it is a site's router.</summary>
    public IReadOnlyList<uint>? Beyond { get; init; } = [];

    /// <summary>Call inside namespace upf.</summary>
    /// <param name="beyond">Dotted quads.</param>
    public static N6Port Open(SliceAccess slice, params IEnumerable<string> beyond) => Open(
        slice.N6Interface, slice.HostMac, slice.HostAddress,
        [.. beyond.Select(host => HostAddress.Parse(host).Ipv4Bits)]);

    /// <summary>The edge's own N6. Call inside namespace upf.</summary>
    public static N6Port OpenEdge() => Open(Plan.EdgeInterface, Wiring.EdgeHostMac, Plan.EdgeHost, null);

    public bool LeadsTo(uint destination) =>
        destination == Host || Beyond is null || Beyond.Contains(destination);

    private static N6Port Open(string interfaceName, string mac, string host, IReadOnlyList<uint>? beyond)
    {
        int fd = LabSockets.OpenPacket(interfaceName, out int interfaceIndex);
        LabSockets.StampArrivals(fd);
        return new(
            interfaceName, fd, SendPort.ToMac(fd, interfaceIndex, mac), HostAddress.Parse(host).Ipv4Bits)
        {
            Beyond = beyond,
        };
    }
}

/// <summary>One of the UPF's N3 addresses, with its UDP socket.</summary>
internal sealed record N3Endpoint(string Address, int Fd)
{
    public uint AddressBits { get; } = HostAddress.Parse(Address).Ipv4Bits;

    /// <summary>Call inside namespace upf.</summary>
    public static N3Endpoint Open(string address)
    {
        int fd = LabSockets.OpenUdp(address, Plan.GtpUPort);
        LabSockets.StampArrivals(fd);
        return new(address, fd);
    }
}
