using System.Buffers.Binary;
using System.Net;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Tests.Meters.Security;

public sealed class N3ProtectionMeterTests
{
    private CrossingRun _run = null!;

    [SetUp]
    public void Open() => _run = new();

    [TearDown]
    public void Close() => _run.Dispose();

    private KpiResult Result(string protection, string id = "n3-clear-against-claim")
    {
        Claim claim = TestClaims.TwoSlices;
        _run.Claim = claim with { Network = claim.Network with { N3Protection = protection } };
        return _run.Analyze().Kpis.Single(kpi => kpi.Id == id);
    }

    private void Esp(long us, byte[] inside, bool inUdp = false)
    {
        byte[] esp = new byte[8 + inside.Length];
        BinaryPrimitives.WriteUInt32BigEndian(esp, 0xC0FFEE01);
        BinaryPrimitives.WriteUInt32BigEndian(esp.AsSpan(4), (uint)us);
        inside.CopyTo(esp, 8);
        _run.OnN3(us, inUdp
            ? Packets.Udp(Packets.Gnb, Packets.Upf, esp, (ushort)us, 4500, 4500)
            : Carriers.Ipv4(IpProtocol.Esp, esp, Packets.Gnb, Packets.Upf));
    }

    private static byte[] Noise(int seed)
    {
        byte[] noise = new byte[120];
        new Random(seed).NextBytes(noise);
        return noise;
    }

    [Test]
    public void SEC_001_Clear_text_is_as_claimed_on_a_trusted_site()
    {
        _run.Cross(100, Packets.Ue, 1, 101);
        KpiResult result = Result(ClaimWords.TrustedSite);
        Assert.That((result.Value, result.Samples), Is.EqualTo((0m, 2L)));
        Assert.That(result.Findings[0].En, Does.Contain("2 of 2 frames on N3 are in clear"));
    }

    [Test]
    public void SEC_001_Clear_text_is_against_a_claim_of_IPsec()
    {
        _run.Cross(100, Packets.Ue, 1, 101);
        Assert.That(Result(ClaimWords.Ipsec).Value, Is.EqualTo(1));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void SEC_001_ESP_is_what_a_claim_of_IPsec_needs_also_in_UDP(bool inUdp)
    {
        for (int i = 1; i <= 200; i++) Esp(i, Noise(i), inUdp);
        KpiResult result = Result(ClaimWords.Ipsec);
        Assert.That((result.Value, result.Samples), Is.EqualTo((0m, 200L)));
        Assert.That(Result(ClaimWords.Ipsec, "n3-esp-share").Value, Is.EqualTo(1));
    }

    [Test]
    public void SEC_001_One_clear_frame_among_ESP_is_enough()
    {
        for (int i = 1; i <= 200; i++) Esp(i, Noise(i));
        _run.OnN3(300, Packets.Up(Packets.Udp(Packets.Ue, Packets.Server, 1, 1)));
        _run.Run = new() { Nonce = new byte[32] };
        KpiResult result = Result(ClaimWords.Ipsec);
        Assert.That(result.Value, Is.EqualTo(decimal.Round(1m / 201, 9)));
        Assert.That(result.Evidence.Single(), Does.StartWith("n3.pcapng#"));
    }

    [Test]
    public void SEC_001_ESP_without_encryption_hides_nothing()
    {
        for (int i = 1; i <= 200; i++) Esp(i, Packets.Up(Packets.Udp(Packets.Ue, Packets.Server, i, (ushort)i)));
        KpiResult result = Result(ClaimWords.Ipsec);
        Assert.That(result.Value, Is.EqualTo(1));
        Assert.That(result.Findings[0].En, Does.Contain("200 of them ESP without encryption"));
    }

    [Test]
    public void SEC_001_What_a_kit_says_in_clear_is_not_the_networks()
    {
        for (int i = 1; i <= 200; i++) Esp(i, Noise(i));
        _run.OnN3(300, Packets.Up(Packets.Udp("192.0.2.1", "192.0.2.2", 1, 1), gnb: "10.100.3.200"));
        _run.Run = new() { Nonce = new byte[32], KitAddresses = [IPAddress.Parse("10.100.3.200")] };
        Assert.That(Result(ClaimWords.Ipsec).Value, Is.Zero);
    }

    [Test]
    public void SEC_001_IKE_on_the_same_port_is_no_ESP()
    {
        byte[] ike = [0, 0, 0, 0, .. new byte[60]];
        for (int i = 1; i <= 50; i++)
            _run.OnN3(i, Packets.Udp(Packets.Gnb, Packets.Upf, ike, (ushort)i, 4500, 4500));
        Assert.That(Result(ClaimWords.Ipsec).Samples, Is.Zero);
    }
}
