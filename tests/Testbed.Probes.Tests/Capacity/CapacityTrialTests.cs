using System.Diagnostics;
using Testbed.Conformance.Results;

namespace Testbed.Probes.Tests.Capacity;

[NonParallelizable]
public sealed class CapacityTrialTests
{
    private const int Payload = 1_000;

    private static ProbeTask Client(int port, string direction, int runs, int seconds) => Loopback.Order(
        "capacity-client", ("localAddress", "127.0.0.1"), ("localPort", 0), ("remoteAddress", "127.0.0.1"),
        ("port", port), ("slice", "blue"), ("direction", direction), ("runs", runs), ("seconds", seconds),
        ("maxMbps", "20"), ("payloadBytes", Payload));

    private static Task<Loopback.Responder> ServerAsync(int port, byte[]? nonce = null) => Loopback.StartAsync(
        Loopback.Order(nonce ?? Loopback.Nonce, "capacity-server", ("address", "127.0.0.1"), ("port", port)));

    private static Task<ProbeOutcome> RunAsync(ProbeTask task, TestHost host) =>
        ProbeCatalogue.Find(task.Kind)!.RunAsync(task, host, default);

    [TestCase("downlink")]
    [TestCase("uplink")]
    public async Task A_policer_is_found_within_a_tenth(string direction)
    {
        int port = Loopback.FreePort();
        TestHost host = new();
        TokenBucket policer = new(bitsPerSecond: 5_000_000, depthBytes: 15_000);
        ProbeOutcome outcome;
        await using (await ServerAsync(port))
        await using (Relay relay = direction == "downlink"
            ? new(port, toClient: policer.Pass) : new(port, toServer: policer.Pass))
            outcome = await RunAsync(Client(relay.Port, direction, runs: 1, seconds: 3), host);

        Assert.That(outcome.Problem, Is.Null);
        KpiResult kpi = outcome.Kpis[0];
        Assert.That(kpi.Id, Is.EqualTo($"{direction}-capacity"));
        Assert.That((kpi.Layer, kpi.Unit, kpi.Scope), Is.EqualTo((Layer.Ip, "Mbit/s", "blue")));
        AssertFound(outcome, 5, within: 0.5m);
        Assert.That(kpi.NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive), "one trial has no spread");

        string[][] rows = host.Rows($"capacity-{direction}.csv");
        Assert.That(rows, Has.Length.EqualTo(1 + 3));
        foreach (string[] row in rows.Skip(1))
        {
            long[] cells = [.. row.Select(long.Parse)];
            Assert.That(cells[3] - cells[2], Is.EqualTo(1_000_000_000), "a sub-interval is a second");
            Assert.That(cells[4], Is.GreaterThanOrEqualTo(cells[5] * 9 / 10), "sent, with the edge of a second's play");
            Assert.That(cells[4] * 8, Is.LessThan(20_500_000), "never above the site's limit");
            Assert.That(cells[5] % (Payload + 28), Is.Zero, "whole packets with IP and UDP headers");
            Assert.That(cells[10], Is.EqualTo(cells[5] * 8));
        }
        Assert.That(rows.Skip(1).Sum(row => long.Parse(row[6])), Is.Positive, "a policer drops");
    }

    [Test]
    public async Task Without_a_bottleneck_the_search_ends_at_the_sites_limit()
    {
        int port = Loopback.FreePort();
        ProbeOutcome outcome;
        await using (await ServerAsync(port))
            outcome = await RunAsync(Client(port, "uplink", runs: 2, seconds: 2).With("maxMbps", "4"), new TestHost());
        KpiResult kpi = outcome.Kpis[0];
        Assert.That(kpi.Samples, Is.EqualTo(2));
        AssertFound(outcome, 4, within: 0.6m);
        Assert.That(kpi.Low, Is.LessThanOrEqualTo(kpi.Value));
        Assert.That(kpi.High, Is.GreaterThanOrEqualTo(kpi.Value));
        Assert.That(kpi.NotUsable, Is.Null);
        if (IsUndisturbed(outcome))
            Assert.That(kpi.Findings.Select(each => each.En), Has.Some.Contains("carried the 4 Mbit/s that the plan"));
    }

    [Test]
    public async Task A_server_of_another_run_is_no_server()
    {
        int port = Loopback.FreePort();
        ProbeOutcome outcome;
        await using (await ServerAsync(port, Loopback.OtherNonce))
            outcome = await RunAsync(Client(port, "downlink", runs: 3, seconds: 1), new TestHost());
        Assert.That(outcome.Kpis, Is.Empty);
        Assert.That(outcome.Problem!.En, Does.Contain("did not answer"));
    }

    [TestCase("direction", "sideways")]
    [TestCase("runs", "0")]
    [TestCase("seconds", "61")]
    [TestCase("maxMbps", "0")]
    [TestCase("payloadBytes", "63")]
    [TestCase("remoteAddress", "::1")]
    public async Task A_bad_parameter_is_named(string name, string value)
    {
        ProbeParameterException? thrown = await Assert.ThrowsAsync<ProbeParameterException>(
            () => RunAsync(Client(5_000, "uplink", 1, 1).With(name, value), new TestHost()));
        Assert.That(thrown!.Name, Is.EqualTo(name));
    }

    /// <summary>
    /// A host that stood still is told by the trial itself: it may have found less, and its upper end is open
    /// then. More than there is it never finds.
    /// </summary>
    private static void AssertFound(ProbeOutcome outcome, decimal mbps, decimal within)
    {
        KpiResult kpi = outcome.Kpis[0];
        Assert.That(kpi.Value, Is.LessThanOrEqualTo(mbps + within));
        Assert.That(kpi.High, Is.GreaterThanOrEqualTo(mbps - within), () => string.Join('\n', kpi.Findings));
        if (IsUndisturbed(outcome))
            Assert.That(kpi.Value, Is.EqualTo(mbps).Within(within), () => string.Join('\n', kpi.Findings));
    }

    // Not by the share of disturbed trials: a search that climbs too slowly would count itself among them.
    private static bool IsUndisturbed(ProbeOutcome outcome) =>
        !outcome.Kpis[0].Findings.Any(each => each.En.Contains("stood still", StringComparison.Ordinal));

    /// <summary>Drops what exceeds a rate, as an AMBR policer does; counts IP-layer bytes.</summary>
    private sealed class TokenBucket(double bitsPerSecond, double depthBytes)
    {
        private long _last = Stopwatch.GetTimestamp();
        private double _tokens;

        public byte[]? Pass(byte[] datagram, int index)
        {
            long now = Stopwatch.GetTimestamp();
            double seconds = Stopwatch.GetElapsedTime(_last, now).TotalSeconds;
            _last = now;
            _tokens = Math.Min(depthBytes, _tokens + seconds * bitsPerSecond / 8);
            if (_tokens < datagram.Length + 28) return null;
            _tokens -= datagram.Length + 28;
            return datagram;
        }
    }
}
