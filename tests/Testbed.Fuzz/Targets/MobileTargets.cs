using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Fuzz.Corpus;
using Testbed.Wire;
using Testbed.Wire.GtpU;
using Testbed.Wire.Link;
using Testbed.Wire.Ngap;
using Testbed.Wire.Packets;
using Testbed.Wire.Pfcp;
using Testbed.Wire.Stamp;

namespace Testbed.Fuzz.Targets;

/// <summary>The protocols of the mobile network, test packets, and the decoder of whole frames.</summary>
internal static class MobileTargets
{
    public static IEnumerable<FuzzTarget> All()
    {
        byte[] inner = Samples.Udp();
        PduSessionInformation full = PduSessionInformation.Downlink(5) with
        {
            MonitoringTimes = new(1), QfiSequenceNumber = 7, PagingPolicy = 3,
        };
        byte[] container = new byte[PduSessionContainer.ExtensionLengthMax];
        container = container[..PduSessionContainer.WriteExtension(container, full, GtpUExtensionType.None)];
        yield return new("gtp-u", GtpU,
        [
            Samples.GpduMessage(inner), Samples.GpduMessage(inner, PduSessionInformation.Uplink(9), 7),
            Samples.GpduMessage(inner, full),
            Samples.Hex("34 ff 0014 00000001 0000 00 c0  01 1234 85  01 10 05 85  01 10 06 40  01 0868 00"),
            Samples.Hex("34 ff 0004 00000001 0000 00 85"), Samples.Hex("32 01 0004 00000000 0001 00 00"),
            Samples.Hex("36 1a 0018 00000000 0000 00 40 01 0868 00 10 00000010 85 0004 0a640301"),
        ]);
        yield return new("pdu-session-container", Container, [container[1..^1], [0x10, 9], [0, 9]]);
        yield return new("gtp-control", Control,
        [
            Samples.Hex("48 20 0008 00000000 00000100"), Samples.Hex("32 10 0004 00000000 00010000"),
            Samples.Hex("2e f0 0000 0001"),
        ]);
        yield return new("ethernet-pdu", EthernetFrame, Samples.Frames());
        yield return new("pfcp", Pfcp, PfcpSamples.All());
        yield return new("ngap", Ngap, NgapSamples.All());
        yield return new("stamp", Stamp, StampSamples());
        yield return new("frame-decoder", Decoder(TapRole.Both), Samples.Frames());
        yield return new("frame-decoder-n3", Decoder(TapRole.N3), Samples.Frames());
        yield return new("frame-decoder-n6", Decoder(TapRole.N6), Samples.Frames());
    }

    private static bool GtpU(ReadOnlySpan<byte> input)
    {
        if (GtpUHeader.Read(input, out GtpUHeader header) is not DecodeStatus.Ok) return false;
        Sink.Eat(header.Payload);
        Sink.Eat(header.Teid + header.SequenceNumber + header.NpduNumber);
        int count = 0;
        foreach (GtpUExtensions.Extension extension in header.Extensions)
        {
            Sink.Eat(extension.Content);
            count++;
        }
        if (count != header.ExtensionCount) throw new InvalidOperationException("extension headers miscounted");
        if (ErrorIndication.Read(header.Payload, out ErrorIndication indication) is DecodeStatus.Ok)
            Sink.Eat(indication.Teid);
        return true;
    }

    private static bool Container(ReadOnlySpan<byte> input)
    {
        if (PduSessionContainer.Read(input, out PduSessionInformation information) is not DecodeStatus.Ok) return false;
        Sink.Eat(information.Qfi);
        return true;
    }

    private static bool Control(ReadOnlySpan<byte> input) =>
        GtpControl.Read(input, input.Length, out _) is DecodeStatus.Ok;

    private static bool EthernetFrame(ReadOnlySpan<byte> input)
    {
        if (!EthernetPdu.TryRead(input, input.Length, out LinkFrame frame)) return false;
        Sink.Eat(frame.Payload);
        return true;
    }

    private static bool Pfcp(ReadOnlySpan<byte> input)
    {
        if (PfcpMessage.Read(input, out PfcpMessage? message) is not DecodeStatus.Ok) return false;
        Sink.Eat(message!.CreatePdrs.Count + message.OtherElementCount);
        return true;
    }

    private static bool Ngap(ReadOnlySpan<byte> input)
    {
        if (NgapMessage.Read(input, out NgapMessage? message) is not DecodeStatus.Ok) return false;
        Sink.Eat(message!.Orders.Count + message.OtherElementCount);
        return true;
    }

    private static bool Stamp(ReadOnlySpan<byte> input)
    {
        bool any = false;
        foreach (bool authenticated in (ReadOnlySpan<bool>)[false, true])
        {
            any |= StampSenderPacket.Read(input, authenticated, out StampSenderPacket sent) is DecodeStatus.Ok;
            any |= StampReflectorPacket.Read(input, authenticated, out StampReflectorPacket answer) is DecodeStatus.Ok;
            Sink.Eat(sent.TimestampUnixNs + answer.ReceiveUnixNs);
        }
        return any;
    }

    private static List<byte[]> StampSamples()
    {
        byte[] sent = Samples.Filled(112), answered = Samples.Filled(60);
        return [sent, answered, sent[..44]];
    }

    // One decoder for all inputs, as for all frames of a capture: what one leaves behind must not harm the next.
    private static FuzzAction Decoder(TapRole role)
    {
        FrameDecoder? decoder = null;
        long number = 0;
        return input =>
        {
            if (number % 200_000 == 0) decoder = new(role, new(64, [5000]) { GtpUPort = 12152 });
            number++;
            PacketSlot slot = new(0, input.Length, input.Length, 1_700_000_000_000_000_000 + number, 0, number);
            return decoder!.Decode(input, slot, LinkType.Ethernet, 0, out _);
        };
    }
}
