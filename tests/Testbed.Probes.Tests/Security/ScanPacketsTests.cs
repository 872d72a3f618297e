using System.Net;
using Testbed.Conformance.Results;
using Testbed.Probes.Security.Scanning;
using Testbed.Probes.Security.Trials;
using Testbed.Probes.Sockets;
using Testbed.Wire;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Pfcp;
using Testbed.Wire.Transport;

namespace Testbed.Probes.Tests.Security;

public sealed class ScanPacketsTests
{
    private const uint Host = 0x0A640401, Ue = 0x0A2D0002;

    private static byte[] Ip(byte protocol, byte[] payload, uint from = Host, uint to = Ue)
    {
        byte[] packet = new byte[Ipv4Header.LengthMin + payload.Length];
        Ipv4Header.Write(packet, from, to, protocol, payload.Length);
        payload.CopyTo(packet, Ipv4Header.LengthMin);
        return packet;
    }

    [Test]
    public void Each_port_gets_a_question_that_its_protocol_answers()
    {
        byte[] buffer = new byte[256];
        int length = ScanPackets.WriteUdp(buffer, 8805, 7, DateTimeOffset.UnixEpoch);
        Assert.That(PfcpMessage.Read(buffer.AsSpan(0, length), out PfcpMessage? pfcp), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(pfcp!.Type, Is.EqualTo(PfcpMessageType.HeartbeatRequest));
        Assert.That(pfcp.RecoveryTimeStamp, Is.EqualTo(2_208_988_800));
        length = ScanPackets.WriteUdp(buffer, 2152, 7, DateTimeOffset.UnixEpoch);
        Assert.That(GtpUHeader.Read(buffer.AsSpan(0, length), out GtpUHeader gtp, length), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(gtp.MessageType, Is.EqualTo(GtpUMessageType.EchoRequest));
    }

    [Test]
    public void An_INIT_is_a_whole_SCTP_packet_with_its_checksum()
    {
        byte[] buffer = new byte[64];
        int length = ScanPackets.WriteInit(buffer, 30_000, 38_412, 77);
        byte[] packet = buffer[..length];
        uint checksum = BitConverter.ToUInt32(packet, 8);
        SctpHeader.WriteChecksum(packet);
        Assert.That(BitConverter.ToUInt32(packet, 8), Is.EqualTo(checksum));
        Assert.That(SctpHeader.Read(packet, out SctpHeader sctp), Is.EqualTo(DecodeStatus.Ok));
        Assert.That((sctp.DestinationPort, sctp.VerificationTag), Is.EqualTo((38_412, 0u)));
        SctpChunks chunks = sctp.Chunks;
        Assert.That(chunks.MoveNext() && chunks.Current.Type is SctpChunkType.Init && chunks.Current.ValueLength == 16);
    }

    [TestCase((byte)2, "Open")]
    [TestCase((byte)6, "Refused")]
    [TestCase((byte)4, "")]
    public void SCTP_answers_are_told_apart(byte chunk, string expected)
    {
        byte[] sctp = new byte[16];
        SctpHeader.Write(sctp, 38_412, 30_000, 1);
        sctp[12] = chunk;
        sctp[15] = 4;
        Assert.That($"{ScanPackets.ReadSctp(Ip(IpProtocol.Sctp, sctp), 30_000)?.Answer}", Is.EqualTo(expected));
        Assert.That(ScanPackets.ReadSctp(Ip(IpProtocol.Sctp, sctp), 30_001), Is.Null, "not for this scan");
    }

    [Test]
    public void An_echo_reply_counts_with_this_scans_identifier_alone()
    {
        byte[] echo = new byte[64];
        int length = ScanPackets.WriteEcho(echo, 4711, 1);
        echo[0] = 0;
        byte[] packet = Ip(IpProtocol.Icmp, echo[..length]);
        Assert.That(ScanPackets.ReadIcmp(packet, 4711), Is.EqualTo((HostAddress.FromIpv4(Host), 0, ScanAnswer.Open)));
        Assert.That(ScanPackets.ReadIcmp(packet, 4712), Is.Null);
    }

    [TestCase(Host, 8805)]
    [TestCase(0x0A640001u, null)]
    public void A_port_is_refused_only_in_the_name_of_the_address_that_was_asked(uint from, int? port)
    {
        byte[] udp = new byte[8];
        UdpHeader.Write(udp, 30_000, 8805, 0);
        byte[] icmp = [3, 3, 0, 0, 0, 0, 0, 0, .. Ip(IpProtocol.Udp, udp, Ue, Host)];
        Assert.That(ScanPackets.ReadIcmp(Ip(IpProtocol.Icmp, icmp, from), 1)?.Port, Is.EqualTo(port));
    }

    [Test]
    public void No_prefix_of_an_answer_throws()
    {
        byte[] icmp = [3, 3, 0, 0, 0, 0, 0, 0, .. Ip(IpProtocol.Udp, new byte[8], Ue, Host)];
        byte[] packet = Ip(IpProtocol.Icmp, icmp);
        for (int length = 0; length < packet.Length; length++)
        {
            ScanPackets.ReadIcmp(packet.AsSpan(0, length), 1);
            ScanPackets.ReadSctp(packet.AsSpan(0, length), 1);
        }
    }

    [TestCase("38412/sctp", true)]
    [TestCase("8805/udp", true)]
    [TestCase("0/udp", false)]
    [TestCase("65536/tcp", false)]
    [TestCase("80", false)]
    [TestCase("80/icmp", false)]
    public void Ports_are_read_as_claims_write_them(string text, bool isPort)
        => Assert.That(ScanTarget.TryParsePort(text, out _, out _), Is.EqualTo(isPort));

    [Test]
    public void SEC_002_An_open_port_fails_a_refusal_alone_decides_nothing_and_silence_passes()
    {
        ScanTarget[] targets =
        [
            new(IPAddress.Parse("10.100.4.1"), ScanProtocol.Udp, 8805),
            new(IPAddress.Parse("10.100.4.1"), ScanProtocol.Tcp, 443),
        ];
        Assert.That(Judge(targets).Value, Is.Zero);
        Assert.That(Judge(targets).NotUsable, Is.Null);
        targets[1].Take(ScanAnswer.Refused);
        Assert.That(Judge(targets).NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(Judge(targets).NotUsable!.En, Does.Contain("10.100.4.1 443/tcp"));
        targets[0].Take(ScanAnswer.Open);
        targets[0].Take(ScanAnswer.Refused);
        KpiResult open = Judge(targets);
        Assert.That((open.Value, open.Samples), Is.EqualTo((1m, 2L)));
        Assert.That(open.NotUsable, Is.Null);
        Assert.That(open.Findings[0].En, Does.Contain("10.100.4.1 8805/udp"));
    }

    [Test]
    public void A_try_that_this_host_did_not_send_is_no_sample()
    {
        ScanTarget target = new(IPAddress.Parse("10.100.4.1"), ScanProtocol.Udp, 8805);
        target.Take(ScanAnswer.NotSent);
        Assert.That(Judge([target]).Samples, Is.Zero);
    }

    private static KpiResult Judge(ScanTarget[] targets)
    {
        using Wake wake = new();
        return CoreScanProbe.Judge(targets, new TrialSender(TrialOrder.Read(Loopback.Order("core-scan",
            ("trial", 1), ("kind", "control"), ("localAddress", "127.0.0.1"), ("localPort", 9), ("remoteAddress",
            "127.0.0.1"), ("port", 9), ("count", 1), ("ratePps", 1), ("delayMs", 0))), Loopback.Nonce, wake), "test");
    }
}
