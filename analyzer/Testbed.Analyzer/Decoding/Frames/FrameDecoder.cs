using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Link;
using Testbed.Wire.Packets;
using Testbed.Wire.Transport;
using Testbed.Wire.Tunnels;

namespace Testbed.Analyzer.Decoding.Frames;

/// <summary>
/// Turns frames of one tap into records. Allocates nothing a packet once its tables have grown; never throws on
/// bytes from the network. One thread.
/// </summary>
public sealed class FrameDecoder
{
    /// <summary>More flows or tunnels than this are not told apart; the memory of a tap stays bounded.</summary>
    public const int KeysMax = 10_000_000;
    /// <summary>More ends of carrying tunnels than this are not remembered; a link has two.</summary>
    private const int CarrierEndsMax = 4096;
    /// <summary>Datagrams in fragments at one time.</summary>
    private const int FragmentsMax = 1024;
    private readonly TapRole _role;
    private readonly DecoderSettings _settings;
    private readonly ulong[] _testPorts = new ulong[1024];
    private readonly FragmentTable _fragments = new(FragmentTable.HeadersLength, FragmentsMax);

    /// <param name="keysMax">Most flows, and most tunnels, that are told apart.</param>
    public FrameDecoder(TapRole role, DecoderSettings settings, int keysMax = KeysMax)
    {
        (_role, _settings) = (role, settings);
        (Flows, Tunnels) = (new(keysMax), new(keysMax));
        foreach (int port in settings.TestPorts) _testPorts[port >> 6] |= 1UL << (port & 63);
    }

    public FlowTable Flows { get; }
    public TunnelTable Tunnels { get; }
    public TestPayloads TestPayloads { get; } = new();
    public DecodeTally Tally { get; } = new();
    /// <summary>Ends of the IP-in-IP and GRE tunnels that were opened.</summary>
    public HashSet<HostAddress> CarrierEnds { get; } = [];

    /// <summary>Fewest payload bytes that a cut-off packet kept, where that was less than the digest covers.</summary>
    public int DigestBytesKept { get; private set; } = int.MaxValue;

    /// <summary>
    /// True with a record, false for a frame that gave none: damaged, not IP, or a fragment of a datagram that is
    /// not yet whole. All are counted in <see cref="Tally"/>.
    /// </summary>
    public bool Decode(
        ReadOnlySpan<byte> frame, in PacketSlot slot, LinkType linkType, ushort file, out PacketRecord record)
    {
        record = default;
        long timeNs = FrameFacts.TimeNs(slot);
        Tally.Frame(slot.OriginalLength, timeNs);
        DecodeStatus status = LinkFrame.Read(linkType, frame, out LinkFrame link);
        if (status is not DecodeStatus.Ok) return Fail(DecodeLayer.Link, status);
        if (!link.IsIp)
        {
            Tally.NotIp++;
            return false;
        }
        int wireLength = slot.OriginalLength - link.PayloadOffset;
        status = IpPacket.Read(link.Payload, out IpPacket packet, wireLength);
        if (status is not (DecodeStatus.Ok or DecodeStatus.LaterFragment)) return Fail(DecodeLayer.Ip, status);
        record.TimeNs = timeNs;
        record.FrameNumber = (uint)slot.Number;
        record.File = file;
        record.Flow = record.Tunnel = PacketRecord.None;
        record.Qfi = PacketRecord.NoQfi;
        record.Sighting = FrameFacts.Sighting(linkType, frame, slot.Interface);
        record.OuterTrafficClass = packet.TrafficClass;
        if (packet.IsSnapped) record.Flags |= RecordFlags.Snapped;
        return DecodePacket(packet, status, depth: 0, ref record);
    }

    /// <summary>To be called once after the last frame.</summary>
    public void Finish()
    {
        _fragments.Flush();
        Tally.FragmentsIncomplete = _fragments.FramesIncomplete;
        Tally.FragmentsRepeated = _fragments.FramesRepeated;
    }

    internal DecoderSettings Settings => _settings;
    internal int DigestBytes => _settings.DigestBytes;

    /// <param name="ports">Source and destination.</param>
    internal bool IsTestTraffic(uint ports) => IsTestPort((int)(ports >> 16)) || IsTestPort((ushort)ports);

    /// <summary>Counts frames that gave records without this class's help.</summary>
    internal void CountCommon(in FrameSums sums)
    {
        Tally.Add(sums);
        DigestBytesKept = Math.Min(DigestBytesKept, sums.DigestBytesKept);
    }

    private bool IsGtpUPort(in UdpHeader udp) =>
        udp.DestinationPort == GtpUHeader.Port || udp.SourcePort == GtpUHeader.Port
        || (_settings.GtpUPort != 0
            && (udp.DestinationPort == _settings.GtpUPort || udp.SourcePort == _settings.GtpUPort));

    private bool DecodePacket(in IpPacket packet, DecodeStatus status, int depth, ref PacketRecord record)
    {
        bool mayCarry = packet.Protocol == IpProtocol.Udp ? _role is not TapRole.N6 : IsOpened(packet, depth);
        if (!mayCarry) return DecodePlain(packet, status, ref record);
        if (packet.IsFragment) return DecodeFragment(packet, depth, ref record);
        if (packet.Protocol != IpProtocol.Udp)
            return TryOpen(packet, packet.Payload, packet.PayloadLength, depth, ref record, out bool decoded)
                ? decoded : DecodePlain(packet, status, ref record);
        if (UdpHeader.Read(packet, out UdpHeader udp) is not DecodeStatus.Ok)
            return DecodePlain(packet, status, ref record);
        if (IsGtpUPort(udp)) return DecodeGtpU(packet, udp, ref record);
        Tally.CountControl(udp);
        return DecodePlain(packet, status, ref record);
    }

    // A tunnel that a UE keeps itself is a packet like any other on N6.
    private bool IsOpened(in IpPacket packet, int depth) =>
        IpCarrier.IsCarrier(packet.Protocol) && depth < IpCarrier.DepthMax
        && !(_role is not TapRole.N3 && _settings.UserTunnelEnds.Count > 0
            && (_settings.UserTunnelEnds.Contains(packet.SourceAddress)
                || _settings.UserTunnelEnds.Contains(packet.DestinationAddress)));

    private bool TryOpen(
        in IpPacket carrier, ReadOnlySpan<byte> payload, int payloadLength, int depth, ref PacketRecord record,
        out bool decoded)
    {
        decoded = false;
        DecodeStatus status = IpCarrier.Open(carrier.Protocol, payload, payloadLength, out IpPacket inside);
        if (status is not (DecodeStatus.Ok or DecodeStatus.LaterFragment)) return false;
        Tally.Carried++;
        if (CarrierEnds.Count < CarrierEndsMax)
        {
            CarrierEnds.Add(carrier.SourceAddress);
            CarrierEnds.Add(carrier.DestinationAddress);
        }
        decoded = DecodePacket(inside, status, depth + 1, ref record);
        return true;
    }

    private bool DecodeFragment(in IpPacket packet, int depth, ref PacketRecord record)
    {
        if (!_fragments.Add(packet, record.TimeNs, out FragmentTable.Datagram whole)) return false;
        if (packet.Protocol != IpProtocol.Udp) return DecodeCarrierFragments(packet, whole, depth, ref record);
        DecodeStatus status = UdpHeader.Read(whole.Prefix, out UdpHeader udp, whole.Length);
        if (status is DecodeStatus.Ok && udp.Length > whole.Length) status = DecodeStatus.BadLength;
        if (status is not DecodeStatus.Ok) return Fail(DecodeLayer.Udp, status, whole.Frames);
        // The frames before the last one gave no record of their own, but this one is theirs too.
        Tally.Decoded += whole.Frames - 1;
        record.Flags |= RecordFlags.OuterReassembled;
        record.OuterTrafficClass = whole.TrafficClass;
        if (IsGtpUPort(udp)) return DecodeGtpU(packet, udp, ref record);
        Tally.CountControl(udp);
        return TakeOther(whole.Length + packet.PayloadOffset, ref record);
    }

    private bool DecodeCarrierFragments(
        in IpPacket packet, in FragmentTable.Datagram whole, int depth, ref PacketRecord record)
    {
        // The frames before the last one gave no record of their own, but this one is theirs too.
        Tally.Decoded += whole.Frames - 1;
        record.Flags |= RecordFlags.OuterReassembled;
        record.OuterTrafficClass = whole.TrafficClass;
        return TryOpen(packet, whole.Prefix, whole.Length, depth, ref record, out bool decoded)
            ? decoded : TakeOther(whole.Length + packet.PayloadOffset, ref record);
    }

    private bool TakeOther(int length, ref PacketRecord record)
    {
        record.Kind = RecordKind.Other;
        record.InnerLength = record.OuterLength = length;
        Tally.Decoded++;
        return true;
    }

    private bool DecodeGtpU(in IpPacket outer, in UdpHeader udp, ref PacketRecord record)
    {
        DecodeStatus status = GtpUHeader.Read(udp, out GtpUHeader gtpU);
        if (status is not DecodeStatus.Ok) return Fail(DecodeLayer.GtpU, status);
        Tally.Decoded++;
        record.OuterLength = outer.PayloadOffset + udp.Length;
        record.Kind = gtpU.MessageType switch
        {
            GtpUMessageType.GPdu => RecordKind.Gpdu,
            GtpUMessageType.EchoRequest or GtpUMessageType.EchoResponse => RecordKind.Echo,
            GtpUMessageType.ErrorIndication => RecordKind.ErrorIndication,
            GtpUMessageType.EndMarker => RecordKind.EndMarker,
            _ => RecordKind.OtherGtpU,
        };
        record.Tunnel = Tunnels.Intern(new(outer.SourceAddress, outer.DestinationAddress, gtpU.Teid));
        Tally.SetApartWithoutTunnel(ref record);
        if (gtpU.HasPduSessionContainer
            && PduSessionContainer.ReadQfi(gtpU.PduSessionContent, out byte qfi, out bool isUplink) is DecodeStatus.Ok)
        {
            record.Qfi = qfi;
            record.Direction = isUplink ? PacketDirection.Uplink : PacketDirection.Downlink;
        }
        if (record.Kind is not RecordKind.Gpdu) return true;
        TakePdu(gtpU, ref record);
        return true;
    }

    // GTP-U does not say which type the PDU session has. An IP packet fills its G-PDU to the last byte; what does not
    // may be a frame of an Ethernet session that looks like one.
    private void TakePdu(in GtpUHeader gtpU, ref PacketRecord record)
    {
        int length = gtpU.PayloadLength;
        DecodeStatus status = IpPacket.Read(gtpU.Payload, out IpPacket inner, length);
        bool isIp = status is DecodeStatus.Ok or DecodeStatus.LaterFragment;
        if (isIp && inner.TotalLength == length && StatesLength(inner, gtpU.Payload))
            TakeInner(inner, status, ref record);
        else if (EthernetPdu.TryRead(gtpU.Payload, length, out LinkFrame frame) && (frame.IsIp || !isIp))
            TakeFrame(gtpU, frame, ref record);
        else if (isIp) TakeInner(inner, status, ref record);
        else if (gtpU.Payload.IsEmpty || gtpU.Payload[0] >> 4 is 4 or 6) BadInner(length, ref record);
        else TakeBytes(gtpU, ref record);
    }

    // Where the header says 0, the length is only taken from what surrounds it and proves nothing.
    private static bool StatesLength(in IpPacket packet, ReadOnlySpan<byte> bytes) =>
        packet.IsIpv6 ? (bytes[4] | bytes[5]) != 0 : (bytes[2] | bytes[3]) != 0;

    private void TakeFrame(in GtpUHeader gtpU, in LinkFrame frame, ref PacketRecord record)
    {
        record.Flags |= RecordFlags.EthernetPdu;
        if (!frame.IsIp)
        {
            TakeBytes(gtpU, ref record);
            return;
        }
        Tally.EthernetPdus++;
        DecodeStatus status = IpPacket.Read(
            frame.Payload, out IpPacket inner, gtpU.PayloadLength - frame.PayloadOffset);
        TakeInner(inner, status, ref record);
    }

    // Without addresses there is no flow to confirm a pair by, and N6 carries such data in a form of its own.
    private void TakeBytes(in GtpUHeader gtpU, ref PacketRecord record)
    {
        if ((record.Flags & RecordFlags.EthernetPdu) != 0) Tally.EthernetPdus++;
        else Tally.UnstructuredPdus++;
        record.Flags |= RecordFlags.NotIp;
        record.InnerLength = gtpU.PayloadLength;
        if (record.TimeNs != 0)
            record.Fingerprint = Fingerprint.OfBytes(gtpU.Payload, gtpU.PayloadLength, _settings.DigestBytes);
    }

    private bool DecodePlain(in IpPacket packet, DecodeStatus status, ref PacketRecord record)
    {
        Tally.Decoded++;
        record.OuterLength = packet.TotalLength;
        record.Kind = _role is TapRole.N3 ? RecordKind.Other : RecordKind.Plain;
        if (_role is not TapRole.N3) TakeInner(packet, status, ref record);
        if (_role is not TapRole.N6) Tally.CountProtection(packet);
        return true;
    }

    private void TakeInner(in IpPacket inner, DecodeStatus status, ref PacketRecord record)
    {
        ulong fingerprint = Fingerprint.Compute(inner, status, _settings.DigestBytes, out Fingerprint.Facts facts);
        record.Flow = Flows.Intern(facts.Flow);
        // A frame without a time (pcapng simple packet block) cannot be paired with another.
        record.Fingerprint = record.TimeNs == 0 || record.Flow < 0 ? 0 : fingerprint;
        record.InnerLength = inner.TotalLength;
        record.InnerTrafficClass = inner.TrafficClass;
        record.IpId = inner.IsIpv6 ? (ushort)0 : (ushort)inner.Identification;
        record.PayloadLength = facts.PayloadLength;
        record.TcpFlags = facts.TcpFlags;
        record.Extra = facts.TcpSequence;
        if (inner.IsFragment) record.Flags |= RecordFlags.InnerFragment;
        if (status is DecodeStatus.LaterFragment) record.Flags |= RecordFlags.InnerLaterFragment;
        if (facts.IsDigestShort) DigestBytesKept = Math.Min(DigestBytesKept, facts.Payload.Length);
        if (inner.Protocol == IpProtocol.Udp && facts.Payload.Length >= TestPayloads.Length
            && (IsTestPort(facts.Flow.SourcePort) || IsTestPort(facts.Flow.DestinationPort)))
        {
            record.Flags |= RecordFlags.TestTraffic;
            record.Extra = (uint)TestPayloads.Add(facts.Payload);
        }
    }

    private void BadInner(int length, ref PacketRecord record)
    {
        Tally.BadInner++;
        record.InnerLength = length;
        record.Flags |= RecordFlags.BadInner;
    }

    private bool IsTestPort(int port) => (_testPorts[port >> 6] >> (port & 63) & 1) != 0;

    private bool Fail(DecodeLayer layer, DecodeStatus status, int frames = 1)
    {
        for (int i = 0; i < frames; i++) Tally.Fail(layer, status);
        return false;
    }
}
