using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Testbed.Lab.Native;

/// <summary>A socket and the address that packets go to through it. Lives as long as the lab.</summary>
internal sealed unsafe class SendPort
{
    public const int AddressBytesInet = 16;
    private const int AddressBytesLink = 20;
    /// <summary>struct cmsghdr and an int, on eight bytes.</summary>
    private const int MarkBytes = 24;

    private SendPort(int fd, byte* address, uint addressLength)
    {
        Fd = fd;
        Address = address;
        AddressLength = addressLength;
    }

    /// <summary>A control message that marks each packet; null for none.</summary>
    public byte* Control { get; private init; }
    public nuint ControlLength => Control is null ? 0 : (nuint)MarkBytes;

    public int Fd { get; }
    public byte* Address { get; }
    public uint AddressLength { get; }

    /// <summary>Through a UDP socket to an IPv4 peer.</summary>
    /// <param name="dscp">Of the outer header, 0–63.</param>
    public static SendPort ToPeer(int fd, UdpPeer peer, byte dscp = 0)
    {
        byte* address = (byte*)NativeMemory.AllocZeroed(AddressBytesInet);
        WriteAddress(new(address, AddressBytesInet), peer);
        return new(fd, address, AddressBytesInet) { Control = dscp == 0 ? null : Mark(dscp) };
    }

    private static byte* Mark(byte dscp)
    {
        byte* mark = (byte*)NativeMemory.AllocZeroed(MarkBytes);
        Span<byte> bytes = new(mark, MarkBytes);
        MemoryMarshal.Write(bytes, (nuint)(MarkBytes - sizeof(int)));
        MemoryMarshal.Write(bytes[8..], LinuxConstants.LevelIp);
        MemoryMarshal.Write(bytes[12..], LinuxConstants.OptionTypeOfService);
        MemoryMarshal.Write(bytes[16..], dscp << 2);
        return mark;
    }

    /// <summary>Writes a <c>struct sockaddr_in</c> into 16 bytes.</summary>
    public static void WriteAddress(Span<byte> bytes, UdpPeer peer)
    {
        bytes[..AddressBytesInet].Clear();
        MemoryMarshal.Write(bytes, (ushort)LinuxConstants.FamilyInet);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], peer.Port);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], peer.Address);
    }

    /// <summary>Through a packet socket as an IPv4 frame to a MAC address such as <c>02:00:00:45:00:01</c>.</summary>
    public static SendPort ToMac(int fd, int interfaceIndex, string mac)
    {
        byte* address = (byte*)NativeMemory.AllocZeroed(AddressBytesLink);
        Span<byte> bytes = new(address, AddressBytesLink);
        MemoryMarshal.Write(bytes, (ushort)LinuxConstants.FamilyPacket);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], LinuxConstants.EtherTypeIpv4);
        MemoryMarshal.Write(bytes[4..], interfaceIndex);
        string[] parts = mac.Split(':');
        bytes[11] = (byte)parts.Length;
        for (int i = 0; i < parts.Length; i++)
            bytes[12 + i] = byte.Parse(parts[i], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return new(fd, address, AddressBytesLink);
    }
}
