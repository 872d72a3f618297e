using System.Runtime.CompilerServices;
using Testbed.Wire;
using Testbed.Wire.Link;
using Testbed.Wire.Packets;

namespace Testbed.Analyzer.Decoding.Frames;

/// <summary>What a record takes from its frame's capture header.</summary>
internal static class FrameFacts
{
    /// <summary>The year 2096. Later times are damage; without them no difference of two times overflows.</summary>
    private const long TimeMaxNs = 4_000_000_000_000_000_000;

    /// <summary>Capture time in nanoseconds, 0 for none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long TimeNs(in PacketSlot slot) => slot.TimestampNs is > 0 and < TimeMaxNs ? slot.TimestampNs : 0;

    /// <summary>As <see cref="PacketRecord.Sighting"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Sighting(LinkType linkType, ReadOnlySpan<byte> frame, int interfaceIndex) =>
        linkType is LinkType.LinuxSll or LinkType.LinuxSll2
        && LinuxSllHeader.Read(linkType, frame, out LinuxSllHeader header) is DecodeStatus.Ok
            ? (byte)(header.InterfaceIndex * 8 + (int)header.PacketType + 8 * interfaceIndex)
            : (byte)interfaceIndex;
}
