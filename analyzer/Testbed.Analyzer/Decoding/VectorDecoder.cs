using System.Runtime.CompilerServices;
using Testbed.Wire;
using Testbed.Wire.Files;
using Testbed.Wire.Ip;
using Testbed.Wire.Link;
using Testbed.Wire.Packets;

namespace Testbed.Analyzer.Decoding;

/// <summary>
/// Turns vectors of frames into records: first all are read and the tables' places asked for from memory, then all
/// keys are looked up, so that waiting for memory happens side by side. The records and tables are those that
/// <see cref="FrameDecoder"/> alone would make, in the same order. Allocates nothing a packet. One thread.
/// </summary>
internal sealed class VectorDecoder(FrameDecoder decoder, TapRole role)
{
    /// <summary>Frames of one vector: enough to hide memory's latency, few enough to stay in the first cache.</summary>
    public const int FramesMax = 64;
    private readonly CommonFacts[] _facts = new CommonFacts[FramesMax];
    private readonly PacketSlot[] _slots = new PacketSlot[FramesMax];
    private int _waiting;

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
        foreach (ref readonly PacketSlot slot in _slots.AsSpan(0, frames))
        {
            if (slot.Interface != lastInterface)
                (lastInterface, linkType) = (slot.Interface, source.Interfaces[slot.Interface].LinkType);
            ReadOnlySpan<byte> frame = slab.Slice(slot.Offset, slot.CapturedLength);
            if (ReadCommon(frame, slot, linkType, file, ref records[count]))
            {
                count++;
                _waiting++;
                continue;
            }
            // Keys are numbered in the order of frames, whichever way a frame takes.
            Look(records[..count]);
            if (decoder.Decode(frame, slot, linkType, file, out records[count])) count++;
        }
        Look(records[..count]);
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool ReadCommon(
        ReadOnlySpan<byte> frame, in PacketSlot slot, LinkType linkType, ushort file, ref PacketRecord record)
    {
        int offset = linkType is LinkType.Ethernet ? CommonFrame.EthernetPayload(frame) : OtherPayload(linkType, frame);
        if (offset < 0 || (offset == 0 && linkType is LinkType.Ethernet)) return false;
        record.TimeNs = FrameFacts.TimeNs(slot);
        ref CommonFacts facts = ref _facts[_waiting];
        ReadOnlySpan<byte> ip = frame[offset..];
        if (role is TapRole.N6)
        {
            if (!CommonFrame.ReadPlain(ip, decoder.DigestBytes, ref record, ref facts)) return false;
        }
        else
        {
            if (!CommonFrame.ReadGpdu(ip, decoder.DigestBytes, ref record, ref facts)) return false;
            facts.TunnelHash = TunnelTable.Hash(facts.Tunnel);
            decoder.Tunnels.Prefetch(facts.TunnelHash);
        }
        if (facts.Flow.Protocol == IpProtocol.Udp && decoder.IsTestTraffic(facts.Flow)) return false;
        facts.FlowHash = FlowTable.Hash(facts.Flow);
        decoder.Flows.Prefetch(facts.FlowHash);
        record.FrameNumber = (uint)slot.Number;
        record.File = file;
        record.Sighting = FrameFacts.Sighting(linkType, frame, slot.Interface);
        decoder.CountCommon(slot.OriginalLength, record.TimeNs, facts.DigestBytesKept);
        return true;
    }

    // The end of the records waits: as many as were read since the last look.
    private void Look(Span<PacketRecord> records)
    {
        if (_waiting == 0) return;
        Span<CommonFacts> facts = _facts.AsSpan(0, _waiting);
        records = records[^_waiting..];
        _waiting = 0;
        if (role is TapRole.N6)
        {
            foreach (ref readonly CommonFacts each in facts) decoder.Flows.PrefetchEntry(each.FlowHash);
        }
        else
        {
            foreach (ref readonly CommonFacts each in facts)
            {
                decoder.Flows.PrefetchEntry(each.FlowHash);
                decoder.Tunnels.PrefetchEntry(each.TunnelHash);
            }
        }
        for (int i = 0; i < facts.Length; i++)
        {
            ref PacketRecord record = ref records[i];
            record.Tunnel = role is TapRole.N6
                ? PacketRecord.None : decoder.Tunnels.Intern(facts[i].Tunnel, facts[i].TunnelHash);
            record.Flow = decoder.Flows.Intern(facts[i].Flow, facts[i].FlowHash);
            if (record.Flow < 0) record.Fingerprint = 0;
            if (role is not TapRole.N6) decoder.Tally.SetApartWithoutTunnel(ref record);
        }
    }

    private static int OtherPayload(LinkType linkType, ReadOnlySpan<byte> frame) =>
        LinkFrame.Read(linkType, frame, out LinkFrame link) is DecodeStatus.Ok && link.IsIp ? link.PayloadOffset : -1;
}
