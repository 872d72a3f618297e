using System.Buffers.Binary;
using Testbed.Wire.Ip;

namespace Testbed.Lab.UserPlane;

/// <summary>What a router does to a packet that passes.</summary>
internal static class Routing
{
    private const int TimeToLiveOffset = 8;
    private const int ChecksumOffset = 10;

    /// <summary>Takes one from the time to live of a checked IPv4 header; false when the packet ends here.</summary>
    public static bool TryHop(Span<byte> packet)
    {
        if (packet[TimeToLiveOffset] <= 1) return false;
        ushort before = BinaryPrimitives.ReadUInt16BigEndian(packet[TimeToLiveOffset..]);
        packet[TimeToLiveOffset]--;
        ushort after = BinaryPrimitives.ReadUInt16BigEndian(packet[TimeToLiveOffset..]);
        ushort checksum = BinaryPrimitives.ReadUInt16BigEndian(packet[ChecksumOffset..]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[ChecksumOffset..], Checksum.Update(checksum, before, after));
        return true;
    }
}
