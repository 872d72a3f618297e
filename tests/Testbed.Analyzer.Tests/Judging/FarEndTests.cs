using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Judging;

/// <summary>One slice with a path to its data network and one to the edge: each is held to its own scenario.</summary>
public sealed class FarEndTests
{
    private static Claim Claim(string scenarios, string profile = "") => Bench.Claim(text => text
        .Replace("{name: embb, sst: 1,", $"{{name: embb, sst: 1,{profile}", StringComparison.Ordinal)
        .Replace("scenarios:", "  - {role: edge, kit: kit-mec, slice: embb, address: 10.100.63.10}\nscenarios:\n"
            + scenarios, StringComparison.Ordinal)
        .Replace("  - {type: low-latency, slice: embb, rttMsP99: \"15\", jitterMs: \"8\", upfMsP99: \"2\"}\n", "",
            StringComparison.Ordinal));

    private static KpiResult[] Transit(decimal dnMs, decimal edgeMs) =>
    [
        .. new[] { ("embb", dnMs), ("embb→edge", edgeMs) }.SelectMany(each => Figures.Select(direction =>
            Bench.Between("upf-transit-p99", each.Item2, each.Item2, each.Item2, "ms") with
            {
                Scope = each.Item1, Direction = direction,
            })),
    ];

    private static readonly Direction[] Figures = [Direction.Uplink, Direction.Downlink];

    [TestCase(8, 0.2, Verdict.Fail)]
    [TestCase(0.8, 8, Verdict.Pass)]
    public void SCN_LAT_003_The_edge_s_UPF_answers_for_no_other(decimal dnMs, decimal edgeMs, Verdict verdict)
    {
        Claim claim = Claim("  - {type: low-latency, slice: embb, to: dn, rttMsP99: \"15\", upfMsP99: \"1\"}\n");
        RequirementResult result = Bench.Judge(
            "SCN-LAT-003", [.. Bench.Without("upf-transit-p99"), .. Transit(dnMs, edgeMs)], claim);
        Assert.That(result.Verdict, Is.EqualTo(verdict), result.Cause.En);
        Assert.That(result.Kpis.Select(kpi => kpi.Result.Scope).Distinct(), Is.EqualTo(new[] { "embb" }));
    }

    /// <remarks>docs/real-network.md, example (b), with 12,000 samples to the edge.</remarks>
    [Test]
    public void A_nearer_edge_and_a_reliable_centre_hold_what_each_of_them_promises()
    {
        Claim claim = Claim("  - {type: low-latency, slice: embb, to: edge, rttMsP99: \"15\"}\n");
        KpiResult[] kpis =
        [
            .. Bench.Without("round-trip-delay-p99"),
            Bench.Between("round-trip-delay-p99", 30, 29, 31, "ms") with { Scope = "embb" },
            Bench.Between("round-trip-delay-p99", 8, 7, 9, "ms") with { Scope = "embb→edge" },
            Bench.Between("delivered-in-time-ratio", 1, 0.9997m, 1) with { Scope = "embb→edge", Samples = 12_000 },
        ];
        Judgement judgement = Bench.Judge(kpis, claim);
        foreach (string id in new[] { "SCN-LAT-001", "SCN-REL-001" })
        {
            RequirementResult result = judgement.Requirements.Single(each => each.Id == id);
            Assert.That(result.Verdict, Is.EqualTo(Verdict.Pass), result.Cause.En);
        }
    }

    [Test]
    public void A_figure_to_the_data_network_alone_leaves_the_edge_without_one()
    {
        Claim claim = Claim("  - {type: low-latency, slice: embb, to: edge, rttMsP99: \"15\"}\n");
        RequirementResult result = Bench.Judge("SCN-LAT-001", Bench.Good(), claim);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Inconclusive), result.Cause.En);
    }

    [Test]
    public void A_slice_may_be_called_edge_and_is_none()
    {
        Claim claim = Bench.Claim(text => text.Replace("name: iot", "name: edge", StringComparison.Ordinal)
            .Replace("slice: iot", "slice: edge", StringComparison.Ordinal));
        List<KpiResult> kpis = [.. Bench.Good().Select(kpi => kpi.Scope == "iot" ? kpi with { Scope = "edge" } : kpi)];
        Assert.That(Bench.Judge("SCN-DEN-001", kpis, claim).Verdict, Is.EqualTo(Verdict.Pass));
        KpiResult foreign = kpis.Single(kpi => kpi.Id == "session-setup-success-ratio") with
        {
            Scope = "embb→edge", Value = 0.5m, Low = 0.4m, High = 0.6m,
        };
        Assert.That(Bench.Judge("SCN-DEN-002", [.. kpis, foreign], claim).Verdict, Is.EqualTo(Verdict.Pass));
    }

    [TestCase("dLLatency: 20", Verdict.Pass)]
    [TestCase("dLLatency: 10", Verdict.Inconclusive)]
    [TestCase("reliability: 99.99", Verdict.Pass)]
    public void A_ServiceProfile_is_held_by_both_paths_and_a_share_by_the_one_that_was_sized_for_it(
        string promise, Verdict verdict)
    {
        Claim claim = Claim("  - {type: low-latency, slice: embb, to: edge, rttMsP99: \"15\"}\n",
            $" serviceProfile: {{{promise}}},");
        KpiResult[] kpis =
        [
            .. Bench.Good(),
            Bench.Between("round-trip-delay-p99", 8, 7, 9, "ms") with { Scope = "embb→edge" },
            Bench.Between("delivered-in-time-ratio", 1, 0.9997m, 1) with { Scope = "embb→edge", Samples = 12_000 },
        ];
        RequirementResult result = Bench.Judge("SLC-008", kpis, claim);
        Assert.That(result.Verdict, Is.EqualTo(verdict), result.Cause.En);
    }
}
