using Testbed.Lab.Native;
using Testbed.Wire.Ip;

namespace Testbed.Lab.Access;

/// <summary>
/// A node's end of the N2 cable: whole IPv4 packets of protocol 132, made and read here. Lives as long as the lab.
/// </summary>
internal sealed unsafe class N2Port
{
    private const int PacketBytesMax = 1500;

    private readonly SendPort _peer;
    private readonly uint _own, _other;
    private readonly byte[] _packet = new byte[PacketBytesMax];
    private ushort _identification;

    private N2Port(int fd, int interfaceIndex, string own, string other, string otherMac)
    {
        Fd = fd;
        _peer = SendPort.ToMac(fd, interfaceIndex, otherMac);
        _own = HostAddress.Parse(own).Ipv4Bits;
        _other = HostAddress.Parse(other).Ipv4Bits;
    }

    public int Fd { get; }

    public static N2Port Open(string networkNamespace, string own, string other, string otherMac) =>
        NetworkNamespace.Run(networkNamespace, () =>
        {
            int fd = LabSockets.OpenPacket("n2", out int interfaceIndex);
            return new N2Port(fd, interfaceIndex, own, other, otherMac);
        });

    /// <summary>Sends one SCTP packet; a refusal by the kernel is like a loss on the way.</summary>
    public void Send(ReadOnlySpan<byte> sctp)
    {
        int length = Ipv4Header.Write(_packet, _own, _other, IpProtocol.Sctp, sctp.Length, ++_identification);
        sctp.CopyTo(_packet.AsSpan(length));
        fixed (byte* data = _packet)
            _ = Libc.SendTo(Fd, data, (nuint)(length + sctp.Length), 0, _peer.Address, _peer.AddressLength);
    }

    /// <summary>The SCTP packet in a received one; empty for anything else.</summary>
    public ReadOnlySpan<byte> Unwrap(in Datagram packet) =>
        Ipv4Header.Read(packet.Bytes, out Ipv4Header ip) is Wire.DecodeStatus.Ok && ip.Protocol == IpProtocol.Sctp
            && !ip.IsFragment && ip.SourceBits == _other && ip.DestinationBits == _own
            ? ip.Payload
            : default;
}
