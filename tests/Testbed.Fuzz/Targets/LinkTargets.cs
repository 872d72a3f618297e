using Testbed.Fuzz.Corpus;
using Testbed.Wire;
using Testbed.Wire.Ethernet;
using Testbed.Wire.Link;
using Testbed.Wire.Packets;
using Testbed.Wire.Tunnels;

namespace Testbed.Fuzz.Targets;

/// <summary>Link headers of every kind, and what stands between them and the network packet.</summary>
internal static class LinkTargets
{
    public static IEnumerable<FuzzTarget> All()
    {
        byte[] packet = Samples.Udp();
        yield return new("ethernet", Link(LinkType.Ethernet), Samples.Frames());
        yield return new("ethernet-header", Ethernet, Samples.Frames());
        yield return new("linux-sll", Link(LinkType.LinuxSll),
            [[.. Samples.Hex("0000 0001 0006 020000000002 0000 0800"), .. packet]]);
        yield return new("linux-sll2", Link(LinkType.LinuxSll2),
            [[.. Samples.Hex("0800 0000 00000002 0001 04 06 020000000002 0000"), .. packet]]);
        yield return new("null-and-loop", Link(LinkType.Null),
            [[2, 0, 0, 0, .. packet], [0, 0, 0, 2, .. packet], [30, 0, 0, 0, .. Samples.Ipv6([1], false)]]);
        yield return new("raw-ip", Link(LinkType.Raw), [packet, Samples.Ipv6(Samples.Filled(20), true)]);
        yield return new("erf-header", Link(LinkType.Erf),
        [
            [.. Samples.Hex("0000000000f15365 02 04 0060 0000 0052 0000"), .. Samples.Frame(packet)],
            [.. Samples.Hex("0000000000f15365 82 04 0060 0000 0052 0500000000000000 0000"), .. Samples.Frame(packet)],
            [.. Samples.Hex("0000000000f15365 16 04 0060 0000 0044"), .. packet],
        ]);
        yield return new("pppoe", Pppoe,
            [Samples.Hex("11 00 0007 0016 0021 45"), Samples.Hex("11 00 0007 0016 57 60")]);
        yield return new("gre", Gre,
        [
            Samples.Hex("0000 0800"), Samples.Hex("b000 86dd 1234 0000 0000002a 00000001"),
            Samples.Hex("2000 6558 01"),
        ]);
    }

    private static FuzzAction Link(LinkType linkType) => input =>
    {
        bool known = LinuxSllHeader.Read(linkType, input, out LinuxSllHeader sll) is DecodeStatus.Ok;
        if (LinkFrame.Read(linkType, input, out LinkFrame frame) is not DecodeStatus.Ok) return false;
        Sink.Eat(frame.Payload);
        Sink.Eat(frame.Tags.OuterVlanId + frame.Tags.InnerVlanId + frame.Tags.TopLabel);
        if (known) Sink.Eat(sll.InterfaceIndex);
        return frame.IsIp;
    };

    private static bool Ethernet(ReadOnlySpan<byte> input)
    {
        if (EthernetHeader.Read(input, out EthernetHeader header) is not DecodeStatus.Ok) return false;
        Sink.Eat(header.Destination);
        Sink.Eat(header.Source);
        Sink.Eat(header.Payload);
        Sink.Eat(header.OuterEtherType);
        return true;
    }

    private static bool Pppoe(ReadOnlySpan<byte> input)
    {
        if (PppoeHeader.Read(input, out PppoeHeader header) is not DecodeStatus.Ok) return false;
        Sink.Eat(input[header.Length..]);
        return true;
    }

    private static bool Gre(ReadOnlySpan<byte> input)
    {
        if (GreHeader.Read(input, out GreHeader header) is not DecodeStatus.Ok) return false;
        Sink.Eat(input[header.Length..]);
        return true;
    }
}
