using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire.Files;
using Testbed.Wire.Packets;

namespace Testbed.Analyzer.Tests.Differential;

/// <summary>Lets the product's decoder read a capture and gives what it saw, by frame number.</summary>
internal static class OurDecoder
{
    /// <summary>Also why a frame gave no GTP-U message.</summary>
    public static (Dictionary<long, SeenFrame> Frames, Dictionary<long, string> Reasons) Read(string path)
    {
        FrameDecoder decoder = new(TapRole.N3, DecoderSettings.Default);
        Dictionary<long, SeenFrame> frames = [];
        Dictionary<long, string> reasons = [];
        SortedDictionary<string, long> failures = [];
        using CaptureFileSource source = CaptureFile.Open(path);
        while (source.TryRead(out CapturedFrame frame))
        {
            PacketSlot slot = new(
                0, frame.Bytes.Length, frame.OriginalLength, frame.TimestampNs, frame.Interface, source.FrameCount);
            bool decodes = decoder.Decode(
                frame.Bytes, slot, source.Interfaces[frame.Interface].LinkType, 0, out PacketRecord record);
            if (decodes && KindOf(record.Kind) is { } kind)
                frames[source.FrameCount] = Seen(decoder, record, kind);
            else
            {
                SortedDictionary<string, long> now = decoder.Tally.NotDecoded();
                reasons[source.FrameCount] = decodes ? "other traffic"
                    : now.FirstOrDefault(entry => failures.GetValueOrDefault(entry.Key) != entry.Value).Key
                        ?? "fragment";
                failures = now;
            }
        }
        return (frames, reasons);
    }

    private static SeenFrame Seen(FrameDecoder decoder, in PacketRecord record, string kind)
    {
        FrameTraits traits = FrameTraits.None;
        if ((record.Flags & RecordFlags.OuterReassembled) != 0) traits |= FrameTraits.Fragmented;
        if ((record.Flags & RecordFlags.EthernetPdu) != 0) traits |= FrameTraits.Ethernet;
        FlowKey flow = record.Flow >= 0 ? decoder.Flows[record.Flow] : default;
        bool hasContainer = record.Qfi != PacketRecord.NoQfi;
        return new(
            kind, decoder.Tunnels[record.Tunnel].Teid, hasContainer ? record.Qfi : null,
            hasContainer ? record.Direction is PacketDirection.Uplink : null,
            record.Flow < 0 ? 0 : flow.Source.IsIpv4 ? 4 : 6, flow.Source, flow.Destination, traits);
    }

    private static string? KindOf(RecordKind kind) => kind switch
    {
        RecordKind.Gpdu => "gpdu",
        RecordKind.Echo => "echo",
        RecordKind.ErrorIndication => "error-indication",
        RecordKind.EndMarker => "end-marker",
        RecordKind.OtherGtpU => "other",
        _ => null,
    };
}
