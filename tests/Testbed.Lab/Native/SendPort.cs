using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Testbed.Lab.Native;

/// <summary>A socket and the address that packets go to through it. Lives as long as the lab.</summary>
internal sealed unsafe class SendPort
{
    public const int AddressBytesInet = 16;
    private const int AddressBytesLink = 20;

    private SendPort(int fd, byte* address, uint addressLength)
    {
        Fd = fd;
        Address = address;
        AddressLength = addressLength;
    }

    public int Fd { get; }
    public byte* Address { get; }
    public uint AddressLength { get; }

    /// <summary>Through a UDP socket to an IPv4 peer.</summary>
    public static SendPort ToPeer(int fd, UdpPeer peer)
    {
        byte* address = (byte*)NativeMemory.AllocZeroed(AddressBytesInet);
        WriteAddress(new(address, AddressBytesInet), peer);
        return new(fd, address, AddressBytesInet);
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
