using System.Buffers.Binary;
using Testbed.Wire.Packets;

namespace Testbed.Wire.Link;

/// <summary>Which way a frame of an "any" capture went, as the Linux kernel names it (PACKET_HOST and so on).</summary>
public enum SllPacketType
{
    ToUs = 0,
    Broadcast = 1,
    Multicast = 2,
    ToOther = 3,
    FromUs = 4,
}

/// <summary>
/// What a Linux cooked header (LINKTYPE_LINUX_SLL 113 or LINKTYPE_LINUX_SLL2 276) says beyond the protocol.
/// Captures on the "any" device hold a forwarded packet several times; these fields tell the copies apart.
/// </summary>
/// <param name="InterfaceIndex">Index of the interface on the capturing host; 0 in version 1, which has none.</param>
/// <param name="HardwareType">ARPHRD number of the interface.</param>
public readonly record struct LinuxSllHeader(SllPacketType PacketType, int InterfaceIndex, int HardwareType)
{
    public static DecodeStatus Read(LinkType linkType, ReadOnlySpan<byte> frame, out LinuxSllHeader header)
    {
        header = default;
        switch (linkType)
        {
            case LinkType.LinuxSll:
                if (frame.Length < 16) return DecodeStatus.Truncated;
                header = new(
                    (SllPacketType)BinaryPrimitives.ReadUInt16BigEndian(frame), 0,
                    BinaryPrimitives.ReadUInt16BigEndian(frame[2..]));
                return DecodeStatus.Ok;
            case LinkType.LinuxSll2:
                if (frame.Length < 20) return DecodeStatus.Truncated;
                header = new(
                    (SllPacketType)frame[10], BinaryPrimitives.ReadInt32BigEndian(frame[4..]),
                    BinaryPrimitives.ReadUInt16BigEndian(frame[8..]));
                return DecodeStatus.Ok;
            default:
                return DecodeStatus.Unsupported;
        }
    }
}
