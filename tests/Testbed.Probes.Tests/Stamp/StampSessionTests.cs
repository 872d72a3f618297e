using Testbed.Conformance.Results;
using Testbed.Probes.Stamp;

namespace Testbed.Probes.Tests.Stamp;

public sealed class StampSessionTests
{
    private const int Session = 3;

    private static ProbeTask Sender(int port, int count = 400, int ratePps = 1_000) => Loopback.Order("stamp-sender",
        ("localAddress", "127.0.0.1"), ("localPort", 0), ("remoteAddress", "127.0.0.1"), ("port", port),
        ("session", Session), ("slice", "blue"), ("count", count), ("ratePps", ratePps), ("packetBytes", 128),
        ("deadlineMs", 1_000));

    private static Task<Loopback.Responder> ReflectorAsync(int port, byte[]? nonce = null) =>
        Loopback.StartAsync(Loopback.Order(nonce ?? Loopback.Nonce, "stamp-reflector",
            ("address", "127.0.0.1"), ("port", port), ("session", Session)));

    private static KpiResult Kpi(ProbeOutcome outcome, string id) => outcome.Kpis.Single(kpi => kpi.Id == id);

    [Test]
    public async Task Every_packet_is_answered_recorded_and_counted()
    {
        int port = Loopback.FreePort();
        TestHost host = new();
        StampReport report;
        await using (await ReflectorAsync(port))
            report = await StampSession.RunAsync(Sender(port), host, default);

        ProbeOutcome outcome = report.Outcome;
        Assert.That(outcome.Problem, Is.Null);
        Assert.That(outcome.Records, Is.EqualTo(new[] { "stamp-3.csv" }));
        Assert.That(outcome.Kpis.Select(kpi => kpi.Id), Is.EqualTo(new[]
        {
            "round-trip-delay-p99", "delay-variation-p999", "delivered-in-time-ratio", "clock-steps",
            "disturbed-packet-share",
        }));
        foreach (KpiResult kpi in outcome.Kpis)
        {
            Assert.That((kpi.Samples, kpi.Scope, kpi.Source), Is.EqualTo((400, "blue", "stamp-sender@test-kit")));
            Assert.That(kpi.Value, Is.InRange(kpi.Low, kpi.High), kpi.Id);
        }
        Assert.That(Kpi(outcome, "delivered-in-time-ratio").Value, Is.EqualTo(1));
        Assert.That(Kpi(outcome, "delivered-in-time-ratio").Low, Is.EqualTo(0.99254).Within(1e-5), "0.05^(1/400)");
        Assert.That(Kpi(outcome, "clock-steps").Value, Is.Zero);
        Assert.That(report.Counters, Has.Property("Lost").Zero.And.Property("NotAuthentic").Zero);
        Assert.That(report.RoundTrip!.MinNs, Is.Positive);
        Assert.That(report.Forward!.MinNs, Is.Positive, "one clock here, so both directions take time");
        Assert.That(report.Return!.MinNs, Is.Positive);

        string[][] rows = host.Rows("stamp-3.csv");
        Assert.That(rows[0], Is.EqualTo("seq,t1Ns,t2Ns,t3Ns,t4Ns,status,disturbed,lateNs,heldNs".Split(',')));
        Assert.That(rows.Skip(1).Select(row => long.Parse(row[0])), Is.EqualTo(Enumerable.Range(0, 400)));
        foreach (string[] row in rows.Skip(1))
        {
            long[] stamps = [.. row[1..5].Select(long.Parse)];
            Assert.That(stamps, Is.Ordered, $"causal order of packet {row[0]}");
            Assert.That(row[5], Is.EqualTo("answered"));
        }
    }

    [Test]
    public async Task Packets_lost_on_the_way_are_lost_and_count_as_slowest()
    {
        int port = Loopback.FreePort();
        TestHost host = new();
        ProbeOutcome outcome;
        await using (await ReflectorAsync(port))
        await using (Relay relay = new(port, toServer: (bytes, index) => index % 10 == 9 ? null : bytes))
            outcome = (await StampSession.RunAsync(Sender(relay.Port, count: 300), host, default)).Outcome;

        Assert.That(Kpi(outcome, "delivered-in-time-ratio").Value, Is.EqualTo(0.9m));
        Assert.That(Kpi(outcome, "round-trip-delay-p99").Value, Is.EqualTo(2_000), "p99 is a lost one");
        Assert.That(Kpi(outcome, "round-trip-delay-p99").Low, Is.LessThan(2_000));
        Assert.That(host.Rows("stamp-3.csv").Count(row => row[5] == "lost"), Is.EqualTo(30));
    }

    [Test]
    public async Task A_burst_of_losses_is_tested_in_blocks()
    {
        int port = Loopback.FreePort();
        ProbeOutcome outcome;
        await using (await ReflectorAsync(port))
        await using (Relay relay = new(port, toServer: (bytes, index) => index is >= 100 and < 140 ? null : bytes))
            outcome = (await StampSession.RunAsync(Sender(relay.Port, count: 400), new TestHost(), default)).Outcome;

        KpiResult kpi = Kpi(outcome, "delivered-in-time-ratio");
        Assert.That(kpi.Value, Is.EqualTo(0.9m));
        Assert.That(kpi.Findings.Select(each => each.En), Has.Some.Contains("in blocks of 40"));
        Assert.That(kpi.Low, Is.LessThan(0.7m), "one outage is one event, not forty");
    }

    [Test]
    public async Task Changed_answers_are_not_believed()
    {
        int port = Loopback.FreePort();
        StampReport report;
        await using (await ReflectorAsync(port))
        await using (Relay relay = new(port, toClient: Tamper))
            report = await StampSession.RunAsync(Sender(relay.Port, count: 200), new TestHost(), default);

        Assert.That(report.Counters.NotAuthentic, Is.EqualTo(50));
        Assert.That(report.Counters.Lost, Is.EqualTo(50));
        Assert.That(Kpi(report.Outcome, "delivered-in-time-ratio").Value, Is.EqualTo(0.75m));

        static byte[] Tamper(byte[] bytes, int index)
        {
            if (index % 4 == 0) bytes[20] ^= 1; // T3: the answer would look faster or slower.
            return bytes;
        }
    }

    [Test]
    public async Task A_reflector_of_another_run_answers_nothing()
    {
        int port = Loopback.FreePort();
        ProbeOutcome outcome;
        await using (await ReflectorAsync(port, Loopback.OtherNonce))
            outcome = (await StampSession.RunAsync(Sender(port, count: 20), new TestHost(), default)).Outcome;

        Assert.That(outcome.Problem, Is.Not.Null);
        Assert.That(outcome.Kpis.Select(kpi => kpi.Id),
            Is.EqualTo(new[] { "delivered-in-time-ratio", "disturbed-packet-share" }));
        Assert.That((outcome.Kpis[0].Value, outcome.Kpis[0].Low), Is.EqualTo((0m, 0m)));
    }

    [Test]
    public async Task An_answer_after_the_deadline_is_late_but_keeps_its_delay()
    {
        int port = Loopback.FreePort();
        ProbeTask hurried = Sender(port, count: 50).With("deadlineMs", "0.001");
        StampReport report;
        await using (await ReflectorAsync(port))
            report = await StampSession.RunAsync(hurried, new TestHost(), default);

        Assert.That(report.Counters.Late, Is.EqualTo(50));
        Assert.That(report.Counters.Lost, Is.Zero);
        Assert.That(Kpi(report.Outcome, "delivered-in-time-ratio").Value, Is.Zero);
        Assert.That(report.RoundTrip!.MinNs, Is.GreaterThan(1_000));
    }

    [Test]
    public async Task Short_packets_become_112_bytes_and_the_figure_says_so()
    {
        int port = Loopback.FreePort();
        ProbeOutcome outcome;
        await using (await ReflectorAsync(port))
            outcome = (await StampSession.RunAsync(
                Sender(port, count: 5).With("packetBytes", "32"), new TestHost(), default)).Outcome;
        Assert.That(Kpi(outcome, "round-trip-delay-p99").Findings.Select(each => each.En),
            Has.Some.Contains("so 32 became 112"));
        Assert.That(Kpi(outcome, "round-trip-delay-p99").High, Is.EqualTo(2_000), "five samples bound no p99");
    }

    [TestCase("count", "0")]
    [TestCase("count", null)]
    [TestCase("ratePps", "fast")]
    [TestCase("ratePps", "0")]
    [TestCase("remoteAddress", "7")]
    [TestCase("remoteAddress", "::1")]
    [TestCase("localAddress", "ue")]
    [TestCase("session", "65536")]
    [TestCase("port", "0")]
    [TestCase("deadlineMs", "-1")]
    public async Task A_bad_parameter_is_named(string name, string? value)
    {
        ProbeTask task = Sender(5_000).With(name, value);
        ProbeParameterException? thrown = await Assert.ThrowsAsync<ProbeParameterException>(
            () => ProbeCatalogue.Find("stamp-sender")!.RunAsync(task, new TestHost(), default));
        Assert.That(thrown!.Name, Is.EqualTo(name));
    }

    [Test]
    public async Task An_address_of_another_host_is_a_problem_with_its_errno()
    {
        ProbeTask task = Sender(5_000).With("localAddress", "192.0.2.1").With("remoteAddress", "192.0.2.2");
        ProbeOutcome outcome = await ProbeCatalogue.Find("stamp-sender")!.RunAsync(task, new TestHost(), default);
        Assert.That(outcome.Problem!.En, Does.Contain("EADDRNOTAVAIL"));
        Assert.That(outcome.Kpis, Is.Empty);
    }

    [Test]
    public async Task Cancelling_ends_a_session()
    {
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(200));
        await Assert.CatchAsync<OperationCanceledException>(() => ProbeCatalogue.Find("stamp-sender")!.RunAsync(
            Sender(Loopback.FreePort(), count: 1_000_000), new TestHost(), stop.Token));
    }
}
