using System.Net;
using System.Net.Sockets;
using Testbed.Conformance.Results;
using Testbed.Probes.Security.Trials;
using Testbed.Wire;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Transport;
using Testbed.Wire.Trials;

namespace Testbed.Probes.Tests.Security;

public sealed class TrialTests
{
    private const string Ue = "127.0.0.81", Dn = "127.0.0.82", Upf = "127.0.0.83";

    private static ProbeTask Order(int port, string kind = "control", byte[]? nonce = null) => Loopback.Order(
        nonce ?? Loopback.Nonce, "trial-sender",
        ("trial", 5), ("control", 4), ("kind", kind), ("localAddress", Ue), ("localPort", Loopback.FreePort()),
        ("remoteAddress", Dn), ("port", port), ("slice", "embb"), ("count", 40), ("ratePps", 400), ("delayMs", 0));

    private static Task<Loopback.Responder> ListenAsync(int port, byte[]? nonce = null) => Loopback.StartAsync(
        Loopback.Order(nonce ?? Loopback.Nonce, "trial-listener", ("address", Dn), ("port", port), ("listener", 1)));

    private static Task<ProbeOutcome> SendAsync(ProbeTask task, TestHost host) =>
        ProbeCatalogue.Find("trial-sender")!.RunAsync(task, host, default);

    [Test]
    public async Task Control_packets_come_back_and_the_named_figure_says_how_many()
    {
        int port = Loopback.FreePort();
        await using Loopback.Responder listener = await ListenAsync(port);
        TestHost host = new();
        ProbeOutcome outcome = await SendAsync(Order(port).With("figure", "forwarded-after-mutants-ratio"), host);
        KpiResult share = outcome.Kpis.Single();
        Assert.That((share.Id, share.Value, share.Samples), Is.EqualTo(("forwarded-after-mutants-ratio", 1m, 40L)));
        string[][] rows = host.Rows("trial-5.csv");
        Assert.That(rows[0], Is.EqualTo(new[] { "seq", "sentNs", "answeredNs" }));
        Assert.That(rows.Skip(1).Select(row => row[2]), Has.Exactly(40).Items.And.None.EqualTo("0"));
    }

    [Test]
    public async Task Nobody_who_lacks_the_runs_key_answers_or_is_heard()
    {
        int port = Loopback.FreePort();
        await using Loopback.Responder listener = await ListenAsync(port, Loopback.OtherNonce);
        TestHost host = new();
        ProbeOutcome outcome = await SendAsync(Order(port).With("figure", "x"), host);
        Assert.That(outcome.Kpis.Single().Value, Is.Zero);
    }

    [Test]
    public async Task Attempts_are_written_down_and_not_answered()
    {
        int port = Loopback.FreePort();
        TestHost listening = new();
        using CancellationTokenSource stop = new();
        Task<ProbeOutcome> listener = ProbeCatalogue.Find("trial-listener")!.RunAsync(
            Loopback.Order("trial-listener", ("address", Dn), ("port", port), ("listener", 9)), listening, stop.Token);
        await listening.WhenReady;
        TestHost host = new();
        await SendAsync(Order(port, "unsolicited-downlink"), host);
        await Task.Delay(100);
        await stop.CancelAsync();
        await listener;
        string[][] rows = listening.Rows("trial-received-9.csv");
        Assert.That(rows.Skip(1).Select(row => $"{row[0]} {row[1]} {row[2]}"),
            Is.EqualTo(Enumerable.Range(0, 40).Select(i => $"5 attempt {i}")));
        Assert.That(host.Rows("trial-5.csv").Skip(1).Select(row => row[2]), Is.All.EqualTo("0"));
    }

    [TestCase("000abcde/9/" + Upf, 0xABCDEu, 9)]
    [TestCase("ffffffff/-/" + Upf, 0xFFFFFFFFu, null)]
    public async Task A_nested_packet_is_a_G_PDU_of_the_named_tunnel_to_the_UPF(string tunnel, uint teid, int? qfi)
    {
        using Socket upf = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        upf.ReceiveTimeout = 5000;
        upf.Bind(new IPEndPoint(IPAddress.Parse(Upf), GtpUHeader.Port));
        ProbeTask task = Order(Loopback.FreePort(), "nested-tunnel")
            .With("upfAddresses", $"127.0.0.99,{Upf}").With("tunnel", tunnel);
        await SendAsync(task, new());
        byte[] buffer = new byte[2048];
        int length = upf.Receive(buffer);
        Assert.That(GtpUHeader.Read(buffer.AsSpan(0, length), out GtpUHeader gtp, length), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(gtp.Teid, Is.EqualTo(teid));
        Assert.That(gtp.HasPduSessionContainer, Is.EqualTo(qfi is not null));
        Assert.That(IpPacket.Read(gtp.Payload, out IpPacket inner), Is.EqualTo(DecodeStatus.Ok));
        Assert.That((inner.SourceAddress.ToString(), inner.DestinationAddress.ToString()), Is.EqualTo((Ue, Dn)));
        Assert.That(UdpHeader.Read(inner, out UdpHeader udp), Is.EqualTo(DecodeStatus.Ok));
        byte[] key = TrialMessage.DeriveKey(Loopback.Nonce);
        Assert.That(TrialMessage.TryRead(key, udp.Payload, out TrialMessage message), Is.True);
        Assert.That((message.Trial, message.Class, message.Sequence), Is.EqualTo((5, TrialClass.Attempt, 0u)));
    }

    [TestCase("trial", "0")]
    [TestCase("kind", "flood")]
    [TestCase("count", "10001")]
    [TestCase("ratePps", "1001")]
    [TestCase("localAddress", "::1")]
    [TestCase("remoteAddress", null)]
    public void A_parameter_out_of_bounds_is_named(string name, string? value)
        => Assert.That(() => TrialOrder.Read(Order(9).With(name, value)),
            Throws.InstanceOf<ProbeParameterException>().With.Property("Name").EqualTo(name));

    [TestCase("outcome:n3-tunnel-watch-1/tunnel")]
    [TestCase("1234/9/" + Upf)]
    [TestCase("12345678/64/" + Upf)]
    [TestCase("12345678/9")]
    [TestCase("12345678/9/127.0.0.99")]
    [TestCase("12345678/9/::1")]
    [TestCase("12345678")]
    [TestCase(null)]
    public void A_tunnel_that_is_none_is_refused(string? tunnel)
        => Assert.That(() => TrialOrder.Read(
                Order(9, "nested-tunnel").With("upfAddresses", Upf).With("tunnel", tunnel)),
            Throws.InstanceOf<ProbeParameterException>().With.Property("Name").EqualTo("tunnel"));

    [Test]
    public void Spoofed_sources_lie_at_the_end_of_each_pool_and_follow_from_the_key()
    {
        string[] prefixes = ["10.45.0.0/16", "198.51.100.0/24", "10.9.9.8/30"];
        IPNetwork[] pools = [.. prefixes.Select(prefix => IPNetwork.Parse(prefix))];
        byte[] key = ProbeKeys.Derive(Loopback.Nonce, "test");
        SpoofedSources sources = new(pools, key), again = new(pools, key);
        for (int i = 0; i < 300; i++)
        {
            IPAddress source = HostAddress.FromIpv4(sources.Draw(i)).ToIPAddress();
            Assert.That(pools[i % 3].Contains(source), Is.True, $"{source}");
            Assert.That(again.Draw(i), Is.EqualTo(sources.Draw(i)));
            if (i % 3 == 0) Assert.That(source.GetAddressBytes()[2], Is.EqualTo(255), $"{source}");
            Assert.That(source, Is.Not.EqualTo(IPAddress.Parse("10.45.255.255")));
        }
    }
}
