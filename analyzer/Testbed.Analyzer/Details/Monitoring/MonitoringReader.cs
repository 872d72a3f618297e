using Testbed.Analyzer.Captures;
using Testbed.Analyzer.Decoding;
using Testbed.Wire;
using Testbed.Wire.Files;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Link;
using Testbed.Wire.Packets;
using Testbed.Wire.Transport;
using Testbed.Wire.Tunnels;

namespace Testbed.Analyzer.Details.Monitoring;

/// <summary>
/// Reads the N3 files once more for the time stamps in PDU session containers: packets' records have no room for them.
/// Of a datagram in fragments the first one holds the container.
/// </summary>
internal sealed class MonitoringReader
{
    private readonly MonitoringCount _count = new();
    private readonly int _otherPort;

    private MonitoringReader(int otherPort) => _otherPort = otherPort;

    /// <summary>Null where no container carries time stamps.</summary>
    /// <exception cref="IOException">A file cannot be read again.</exception>
    public static MonitoringDetails? Read(AnalysisContext context, CancellationToken cancellation)
    {
        MonitoringReader reader = new(context.Request.Options.GtpUPort);
        foreach (TapCapture tap in context.Taps)
        {
            if (tap.Role is TapRole.N6) continue;
            // A capture time pairs with another one of its own clock only.
            reader._count.BeginTap();
            foreach (string file in tap.Files) reader.ReadFile(file, cancellation);
        }
        return reader._count.ToDetail();
    }

    private void ReadFile(string path, CancellationToken cancellation)
    {
        using CaptureFileSource source = CaptureFiles.Open(path);
        while (source.TryRead(out CapturedFrame frame))
        {
            if ((source.FrameCount & 0xFFFF) == 0) cancellation.ThrowIfCancellationRequested();
            ReadFrame(frame, source.Interfaces[frame.Interface].LinkType);
        }
    }

    private void ReadFrame(in CapturedFrame frame, LinkType linkType)
    {
        if (LinkFrame.Read(linkType, frame.Bytes, out LinkFrame link) is not DecodeStatus.Ok || !link.IsIp
            || IpCarrier.ReadInnermost(link.Payload, frame.OriginalLength - link.PayloadOffset, out IpPacket packet)
                is not DecodeStatus.Ok
            || packet.Protocol != IpProtocol.Udp
            || UdpHeader.Read(packet.Payload, out UdpHeader udp, packet.PayloadLength) is not DecodeStatus.Ok
            || !IsGtpUPort(udp.SourcePort, udp.DestinationPort)
            || GtpUHeader.Read(udp, out GtpUHeader gtpU) is not DecodeStatus.Ok
            || gtpU.MessageType is not GtpUMessageType.GPdu || !gtpU.HasPduSessionContainer) return;
        DecodeStatus status = PduSessionContainer.Read(gtpU.PduSessionContent, out PduSessionInformation information);
        if (status is DecodeStatus.Truncated) _count.Damaged++;
        if (status is not DecodeStatus.Ok) return;
        long timeNs = frame.TimestampNs > 0 ? frame.TimestampNs : 0;
        if (information.IsUplink) _count.AddUplink(information, packet.SourceAddress, timeNs);
        else if (information.MonitoringTimes is { } times)
            _count.AddDownlink(information.Qfi, times.DownlinkSent, packet.DestinationAddress, gtpU.Teid, timeNs);
    }

    private bool IsGtpUPort(int source, int destination) =>
        source == GtpUHeader.Port || destination == GtpUHeader.Port
        || (_otherPort != 0 && (source == _otherPort || destination == _otherPort));
}
