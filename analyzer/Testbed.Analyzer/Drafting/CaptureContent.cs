using Testbed.Analyzer.Captures;
using Testbed.Wire;
using Testbed.Wire.Files;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Link;
using Testbed.Wire.Pfcp;
using Testbed.Wire.Transport;

namespace Testbed.Analyzer.Drafting;

/// <summary>What a capture file holds: enough to tell at which reference point it was taken.</summary>
internal sealed record CaptureContent(string Path)
{
    public long GtpU { get; private set; }
    public long Pfcp { get; private set; }
    public long Ngap { get; private set; }
    /// <summary>IP packets that are none of these.</summary>
    public long OtherIp { get; private set; }
    public long Packets => GtpU + Pfcp + Ngap + OtherIp;
    /// <summary>Names of the interfaces, where the file tells them.</summary>
    public IReadOnlyList<string> Interfaces { get; private set; } = [];

    /// <exception cref="CaptureFileException">The file is no capture.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static CaptureContent Read(string path, CancellationToken cancellation)
    {
        CaptureContent content = new(path);
        using CaptureFileSource source = CaptureFiles.Open(path);
        while (source.TryRead(out CapturedFrame frame))
        {
            if ((source.FrameCount & 0xFFF) == 0) cancellation.ThrowIfCancellationRequested();
            if (LinkFrame.Read(source.Interfaces[frame.Interface].LinkType, frame.Bytes, out LinkFrame link)
                is DecodeStatus.Ok && link.IsIp
                && IpPacket.Read(link.Payload, out IpPacket packet, frame.OriginalLength - link.PayloadOffset)
                is DecodeStatus.Ok) content.Count(packet);
        }
        content.Interfaces =
            [.. source.Interfaces.Select(each => each.Name).Where(name => name.Length > 0).Distinct()];
        return content;
    }

    private void Count(in IpPacket packet)
    {
        if (packet.Protocol == IpProtocol.Sctp && HasNgap(packet)) Ngap++;
        else if (packet.Protocol != IpProtocol.Udp || UdpHeader.Read(packet, out UdpHeader udp) is not DecodeStatus.Ok)
            OtherIp++;
        else if (HasPort(udp, PfcpHeader.Port) && PfcpHeader.Read(udp.Payload, out _) is DecodeStatus.Ok) Pfcp++;
        else if (HasPort(udp, GtpUHeader.Port) && GtpUHeader.Read(udp, out _) is DecodeStatus.Ok) GtpU++;
        else OtherIp++;
    }

    private static bool HasPort(in UdpHeader udp, int port) => udp.SourcePort == port || udp.DestinationPort == port;

    private static bool HasNgap(in IpPacket packet)
    {
        if (SctpHeader.Read(packet, out SctpHeader sctp) is not DecodeStatus.Ok) return false;
        foreach (SctpChunk chunk in sctp.Chunks)
            if (chunk.TryReadData(out SctpData data) && data.PayloadProtocol == SctpChunk.NgapPayloadProtocol)
                return true;
        return false;
    }
}
