using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire;
using Testbed.Wire.Files;
using Testbed.Wire.Ip;
using Testbed.Wire.Link;
using Testbed.Wire.Packets;

namespace Testbed.Analyzer.Decoding.Frames;

/// <summary>
/// Turns vectors of frames into records: first all are read and the tables' places asked for from memory, then all
/// keys are looked up, so that waiting for memory happens side by side. The records and tables are those that
/// <see cref="FrameDecoder"/> alone would make, in the same order. Allocates nothing a packet. One thread.
/// </summary>
/// <param name="withDigest">
/// Without it records may have no fingerprint and <see cref="FrameDecoder.DigestBytesKept"/> says nothing: for a tap
/// that is compared with no other.
/// </param>
internal sealed class VectorDecoder(FrameDecoder decoder, TapRole role, bool withDigest = true)
{
    /// <summary>Frames of one vector: enough to hide memory's latency, few enough to stay in the first cache.</summary>
    public const int FramesMax = 64;
    /// <summary>Frames between asking for a place in an index and using it.</summary>
    private const int SlotLead = 8;
    private readonly FrameKeys[] _keys = new FrameKeys[FramesMax];
    /// <summary>At the same places, of frames whose keys are wide.</summary>
    private readonly CommonFacts[] _facts = new CommonFacts[FramesMax];
    private readonly PacketSlot[] _slots = new PacketSlot[FramesMax];
    private readonly bool _hasTestPorts = decoder.Settings.TestPorts.Count > 0;
    private readonly int _digestBytes = withDigest ? decoder.DigestBytes : Ipv4Frame.NoDigest;
    private FrameSums _sums;
    private int _waiting;

    /// <summary>Frames that did without <see cref="FrameDecoder"/>.</summary>
    public long Common { get; private set; }
    /// <summary>Those among them that <see cref="Ipv4Frame"/> refused.</summary>
    public long Wide { get; private set; }

    /// <summary>
    /// Reads the next frames of a source; −1 at its end. At most <see cref="FramesMax"/> records are written to the
    /// front of <paramref name="records"/>, which must have room for them; their number is returned.
    /// </summary>
    public int Read(CaptureFileSource source, ushort file, Span<PacketRecord> records)
    {
        int frames = source.ReadVector(_slots, out ReadOnlySpan<byte> slab);
        if (frames == 0) return -1;
        int count = 0, lastInterface = -1;
        LinkType linkType = default;
        _sums = FrameSums.None;
        foreach (ref readonly PacketSlot slot in _slots.AsSpan(0, frames))
        {
            if (slot.Interface != lastInterface)
                (lastInterface, linkType) = (slot.Interface, source.Interfaces[slot.Interface].LinkType);
            ReadOnlySpan<byte> frame = slab.Slice(slot.Offset, slot.CapturedLength);
            ref PacketRecord record = ref records[count];
            if (ReadCommon(frame, slot, linkType, ref record))
            {
                record.FrameNumber = (uint)slot.Number;
                record.File = file;
                count++;
                _waiting++;
                continue;
            }
            // Keys are numbered in the order of frames, whichever way a frame takes.
            Look(records[..count]);
            if (decoder.Decode(frame, slot, linkType, file, out record)) count++;
        }
        Look(records[..count]);
        decoder.CountCommon(_sums);
        Common += _sums.Frames;
        return count;
    }

    private bool ReadCommon(
        ReadOnlySpan<byte> frame, in PacketSlot slot, LinkType linkType, ref PacketRecord record)
    {
        bool isEthernet = linkType is LinkType.Ethernet;
        int offset = isEthernet ? CommonFrame.EthernetPayload(frame) : OtherPayload(linkType, frame);
        if (offset < 0 || (offset == 0 && isEthernet)) return false;
        record.TimeNs = FrameFacts.TimeNs(slot);
        ref FrameKeys keys = ref _keys[_waiting];
        ref byte ip = ref Unsafe.Add(ref MemoryMarshal.GetReference(frame), offset);
        int length = frame.Length - offset;
        bool isRead = role is TapRole.N6
            ? Ipv4Frame.ReadPlain(ref ip, length, _digestBytes, ref record, ref keys)
            : Ipv4Frame.ReadGpdu(ref ip, length, _digestBytes, ref record, ref keys);
        if (!isRead && !ReadWide(frame[offset..], ref record, ref keys)) return false;
        if (_hasTestPorts && keys.Protocol == IpProtocol.Udp && decoder.IsTestTraffic(keys.Ports)) return false;
        if (!keys.IsWide)
        {
            keys.FlowHash = FlowTable.HashIpv4(keys.FlowAddresses, keys.Ports, keys.Protocol);
            if (role is not TapRole.N6) keys.TunnelHash = TunnelTable.HashIpv4(keys.TunnelAddresses, keys.Teid);
        }
        decoder.Flows.Prefetch(keys.FlowHash);
        if (role is not TapRole.N6) decoder.Tunnels.Prefetch(keys.TunnelHash);
        if (_waiting >= SlotLead) PrefetchEntries(ref _keys[_waiting - SlotLead]);
        record.Sighting = isEthernet
            ? (byte)slot.Interface : FrameFacts.Sighting(linkType, frame, slot.Interface);
        _sums.Add(slot.OriginalLength, record.TimeNs, keys.DigestBytesKept);
        return true;
    }

    private bool ReadWide(ReadOnlySpan<byte> ip, ref PacketRecord record, ref FrameKeys keys)
    {
        ref CommonFacts facts = ref _facts[_waiting];
        facts.Tunnel = default;
        bool isRead = role is TapRole.N6
            ? CommonFrame.ReadPlain(ip, decoder.DigestBytes, ref record, ref facts)
            : CommonFrame.ReadGpdu(ip, decoder.DigestBytes, ref record, ref facts);
        if (!isRead) return false;
        Wide++;
        keys.IsWide = true;
        keys.Protocol = facts.Flow.Protocol;
        keys.Ports = (uint)facts.Flow.SourcePort << 16 | facts.Flow.DestinationPort;
        keys.DigestBytesKept = facts.DigestBytesKept;
        keys.FlowHash = FlowTable.Hash(facts.Flow);
        keys.TunnelHash = TunnelTable.Hash(facts.Tunnel);
        return true;
    }

    // The index is at hand by now, so the entry that it names can be asked for: few at a time, as a core waits for few.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PrefetchEntries(ref FrameKeys keys)
    {
        keys.LikelyFlow = decoder.Flows.PrefetchEntry(keys.FlowHash);
        if (role is not TapRole.N6) keys.LikelyTunnel = decoder.Tunnels.PrefetchEntry(keys.TunnelHash);
    }

    // The end of the records waits: as many as were read since the last look.
    private void Look(Span<PacketRecord> records)
    {
        if (_waiting == 0) return;
        Span<FrameKeys> keys = _keys.AsSpan(0, _waiting);
        records = records[^_waiting..];
        _waiting = 0;
        FlowTable flows = decoder.Flows;
        TunnelTable tunnels = decoder.Tunnels;
        bool hasTunnels = role is not TapRole.N6;
        foreach (ref FrameKeys each in keys[Math.Max(0, keys.Length - SlotLead)..]) PrefetchEntries(ref each);
        for (int i = 0; i < keys.Length && i < records.Length; i++)
        {
            ref readonly FrameKeys key = ref keys[i];
            ref PacketRecord record = ref records[i];
            if (key.IsWide)
            {
                LookWide(_facts[i], key, ref record);
                continue;
            }
            record.Tunnel = hasTunnels
                ? tunnels.InternIpv4(key.TunnelAddresses, key.Teid, key.TunnelHash, key.LikelyTunnel)
                : PacketRecord.None;
            record.Flow = flows.InternIpv4(
                key.FlowAddresses, key.Ports, key.Protocol, key.FlowHash, key.LikelyFlow);
            if (record.Flow < 0) record.Fingerprint = 0;
            if (hasTunnels && record.Tunnel < 0) decoder.Tally.SetApartWithoutTunnel(ref record);
        }
    }

    private void LookWide(in CommonFacts facts, in FrameKeys keys, ref PacketRecord record)
    {
        record.Tunnel = role is TapRole.N6
            ? PacketRecord.None : decoder.Tunnels.Intern(facts.Tunnel, keys.TunnelHash);
        record.Flow = decoder.Flows.Intern(facts.Flow, keys.FlowHash);
        if (record.Flow < 0) record.Fingerprint = 0;
        if (role is not TapRole.N6) decoder.Tally.SetApartWithoutTunnel(ref record);
    }

    private static int OtherPayload(LinkType linkType, ReadOnlySpan<byte> frame) =>
        LinkFrame.Read(linkType, frame, out LinkFrame link) is DecodeStatus.Ok && link.IsIp ? link.PayloadOffset : -1;
}

/// <summary>What frames of one vector add to a tap's counts.</summary>
internal struct FrameSums
{
    public long Frames, Bytes, FirstNs, LastNs;
    /// <summary>Least of <see cref="CommonFacts.DigestBytesKept"/>.</summary>
    public int DigestBytesKept;

    public static FrameSums None =>
        new() { FirstNs = long.MaxValue, LastNs = long.MinValue, DigestBytesKept = int.MaxValue };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int originalLength, long timeNs, int digestBytesKept)
    {
        Frames++;
        Bytes += originalLength;
        DigestBytesKept = Math.Min(DigestBytesKept, digestBytesKept);
        // 0 stands for "no time".
        if (timeNs == 0) return;
        FirstNs = Math.Min(FirstNs, timeNs);
        LastNs = Math.Max(LastNs, timeNs);
    }
}
