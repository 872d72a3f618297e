using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Testbed.Wire.Ip;

namespace Testbed.Lab.Native;

/// <summary>Opens the lab's sockets. Call inside the namespace that the socket shall belong to.</summary>
internal static unsafe class LabSockets
{
    /// <summary>Bytes asked for; the kernel grants what its limits allow and the loops read fast.</summary>
    private const int BufferBytes = 8 << 20;

    /// <summary>A UDP socket bound to an IPv4 address and port.</summary>
    public static int OpenUdp(string address, ushort port)
    {
        int fd = Libc.Check(
            Libc.Socket(
                LinuxConstants.FamilyInet, LinuxConstants.SocketDatagram | LinuxConstants.CloseOnExec, 0),
            "UDP socket");
        GrowBuffers(fd);
        byte* name = stackalloc byte[16];
        Span<byte> bytes = new(name, 16);
        bytes.Clear();
        MemoryMarshal.Write(bytes, (ushort)LinuxConstants.FamilyInet);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], port);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], HostAddress.Parse(address).Ipv4Bits);
        Libc.Check(Libc.Bind(fd, name, 16), $"bind UDP {address}:{port}");
        return fd;
    }

    /// <summary>
    /// A packet socket that hears the IPv4 frames arriving on one interface, without their Ethernet header.
    /// </summary>
    public static int OpenPacket(string interfaceName, out int interfaceIndex)
    {
        int fd = Libc.Check(
            Libc.Socket(
                LinuxConstants.FamilyPacket, LinuxConstants.SocketDatagram | LinuxConstants.CloseOnExec, 0),
            "packet socket");
        GrowBuffers(fd);
        BindPacket(fd, interfaceName, LinuxConstants.EtherTypeIpv4, out interfaceIndex);
        return fd;
    }

    private static void BindPacket(int fd, string interfaceName, ushort etherType, out int interfaceIndex)
    {
        interfaceIndex = (int)Libc.InterfaceIndex(interfaceName);
        if (interfaceIndex == 0) throw LabException.FromErrno($"interface {interfaceName}");
        byte* name = stackalloc byte[20];
        Span<byte> bytes = new(name, 20);
        bytes.Clear();
        MemoryMarshal.Write(bytes, (ushort)LinuxConstants.FamilyPacket);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], etherType);
        MemoryMarshal.Write(bytes[4..], interfaceIndex);
        Libc.Check(Libc.Bind(fd, name, 20), $"bind packet socket to {interfaceName}");
    }

    /// <summary>Makes the datagrams of a UDP socket look like another host's: time to live, fragmentation.</summary>
    public static void ChangeHeaders(int fd, int timeToLive)
    {
        int dontDiscover = 0;
        Libc.Check(Libc.SetSocketOption(
            fd, LinuxConstants.LevelIp, LinuxConstants.OptionTimeToLive, &timeToLive, sizeof(int)), "IP_TTL");
        Libc.Check(Libc.SetSocketOption(
            fd, LinuxConstants.LevelIp, LinuxConstants.OptionMtuDiscover, &dontDiscover, sizeof(int)),
            "IP_MTU_DISCOVER");
    }

    /// <summary>Lets the kernel stamp what arrives, in nanoseconds.</summary>
    public static void StampArrivals(int fd)
    {
        int on = 1;
        Libc.Check(Libc.SetSocketOption(
            fd, LinuxConstants.LevelSocket, LinuxConstants.OptionTimestampNs, &on, sizeof(int)), "SO_TIMESTAMPNS");
    }

    /// <summary>
    /// A packet socket that hears all frames of one interface, in both directions and with their Ethernet headers.
    /// </summary>
    public static int OpenRawPacket(string interfaceName, out int interfaceIndex)
    {
        int fd = Libc.Check(
            Libc.Socket(LinuxConstants.FamilyPacket, LinuxConstants.SocketRaw | LinuxConstants.CloseOnExec, 0),
            "raw packet socket");
        GrowBuffers(fd);
        BindPacket(fd, interfaceName, LinuxConstants.EtherTypeAll, out interfaceIndex);
        return fd;
    }

    /// <summary>As above, of all interfaces of the namespace, in the order in which frames pass them.</summary>
    public static int OpenRawPacketOfAll()
    {
        // The protocol stands in network order here, and a socket that has one hears at once.
        int protocol = BinaryPrimitives.ReverseEndianness(LinuxConstants.EtherTypeAll);
        int fd = Libc.Check(
            Libc.Socket(
                LinuxConstants.FamilyPacket, LinuxConstants.SocketRaw | LinuxConstants.CloseOnExec, protocol),
            "raw packet socket");
        GrowBuffers(fd);
        return fd;
    }

    /// <summary>Packets that a packet socket had no room for since this was last asked (PACKET_STATISTICS).</summary>
    public static long PacketDrops(int fd)
    {
        uint* counts = stackalloc uint[2];
        uint length = 2 * sizeof(uint);
        return Libc.GetSocketOption(
            fd, LinuxConstants.LevelPacket, LinuxConstants.OptionPacketStatistics, counts, &length) == 0
            ? counts[1]
            : 0;
    }

    /// <summary>Datagrams that the UDP sockets of the thread's namespace had no room for.</summary>
    public static long UdpDrops()
    {
        string[][] lines = [.. File.ReadLines("/proc/thread-self/net/snmp")
            .Where(line => line.StartsWith("Udp:", StringComparison.Ordinal)).Select(line => line.Split(' '))];
        int column = lines.Length == 2 ? Array.IndexOf(lines[0], "RcvbufErrors") : -1;
        return column >= 0 && long.TryParse(lines[1][column], out long drops) ? drops : 0;
    }

    private static void GrowBuffers(int fd)
    {
        SetBuffer(fd, LinuxConstants.OptionReceiveBufferForce, LinuxConstants.OptionReceiveBuffer);
        SetBuffer(fd, LinuxConstants.OptionSendBufferForce, LinuxConstants.OptionSendBuffer);
    }

    // Beyond the system's limit only with CAP_NET_ADMIN outside of any user namespace.
    private static void SetBuffer(int fd, int forced, int limited)
    {
        int size = BufferBytes;
        if (Libc.SetSocketOption(fd, LinuxConstants.LevelSocket, forced, &size, sizeof(int)) != 0)
            _ = Libc.SetSocketOption(fd, LinuxConstants.LevelSocket, limited, &size, sizeof(int));
    }
}
