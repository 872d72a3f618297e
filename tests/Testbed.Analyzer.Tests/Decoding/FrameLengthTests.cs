using System.Buffers.Binary;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Tests.Support;
using Testbed.Wire.Packets;

namespace Testbed.Analyzer.Tests.Decoding;

/// <summary>Lengths come from headers, whatever the capture kept or the link added; times may go back.</summary>
public sealed class FrameLengthTests
{
    private const int OuterHeaders = 20 + 8 + 16;

    private static PacketRecord Decode(byte[] frame, int? originalLength = null)
    {
        FrameDecoder decoder = new(TapRole.N3, DecoderSettings.Default);
        PacketSlot slot = new(0, frame.Length, originalLength ?? frame.Length, CaptureFolder.StartNs, 0, 1);
        Assert.That(decoder.Decode(frame, slot, LinkType.Ethernet, 0, out PacketRecord record), Is.True);
        Assert.That(record.Kind, Is.EqualTo(RecordKind.Gpdu));
        return record;
    }

    private static byte[] Frame(int payloadLength) => Packets.Ethernet(
        Packets.Up(Packets.Udp(Packets.Ue, Packets.Server, 42, 7, payloadLength: payloadLength)));

    [Test]
    public void A_snapped_frame_keeps_its_lengths_and_its_fingerprint([Values(200, 1400, 8000)] int payloadLength)
    {
        byte[] whole = Frame(payloadLength);
        PacketRecord record = Decode(whole), cut = Decode(whole[..180], whole.Length);
        Assert.That((cut.InnerLength, cut.OuterLength), Is.EqualTo((record.InnerLength, record.OuterLength)));
        Assert.That(cut.PayloadLength, Is.EqualTo(payloadLength));
        Assert.That(cut.Fingerprint, Is.EqualTo(record.Fingerprint));
        Assert.That(cut.Flags & RecordFlags.Snapped, Is.EqualTo(RecordFlags.Snapped));
    }

    [Test]
    public void A_jumbo_frame_decodes([Values(8950, 65_000)] int payloadLength)
    {
        PacketRecord record = Decode(Frame(payloadLength));
        Assert.That(record.InnerLength, Is.EqualTo(28 + payloadLength));
        Assert.That(record.OuterLength, Is.EqualTo(28 + payloadLength + OuterHeaders));
    }

    [Test]
    public void Padding_behind_a_short_packet_is_no_payload()
    {
        byte[] frame = Frame(0), padded = [.. frame, .. new byte[40]];
        PacketRecord record = Decode(padded);
        Assert.That((record.InnerLength, record.PayloadLength), Is.EqualTo((28, 0)));
        Assert.That(record.Fingerprint, Is.EqualTo(Decode(frame).Fingerprint));
    }

    [Test]
    public void A_frame_that_a_card_was_to_cut_has_the_length_of_the_wire([Values] bool isSnapped)
    {
        byte[] frame = Frame(30_000);
        int length = frame.Length;
        // As Linux hands it to a capture before the card segments it: outer IP and UDP say 0.
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(14 + 2), 0);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(14 + 20 + 4), 0);
        if (isSnapped) frame = frame[..200];
        PacketRecord record = Decode(frame, length);
        Assert.That((record.OuterLength, record.InnerLength), Is.EqualTo((length - 14, 30_028)));
    }

    [Test]
    public void Times_that_go_back_lose_no_pair()
    {
        using CrossingRun run = new();
        run.AddMargins();
        Random random = new(4);
        foreach (int i in Enumerable.Range(0, 200).OrderBy(_ => random.Next()))
        {
            byte[] packet = Packets.Udp(Packets.Ue, Packets.Server, i, (ushort)i);
            run.OnN3(i * 1000, Packets.Up(packet));
            run.OnN6(i * 1000 + 100, packet);
        }
        AnalysisResult result = run.Analyze();
        Assert.That((result.Match.Matched, result.Match.OnlyN3, result.Match.OnlyN6), Is.EqualTo((204L, 0L, 0L)));
        Assert.That(result.Match.Uplink.DelayNs!.Max, Is.EqualTo(100_000));
    }
}
