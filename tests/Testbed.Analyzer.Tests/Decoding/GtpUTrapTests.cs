using System.Buffers.Binary;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Tests.Support;
using Testbed.Wire;
using Testbed.Wire.GtpU;
using Testbed.Wire.Packets;

namespace Testbed.Analyzer.Tests.Decoding;

/// <summary>
/// What brought other GTP-U decoders down, through the whole decoder of a frame. The header's own tests are in
/// Testbed.Wire.Tests/GtpU/GtpUHeaderTests.cs.
/// </summary>
public sealed class GtpUTrapTests
{
    private const int GtpUOffset = 14 + 20 + 8;

    [Test]
    public void Trap_12_bytes_with_the_E_flag_are_counted_as_a_bad_length()
    {
        byte[] frame = Packets.Ethernet(Packets.Up([]));
        // The message ends behind the optional fields, and the E flag promises an extension header.
        frame = Cut(frame, 12);
        FrameDecoder decoder = new(TapRole.N3, DecoderSettings.Default);
        Assert.That(Decode(decoder, frame, out _), Is.False);
        Assert.That(decoder.Tally.Failures(DecodeLayer.GtpU, DecodeStatus.BadLength), Is.EqualTo(1));
    }

    [Test]
    public void Trap_a_reused_decoder_accumulates_no_extension_headers()
    {
        byte[] inner = Packets.Udp(Packets.Ue, Packets.Server, 1, 1);
        byte[] with = Packets.Ethernet(Packets.Up(inner, teid: 1, qfi: 9));
        byte[] without = Packets.Ethernet(Packets.Gpdu(inner, 2, null, Packets.Gnb, Packets.Upf));
        FrameDecoder decoder = new(TapRole.N3, DecoderSettings.Default);
        for (int i = 0; i < 100; i++)
        {
            Decode(decoder, with, out PacketRecord first);
            Assert.That((first.Qfi, first.Direction), Is.EqualTo(((byte)9, PacketDirection.Uplink)));
            Decode(decoder, without, out PacketRecord second);
            Assert.That((second.Qfi, second.Direction), Is.EqualTo((PacketRecord.NoQfi, PacketDirection.Unknown)));
            Assert.That(second.Fingerprint, Is.EqualTo(first.Fingerprint));
        }
        Assert.That(decoder.Tally.Decoded, Is.EqualTo(200));
    }

    [Test]
    public void Trap_a_length_of_0xFFFF_does_not_wrap()
    {
        byte[] frame = Packets.Ethernet(Packets.Up(Packets.Udp(Packets.Ue, Packets.Server, 1, 1)));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(GtpUOffset + 2), 0xFFFF);
        FrameDecoder decoder = new(TapRole.N3, DecoderSettings.Default);
        Assert.That(Decode(decoder, frame, out _), Is.False);
        Assert.That(decoder.Tally.Failures(DecodeLayer.GtpU, DecodeStatus.BadLength), Is.EqualTo(1));
    }

    private static bool Decode(FrameDecoder decoder, byte[] frame, out PacketRecord record) => decoder.Decode(
        frame, new(0, frame.Length, frame.Length, CaptureFolder.StartNs, 0, 1), LinkType.Ethernet, 0, out record);

    private static byte[] Cut(byte[] frame, int gtpULength)
    {
        frame = frame[..(GtpUOffset + gtpULength)];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(14 + 2), (ushort)(20 + 8 + gtpULength));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(14 + 20 + 4), (ushort)(8 + gtpULength));
        BinaryPrimitives.WriteUInt16BigEndian(
            frame.AsSpan(GtpUOffset + 2), (ushort)(gtpULength - GtpUHeader.LengthMin));
        return frame;
    }
}
