using System.Buffers.Binary;
using System.Net;
using Testbed.Probes.Slicing;
using Testbed.Wire;
using Testbed.Wire.Ip;
using Testbed.Wire.Stamp;

namespace Testbed.Probes.Tests.Slicing;

public sealed class SliceReachTests
{
    private static readonly IPAddress From = IPAddress.Parse("10.45.0.2"), To = IPAddress.Parse("10.46.0.2");
    private static readonly IPAddress WideFrom = IPAddress.Parse("2001:db8::2");
    private static readonly IPAddress WideTo = IPAddress.Parse("2001:db8::9");

    private static ReachPackets Packets(byte[]? nonce = null) => new(nonce ?? Loopback.Nonce, 100_001);

    [Test]
    public void A_UDP_try_is_signed_with_the_runs_key_and_numbered()
    {
        ReadOnlySpan<byte> payload = Packets().Udp(77, 1_700_000_000_000_000_000);
        Assert.That(StampKeys.Derive(Loopback.Nonce, 100_001).Verify(payload), Is.True);
        Assert.That(StampKeys.Derive(Loopback.OtherNonce, 100_001).Verify(payload), Is.False);
        Assert.That(StampSenderPacket.Read(payload, true, out StampSenderPacket read), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(read.Sequence, Is.EqualTo(77));
    }

    [Test]
    public void A_TCP_try_is_a_SYN_with_a_drawn_number_and_a_right_checksum()
    {
        ReachPackets packets = Packets();
        byte[] segment = packets.Tcp(5, 40_000, 33_333, From, To).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(Checksum.IsValid(
                From.GetAddressBytes(), To.GetAddressBytes(), IpProtocol.Tcp, segment), Is.True);
            Assert.That(BinaryPrimitives.ReadUInt16BigEndian(segment.AsSpan(2)), Is.EqualTo(33_333));
            Assert.That(BinaryPrimitives.ReadUInt32BigEndian(segment.AsSpan(4)), Is.EqualTo(packets.TcpSequence(5)));
            Assert.That(segment[13], Is.EqualTo(0x02));
            Assert.That(Packets(Loopback.OtherNonce).TcpSequence(5), Is.Not.EqualTo(packets.TcpSequence(5)));
        });
    }

    [Test]
    public void An_echo_request_has_the_length_that_the_run_draws_and_a_right_checksum_in_both_families()
    {
        ReachPackets packets = Packets();
        byte[] echo = packets.Icmp(5, 1, From, To).ToArray();
        Assert.That(echo, Has.Length.EqualTo(packets.IcmpLength).And.Length.InRange(72, 135));
        Assert.That((echo[0], Checksum.IsValid(echo)), Is.EqualTo(((byte)8, true)));
        Assert.That(BinaryPrimitives.ReadUInt16BigEndian(echo.AsSpan(6)), Is.EqualTo(5));
        Assert.That(BinaryPrimitives.ReadUInt32BigEndian(echo.AsSpan(8)), Is.EqualTo(packets.IcmpData(5)));
        Assert.That(echo.Skip(12), Is.All.Zero);
        Assert.That(Packets(Loopback.OtherNonce).IcmpData(5), Is.Not.EqualTo(packets.IcmpData(5)));
        byte[] wide = packets.Icmp(5, 1, WideFrom, WideTo).ToArray();
        Assert.That(wide[0], Is.EqualTo(128));
        Assert.That(Checksum.IsValid(
            WideFrom.GetAddressBytes(), WideTo.GetAddressBytes(), IpProtocol.Icmpv6, wide), Is.True);
    }

    [Test]
    public void Targets_of_another_family_are_refused() => Assert.That(
        () => ReachOrder.Read(new(Loopback.Order("slice-reach", ("localAddress", "10.45.0.2"), ("localPort", 1),
            ("interface", "ueA"),
            ("targets", "10.46.0.2,2001:db8::1"), ("ownAddress", "10.100.61.10"), ("port", 2), ("session", 100_001),
            ("tries", 1_200), ("ratePps", 1_200)))),
        Throws.InstanceOf<ProbeParameterException>().With.Property("Name").EqualTo("targets"));
}
