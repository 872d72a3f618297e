using System.Runtime.InteropServices;
using Testbed.Lab.Native;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Incidents;

/// <summary>
/// Frames that pass the tap of N4 and concern nobody: an address that no interface has, a type for experiments
/// (IEEE 802 local experimental EtherType 1).
/// </summary>
internal static unsafe class TapFlood
{
    private const int FrameBytes = 1514;
    private const ushort ExperimentalType = 0x88B5;
    private static ReadOnlySpan<byte> Nobody => [0x02, 0x00, 0x00, 0x04, 0x00, 0xEE];

    /// <summary>Sends as fast as the kernel takes them; returns when all are sent.</summary>
    public static void OnN4(int frames)
    {
        int fd = NetworkNamespace.Run(Plan.Core, () => LabSockets.OpenRawPacket("n4", out _));
        int index = NetworkNamespace.Run(Plan.Core, () => (int)Libc.InterfaceIndex("n4"));
        byte* frame = (byte*)NativeMemory.AllocZeroed(FrameBytes);
        try
        {
            Span<byte> bytes = new(frame, FrameBytes);
            Nobody.CopyTo(bytes);
            Nobody.CopyTo(bytes[6..]);
            bytes[11]++;
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(bytes[12..], ExperimentalType);
            SendPort port = SendPort.ToMac(fd, index, "02:00:00:04:00:ee");
            using SendList sends = new();
            for (int i = 0; i < frames; i++) sends.Add(frame, FrameBytes, port);
            sends.Flush();
        }
        finally
        {
            NativeMemory.Free(frame);
            _ = Libc.Close(fd);
        }
    }
}
