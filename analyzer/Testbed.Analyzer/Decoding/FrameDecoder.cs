using Testbed.Wire;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Link;
using Testbed.Wire.Packets;
using Testbed.Wire.Transport;

namespace Testbed.Analyzer.Decoding;

/// <summary>What a tap's frames can be.</summary>
public enum TapRole
{
    /// <summary>GTP-U between gNB and UPF; anything else is no user traffic.</summary>
    N3 = 1,
    /// <summary>Plain IP; a UE's own GTP-U is a packet like any other.</summary>
    N6 = 2,
    /// <summary>Both in one capture: GTP-U on port 2152 is N3, everything else may be N6.</summary>
    Both = 3,
}

/// <summary>Settings of a decoder; the same for every tap of one analysis.</summary>
/// <param name="DigestBytes">Payload bytes that a fingerprint covers at most.</param>
/// <param name="TestPorts">UDP ports of test traffic whose payload is to be kept.</param>
public sealed record DecoderSettings(int DigestBytes, IReadOnlyCollection<int> TestPorts)
{
    /// <summary>
    /// Enough to hold any test tool's sequence number, and kept by a snap length of 256 at either tap.
    /// </summary>
    public const int DigestBytesDefault = 64;
    public static DecoderSettings Default { get; } = new(DigestBytesDefault, []);
}

/// <summary>
/// Turns frames of one tap into records. Allocates nothing a packet once its tables have grown; never throws on
/// bytes from the network. One thread.
/// </summary>
public sealed class FrameDecoder
{
    /// <summary>More flows or tunnels than this are not told apart; the memory of a tap stays bounded.</summary>
    private const int KeysMax = 1 << 22;
    /// <summary>The year 2096. Later times are damage; without them no difference of two times overflows.</summary>
    private const long TimeMaxNs = 4_000_000_000_000_000_000;
    private readonly TapRole _role;
    private readonly DecoderSettings _settings;
    private readonly ulong[] _testPorts = new ulong[1024];
    private readonly FragmentTable _fragments = new();

    public FrameDecoder(TapRole role, DecoderSettings settings)
    {
        (_role, _settings) = (role, settings);
        foreach (int port in settings.TestPorts) _testPorts[port >> 6] |= 1UL << (port & 63);
    }

    public InternTable<FlowKey> Flows { get; } = new(KeysMax);
    public InternTable<TunnelKey> Tunnels { get; } = new(KeysMax);
    public TestPayloads TestPayloads { get; } = new();
    public DecodeTally Tally { get; } = new();

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
        long timeNs = slot.TimestampNs is > 0 and < TimeMaxNs ? slot.TimestampNs : 0;
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
        record.Sighting = Sighting(linkType, frame, slot.Interface);
        record.OuterTrafficClass = packet.TrafficClass;
        if (packet.IsSnapped) record.Flags |= RecordFlags.Snapped;
        bool isTunnelCandidate = _role is not TapRole.N6 && packet.Protocol == IpProtocol.Udp;
        if (isTunnelCandidate && packet.IsFragment) return DecodeFragment(packet, ref record);
        if (isTunnelCandidate && UdpHeader.Read(packet, out UdpHeader udp) is DecodeStatus.Ok && IsGtpUPort(udp))
            return DecodeGtpU(packet, udp, ref record);
        return DecodePlain(packet, status, ref record);
    }

    /// <summary>To be called once after the last frame.</summary>
    public void Finish()
    {
        _fragments.Flush();
        Tally.FragmentsIncomplete = _fragments.FramesIncomplete;
        Tally.FragmentsRepeated = _fragments.FramesRepeated;
    }

    private static bool IsGtpUPort(in UdpHeader udp) =>
        udp.DestinationPort == GtpUHeader.Port || udp.SourcePort == GtpUHeader.Port;

    private bool DecodeFragment(in IpPacket packet, ref PacketRecord record)
    {
        if (!_fragments.Add(packet, record.TimeNs, out FragmentTable.Datagram whole)) return false;
        DecodeStatus status = UdpHeader.Read(whole.Prefix, out UdpHeader udp, whole.Length);
        if (status is DecodeStatus.Ok && udp.Length > whole.Length) status = DecodeStatus.BadLength;
        if (status is not DecodeStatus.Ok) return Fail(DecodeLayer.Udp, status, whole.Frames);
        // The frames before the last one gave no record of their own, but this one is theirs too.
        Tally.Decoded += whole.Frames - 1;
        record.Flags |= RecordFlags.OuterReassembled;
        record.OuterTrafficClass = whole.TrafficClass;
        if (IsGtpUPort(udp)) return DecodeGtpU(packet, udp, ref record);
        record.Kind = RecordKind.Other;
        record.InnerLength = record.OuterLength = whole.Length + packet.PayloadOffset;
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
        if (gtpU.HasPduSessionContainer
            && PduSessionContainer.ReadQfi(gtpU.PduSessionContent, out byte qfi, out bool isUplink) is DecodeStatus.Ok)
        {
            record.Qfi = qfi;
            record.Direction = isUplink ? PacketDirection.Uplink : PacketDirection.Downlink;
        }
        if (record.Kind is not RecordKind.Gpdu) return true;
        status = IpPacket.Read(gtpU.Payload, out IpPacket inner, gtpU.PayloadLength);
        if (status is DecodeStatus.Ok or DecodeStatus.LaterFragment) TakeInner(inner, status, ref record);
        else BadInner(gtpU.PayloadLength, ref record);
        return true;
    }

    private bool DecodePlain(in IpPacket packet, DecodeStatus status, ref PacketRecord record)
    {
        Tally.Decoded++;
        record.OuterLength = packet.TotalLength;
        record.Kind = _role is TapRole.N3 ? RecordKind.Other : RecordKind.Plain;
        if (_role is not TapRole.N3) TakeInner(packet, status, ref record);
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

    private static byte Sighting(LinkType linkType, ReadOnlySpan<byte> frame, int interfaceIndex) =>
        linkType is LinkType.LinuxSll or LinkType.LinuxSll2
        && LinuxSllHeader.Read(linkType, frame, out LinuxSllHeader header) is DecodeStatus.Ok
            ? (byte)(header.InterfaceIndex * 8 + (int)header.PacketType + 8 * interfaceIndex)
            : (byte)interfaceIndex;
}
