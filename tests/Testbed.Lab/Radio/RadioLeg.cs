using Testbed.Lab.Native;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Radio;

/// <summary>The gNB's end of one slice's "radio": a packet socket on the interface where its UEs are.</summary>
internal sealed record RadioLeg(SliceAccess Slice, int Fd, SendPort ToUe)
{
    /// <summary>Call inside namespace gnb.</summary>
    public static RadioLeg Open(SliceAccess slice)
    {
        int fd = LabSockets.OpenPacket(slice.GnbInterface, out int interfaceIndex);
        return new(slice, fd, SendPort.ToMac(fd, interfaceIndex, slice.UeMac));
    }
}
