using Testbed.Analyzer.Captures;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire;
using Testbed.Wire.Files;
using Testbed.Wire.Ip;
using Testbed.Wire.Link;
using Testbed.Wire.Ngap;
using Testbed.Wire.Packets;
using Testbed.Wire.Pfcp;
using Testbed.Wire.Transport;
using Testbed.Wire.Tunnels;

namespace Testbed.Analyzer.Decoding.Signalling;

/// <summary>One PFCP message as a tap saw it.</summary>
/// <param name="Evidence">File and frame number.</param>
public sealed record CapturedPfcp(
    long TimeNs, HostAddress Source, HostAddress Destination, PfcpMessage Message, string Evidence);

/// <summary>An end of an SCTP association or a TCP connection.</summary>
internal readonly record struct ControlPeer(HostAddress Address, int Port) : IComparable<ControlPeer>
{
    public int CompareTo(ControlPeer other) =>
        Address != other.Address ? Address.CompareTo(other.Address) : Port.CompareTo(other.Port);
}

/// <summary>One NGAP message as a tap saw it.</summary>
/// <param name="Evidence">File and number of the frame that completed it.</param>
internal sealed record CapturedNgap(
    long TimeNs, ControlPeer Source, ControlPeer Destination, NgapMessage Message, string Evidence);

/// <summary>
/// Reads control-plane files: few packets, so messages are kept. Every file is read once and for every protocol,
/// whichever point it was named for: cores are often captured on one interface.
/// </summary>
internal sealed class ControlPlaneReader
{
    /// <summary>Messages beyond this are counted and not kept; ten thousand sessions need sixty thousand.</summary>
    private const int MessagesMax = 4_000_000;
    /// <summary>Datagrams in fragments at one time; a session's rules seldom need more than two.</summary>
    private const int FragmentsMax = 64;
    /// <summary>SCTP payload protocol of NGAP inside DTLS (TS 38.412 §7): encrypted.</summary>
    private const uint NgapOverDtls = 66;
    private readonly List<CapturedPfcp> _pfcp = [];
    private readonly List<CapturedNgap> _ngap = [];
    private readonly FragmentTable _fragments = new(FragmentTable.WholeLength, FragmentsMax);
    private readonly SctpReassembly _sctp = new();
    private readonly SbiReader _sbi = new();
    private ControlTally _tally = new();
    private string _evidence = "";

    /// <summary>By full path.</summary>
    public Dictionary<string, ControlTally> Tallies { get; } = [];
    public SbiReader Sbi => _sbi;
    // Sorting by time must not reorder messages of one instant: request and response may share a microsecond.
    public IReadOnlyList<CapturedPfcp> Pfcp => [.. _pfcp.OrderBy(message => message.TimeNs)];
    public IReadOnlyList<CapturedNgap> Ngap => [.. _ngap.OrderBy(message => message.TimeNs)];

    /// <exception cref="CaptureFileException">A file is no capture.</exception>
    /// <exception cref="IOException">A file cannot be opened or read.</exception>
    public static ControlPlaneReader Read(IEnumerable<TapInput> taps, CancellationToken cancellation)
    {
        ControlPlaneReader reader = new();
        foreach (string path in taps.SelectMany(tap => tap.Files).Select(Path.GetFullPath).Distinct())
        {
            reader._tally = reader.Tallies[path] = new();
            long piecesBefore = reader._sctp.PiecesLeft;
            (long incomplete, long repeated) = (reader._fragments.FramesIncomplete, reader._fragments.FramesRepeated);
            reader.ReadFile(path, cancellation);
            reader._tally.Fail("sctpPiecesMissing", reader._sctp.PiecesLeft - piecesBefore);
            reader._tally.Frames.FragmentsIncomplete = reader._fragments.FramesIncomplete - incomplete;
            reader._tally.Frames.FragmentsRepeated = reader._fragments.FramesRepeated - repeated;
        }
        reader._sbi.Finish();
        long left = reader._fragments.FramesIncomplete;
        reader._fragments.Flush();
        reader._tally.Frames.FragmentsIncomplete += reader._fragments.FramesIncomplete - left;
        return reader;
    }

    private void ReadFile(string path, CancellationToken cancellation)
    {
        using CaptureFileSource source = CaptureFiles.Open(path);
        while (source.TryRead(out CapturedFrame frame))
        {
            cancellation.ThrowIfCancellationRequested();
            _tally.Frames.Frame(frame.OriginalLength, frame.TimestampNs);
            _evidence = $"{Path.GetFileName(path)}#{source.FrameCount}";
            ReadFrame(frame, source.Interfaces[frame.Interface].LinkType);
        }
    }

    private void ReadFrame(in CapturedFrame frame, LinkType linkType)
    {
        DecodeStatus status = LinkFrame.Read(linkType, frame.Bytes, out LinkFrame link);
        if (status is not DecodeStatus.Ok)
        {
            _tally.Frames.Fail(DecodeLayer.Link, status);
            return;
        }
        if (!link.IsIp)
        {
            _tally.Frames.NotIp++;
            return;
        }
        status = IpCarrier.ReadInnermost(
            link.Payload, frame.OriginalLength - link.PayloadOffset, out IpPacket packet);
        if (status is not (DecodeStatus.Ok or DecodeStatus.LaterFragment))
        {
            _tally.Frames.Fail(DecodeLayer.Ip, status);
            return;
        }
        if (!packet.IsFragment)
        {
            _tally.Frames.Decoded++;
            ReadTransport(packet, packet.Payload, packet.PayloadLength, frame.TimestampNs);
        }
        // A session with many rules does not fit into one packet.
        else if (_fragments.Add(packet, frame.TimestampNs, out FragmentTable.Datagram whole))
        {
            _tally.Frames.Decoded += whole.Frames;
            ReadTransport(packet, whole.Prefix, whole.Length, frame.TimestampNs);
        }
    }

    /// <param name="packet">Names the ends; of a fragmented datagram the packet that completed it.</param>
    /// <param name="payload">What is at hand of the whole payload.</param>
    /// <param name="length">Bytes of the payload on the wire.</param>
    private void ReadTransport(in IpPacket packet, ReadOnlySpan<byte> payload, int length, long timeNs)
    {
        if (packet.Protocol == IpProtocol.Udp) ReadUdp(packet, payload, length, timeNs);
        else if (packet.Protocol == IpProtocol.Sctp) ReadSctp(packet, payload, length, timeNs);
        else if (packet.Protocol == IpProtocol.Tcp
            && TcpHeader.Read(payload, out TcpHeader tcp, length) is DecodeStatus.Ok)
            _sbi.Add(
                new(packet.SourceAddress, tcp.SourcePort), new(packet.DestinationAddress, tcp.DestinationPort), tcp);
        else if (IpCarrier.IsCarrier(packet.Protocol) && packet.IsFragment) _tally.Fail("carrierInFragments");
    }

    private void ReadUdp(in IpPacket packet, ReadOnlySpan<byte> bytes, int length, long timeNs)
    {
        if (UdpHeader.Read(bytes, out UdpHeader udp, length) is not DecodeStatus.Ok || udp.Length > length
            || (udp.DestinationPort != PfcpHeader.Port && udp.SourcePort != PfcpHeader.Port)) return;
        ReadOnlySpan<byte> payload = udp.Payload;
        // Several messages may follow each other in one datagram (TS 29.244 §7.2.1A).
        DecodeStatus status;
        while ((status = PfcpHeader.Read(payload, out PfcpHeader header)) is DecodeStatus.Ok)
        {
            ReadPfcp(payload, packet, timeNs);
            if (!header.HasFollowOn) return;
            payload = payload[header.MessageLength..];
        }
        _tally.Fail("pfcp", status);
    }

    private void ReadPfcp(ReadOnlySpan<byte> bytes, in IpPacket packet, long timeNs)
    {
        DecodeStatus status = PfcpMessage.Read(bytes, out PfcpMessage? message);
        if (message is null)
        {
            _tally.Fail("pfcp", status);
            return;
        }
        _tally.PfcpMessages++;
        if (_pfcp.Count >= MessagesMax) _tally.Fail("pfcpBeyondLimit");
        else _pfcp.Add(new(timeNs, packet.SourceAddress, packet.DestinationAddress, message, _evidence));
    }

    private void ReadSctp(in IpPacket packet, ReadOnlySpan<byte> payload, int length, long timeNs)
    {
        DecodeStatus status = SctpHeader.Read(payload, out SctpHeader sctp, length);
        if (status is not DecodeStatus.Ok)
        {
            _tally.Fail("sctp", status);
            return;
        }
        SctpPath path = new(packet.SourceAddress, packet.DestinationAddress, sctp.SourcePort, sctp.DestinationPort,
            sctp.VerificationTag);
        SctpChunks chunks = sctp.Chunks;
        while (chunks.MoveNext()) ReadChunk(path, chunks.Current, timeNs);
        if (chunks.Status is not DecodeStatus.Ok) _tally.Fail("sctp", chunks.Status);
    }

    private void ReadChunk(in SctpPath path, in SctpChunk chunk, long timeNs)
    {
        if (chunk.Type is not SctpChunkType.Data) return;
        if (chunk.Value.Length < chunk.ValueLength || !chunk.TryReadData(out SctpData data))
        {
            _tally.Fail("sctp", DecodeStatus.Truncated);
            return;
        }
        if (data.PayloadProtocol != SctpChunk.NgapPayloadProtocol)
        {
            _tally.Fail(data.PayloadProtocol == NgapOverDtls ? "ngapEncrypted" : ControlTally.OtherProtocol);
            return;
        }
        SctpDelivery delivery = _sctp.Add(path, data, out ReadOnlySpan<byte> bytes);
        _tally.Note(delivery);
        if (delivery is not SctpDelivery.Whole) return;
        DecodeStatus status = NgapMessage.Read(bytes, out NgapMessage? message);
        if (message is null)
        {
            _tally.Fail("ngap", status);
            return;
        }
        _tally.NgapMessages++;
        if (_ngap.Count >= MessagesMax) _tally.Fail("ngapBeyondLimit");
        else
            _ngap.Add(new(timeNs, new(path.Source, path.SourcePort), new(path.Destination, path.DestinationPort),
                message, _evidence));
    }
}
