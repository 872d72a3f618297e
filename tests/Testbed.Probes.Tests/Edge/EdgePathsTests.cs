using Testbed.Conformance.Results;
using Testbed.Probes.Edge;
using Testbed.Wire.Stamp;

namespace Testbed.Probes.Tests.Edge;

public sealed class EdgePathsTests
{
    private static ProbeTask Order(int edgePort, int centrePort, string claimedMs = "") => Loopback.Order("edge-paths",
        ("localAddress", "127.0.0.1"), ("slice", "blue"), ("deadlineMs", 1_000), ("claimedMs", claimedMs),
        ("edgeAddress", "127.0.0.1"), ("edgePort", edgePort), ("edgeLocalPort", 0), ("edgeSession", 3),
        ("edgeCount", 400), ("edgeRatePps", 1_000),
        ("dnAddress", "127.0.0.1"), ("dnPort", centrePort), ("dnLocalPort", 0), ("dnSession", 4),
        ("dnCount", 200), ("dnRatePps", 500));

    private static Task<Loopback.Responder> ReflectorAsync(int port, int session) =>
        Loopback.StartAsync(Loopback.Order("stamp-reflector",
            ("address", "127.0.0.1"), ("port", port), ("session", session)));

    private static async Task<(ProbeOutcome Outcome, TestHost Host)> RunAsync(
        Relay.Rule? onWayToEdge = null, string claimedMs = "", bool edgeAnswers = true)
    {
        int edgePort = Loopback.FreePort(), centrePort = Loopback.FreePort();
        TestHost host = new();
        await using Loopback.Responder? edge = edgeAnswers ? await ReflectorAsync(edgePort, 3) : null;
        await using Loopback.Responder centre = await ReflectorAsync(centrePort, 4);
        await using Relay relay = new(edgePort, toServer: onWayToEdge ?? ((bytes, _) => bytes));
        return (await new EdgePathsProbe().RunAsync(
            Order(relay.Port, centrePort, claimedMs), host, default), host);
    }

    private static KpiResult Kpi(ProbeOutcome outcome, string id) => outcome.Kpis.Single(kpi => kpi.Id == id);

    [Test]
    public async Task Both_ends_are_recorded_and_compared()
    {
        (ProbeOutcome outcome, TestHost host) = await RunAsync();
        Assert.That(outcome.Problem, Is.Null);
        Assert.That(outcome.Records, Is.EqualTo(new[] { "stamp-3.csv", "stamp-4.csv" }));
        Assert.That(host.Rows("stamp-3.csv"), Has.Length.EqualTo(401));
        Assert.That(host.Rows("stamp-4.csv"), Has.Length.EqualTo(201));
        KpiResult excess = Kpi(outcome, "edge-delay-excess");
        decimal near = Kpi(outcome, "edge-round-trip-p95").Value, far = Kpi(outcome, "central-round-trip-p95").Value;
        Assert.That(excess.Value, Is.EqualTo(near - far));
        Assert.That(excess.Value, Is.InRange(excess.Low, excess.High));
        Assert.That(excess.Samples, Is.EqualTo(200), "the end with fewer packets");
    }

    [Test]
    public async Task The_claims_figure_counts_where_it_is_stricter_than_the_centre()
    {
        (ProbeOutcome outcome, _) = await RunAsync(claimedMs: "0.001");
        KpiResult excess = Kpi(outcome, "edge-delay-excess");
        Assert.That(excess.Value, Is.EqualTo(Kpi(outcome, "edge-round-trip-p95").Value - 0.001m).Within(0.000001m));
        Assert.That(excess.Value, Is.Positive);
    }

    [Test]
    public async Task Each_ends_packets_carry_its_own_marker_both_ways()
    {
        byte[] marker = PayloadMarker.Derive(Loopback.Nonce, "edge");
        int marked = 0;
        (ProbeOutcome outcome, _) = await RunAsync(onWayToEdge: (bytes, _) =>
        {
            if (bytes.AsSpan().IndexOf(marker) > 0) Interlocked.Increment(ref marked);
            return bytes;
        });
        Assert.That(outcome.Problem, Is.Null);
        Assert.That(marked, Is.EqualTo(400));
        Assert.That(PayloadMarker.Derive(Loopback.Nonce, "dn"), Is.Not.EqualTo(marker));
        Assert.That(PayloadMarker.Derive(Loopback.OtherNonce, "edge"), Is.Not.EqualTo(marker));
    }

    [Test]
    public async Task An_edge_that_never_answers_is_a_problem_and_no_figure()
    {
        (ProbeOutcome outcome, _) = await RunAsync(edgeAnswers: false);
        Assert.That(outcome.Problem!.En, Does.Contain("answered none of 400"));
        Assert.That(outcome.Kpis, Is.Empty);
    }

    [Test]
    public async Task A_missing_far_end_is_named()
    {
        ProbeParameterException? bad = await Assert.ThrowsAsync<ProbeParameterException>(() =>
            new EdgePathsProbe().RunAsync(Order(5000, 5001).With("dnAddress", null), new TestHost(), default));
        Assert.That(bad!.Name, Is.EqualTo("dnAddress"));
    }
}
