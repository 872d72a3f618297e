using Testbed.Lab.Native;
using Testbed.Lab.Topology;
using Testbed.Wire.Ip;

namespace Testbed.Lab.Behaviour;

/// <summary>Something in the UPF that looks at every uplink packet that it lets through.</summary>
internal interface IUplinkTee
{
    /// <param name="destination">As a big-endian number.</param>
    void See(in Datagram packet, uint destination);
}

/// <summary>
/// Sends a copy of what goes to one host to a collector in the central data network, wrapped in UDP: neither address
/// nor port of the copy is the original's.
/// </summary>
internal sealed class ExportToCentre(string host) : IUplinkTee
{
    /// <summary>Port of TaZmen Sniffer Protocol, a common way to mirror traffic to a collector.</summary>
    private const ushort CollectorPort = 37008;

    private static readonly UdpPeer Collector = new(HostAddress.Parse(Plan.HostA).Ipv4Bits, CollectorPort);

    private readonly uint _host = HostAddress.Parse(host).Ipv4Bits;
    private int _fd = -1;

    public void See(in Datagram packet, uint destination)
    {
        if (destination != _host) return;
        // Opened late: when faults are applied there is no network yet.
        if (_fd < 0) _fd = NetworkNamespace.Run(Plan.Upf, () => LabSockets.OpenUdp(Plan.UpfN6A, CollectorPort));
        UdpMessage.Send(_fd, Collector, packet.Bytes);
    }
}
