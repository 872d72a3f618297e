using Testbed.Lab.Native;
using Testbed.Lab.Topology;
using Testbed.Wire.Ip;

namespace Testbed.Lab.UserPlane;

/// <summary>One of the UPF's interfaces towards a data network, and the one host there.</summary>
/// <param name="Host">Address of the data network's host as a big-endian number.</param>
internal sealed record N6Port(string Interface, int Fd, SendPort ToHost, uint Host)
{
    /// <summary>Call inside namespace upf.</summary>
    public static N6Port Open(SliceAccess slice)
    {
        int fd = LabSockets.OpenPacket(slice.N6Interface, out int interfaceIndex);
        return new(
            slice.N6Interface, fd, SendPort.ToMac(fd, interfaceIndex, slice.HostMac),
            HostAddress.Parse(slice.HostAddress).Ipv4Bits);
    }
}

/// <summary>One of the UPF's N3 addresses, with its UDP socket.</summary>
internal sealed record N3Endpoint(string Address, int Fd)
{
    public uint AddressBits { get; } = HostAddress.Parse(Address).Ipv4Bits;

    /// <summary>Call inside namespace upf.</summary>
    public static N3Endpoint Open(string address) => new(address, LabSockets.OpenUdp(address, Plan.GtpUPort));
}
