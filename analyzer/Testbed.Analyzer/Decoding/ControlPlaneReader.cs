using Testbed.Wire;
using Testbed.Wire.Files;
using Testbed.Wire.Ip;
using Testbed.Wire.Link;
using Testbed.Wire.Pfcp;
using Testbed.Wire.Transport;

namespace Testbed.Analyzer.Decoding;

/// <summary>One PFCP message as an N4 tap saw it.</summary>
/// <param name="Evidence">File and frame number.</param>
public sealed record CapturedPfcp(
    long TimeNs, HostAddress Source, HostAddress Destination, PfcpMessage Message, string Evidence);

/// <summary>Reads the N4 taps: few packets, so they are kept whole.</summary>
internal static class ControlPlaneReader
{
    /// <summary>Messages beyond this are counted and not kept; ten thousand sessions need sixty thousand.</summary>
    private const int MessagesMax = 4_000_000;

    /// <summary>All PFCP messages of all N4 taps by time, and how the frames decoded.</summary>
    public static (List<CapturedPfcp> Messages, DecodeTally Tally) Read(
        IReadOnlyList<TapInput> taps, CancellationToken cancellation)
    {
        List<CapturedPfcp> messages = [];
        DecodeTally tally = new();
        foreach (string path in taps.SelectMany(tap => tap.Files))
        {
            using CaptureFileSource source = CaptureFile.Open(path);
            while (source.TryRead(out CapturedFrame frame))
            {
                cancellation.ThrowIfCancellationRequested();
                tally.Frame(frame.OriginalLength, frame.TimestampNs);
                string evidence = $"{Path.GetFileName(path)}#{source.FrameCount}";
                ReadFrame(frame, source.Interfaces[frame.Interface].LinkType, evidence, messages, tally);
            }
        }
        // Sorting by time must not reorder messages of one instant: request and response may share a microsecond.
        return ([.. messages.OrderBy(message => message.TimeNs)], tally);
    }

    private static void ReadFrame(
        in CapturedFrame frame, Wire.Packets.LinkType linkType, string evidence, List<CapturedPfcp> messages,
        DecodeTally tally)
    {
        DecodeStatus status = LinkFrame.Read(linkType, frame.Bytes, out LinkFrame link);
        if (status is not DecodeStatus.Ok)
        {
            tally.Fail(DecodeLayer.Link, status);
            return;
        }
        if (!link.IsIp)
        {
            tally.NotIp++;
            return;
        }
        status = IpPacket.Read(link.Payload, out IpPacket packet, frame.OriginalLength - link.PayloadOffset);
        if (status is not DecodeStatus.Ok)
        {
            tally.Fail(DecodeLayer.Ip, status);
            return;
        }
        tally.Decoded++;
        if (packet.Protocol != IpProtocol.Udp || UdpHeader.Read(packet, out UdpHeader udp) is not DecodeStatus.Ok
            || (udp.DestinationPort != PfcpHeader.Port && udp.SourcePort != PfcpHeader.Port)) return;
        ReadMessages(udp.Payload, frame.TimestampNs, packet, evidence, messages);
    }

    // Several messages may follow each other in one datagram (TS 29.244 §7.2.1A).
    private static void ReadMessages(
        ReadOnlySpan<byte> payload, long timeNs, in IpPacket packet, string evidence, List<CapturedPfcp> messages)
    {
        while (messages.Count < MessagesMax && PfcpHeader.Read(payload, out PfcpHeader header) is DecodeStatus.Ok)
        {
            if (PfcpMessage.Read(payload, out PfcpMessage? message) is DecodeStatus.Ok && message is not null)
                messages.Add(new(timeNs, packet.SourceAddress, packet.DestinationAddress, message, evidence));
            if (!header.HasFollowOn) return;
            payload = payload[header.MessageLength..];
        }
    }
}
