using Testbed.Wire.Files;
using Testbed.Wire.Ip;
using Testbed.Wire.Link;
using Testbed.Wire.Transport;

namespace Testbed.Wire.Tests.Captures;

/// <summary>Walks the frames of a capture to the payloads of their UDP datagrams, outermost headers only.</summary>
internal static class FrameWalk
{
    public delegate void Visit(in CapturedFrame frame, in UdpHeader udp);

    public static void Udp(string path, Visit visit)
    {
        using CaptureFileSource source = CaptureFile.Open(path);
        while (source.TryRead(out CapturedFrame frame))
        {
            if (LinkFrame.Read(source.Interfaces[frame.Interface].LinkType, frame.Bytes, out LinkFrame link)
                is not DecodeStatus.Ok || !link.IsIp) continue;
            int wireLength = frame.OriginalLength - link.PayloadOffset;
            if (IpPacket.Read(link.Payload, out IpPacket ip, wireLength) is not DecodeStatus.Ok) continue;
            if (ip.Protocol != IpProtocol.Udp) continue;
            if (UdpHeader.Read(ip, out UdpHeader udp) is DecodeStatus.Ok) visit(frame, udp);
        }
    }
}
