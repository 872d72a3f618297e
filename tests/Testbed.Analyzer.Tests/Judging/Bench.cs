using Testbed.Analyzer.Judging;
using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Profiles;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Judging;

/// <summary>A run in which everything that is judged passes; each test changes one thing.</summary>
internal static class Bench
{
    public static readonly Profile Profile = ProfileCatalogue.Find("miit-2022-220@1")!;

    /// <summary>A claim with all four scenarios, all optional figures, all taps on one kit, and all consents.</summary>
    public static Claim Claim(Func<string, string>? change = null)
    {
        ClaimReadResult result = ClaimReader.Parse(change is null ? ClaimText : change(ClaimText), "lab.yaml");
        return result.Claim ?? throw new AssertionException(string.Join('\n', result.Errors));
    }

    /// <summary>Every judged figure, good.</summary>
    public static List<KpiResult> Good() =>
    [
        Exact("clock-bound-share", 0.01m), Exact("clock-steps", 0),
        Exact("capture-loss-ratio", 0) with { Scope = "n3/n3u" },
        Exact("capture-loss-ratio", 0) with { Scope = "n6/n6a" },
        Exact("capture-loss-ratio", 0) with { Scope = "n4/n4u" },
        Exact("capture-loss-ratio", 0) with { Scope = "n2/n2u" },
        Exact("capture-gap-ratio", 0) with { Scope = "kit-a/n3/n3u" },
        Exact("mirror-directions-missing", 0) with { Scope = "n3/n3u" },
        Exact("mirror-directions-missing", 0) with { Scope = "n6/n6a" },
        Exact("kit-ceiling-rate", 900, "Mbit/s") with { Scope = "kit-ue" },
        Exact("pdu-session-container-ratio", 1) with { Direction = Direction.Uplink },
        Exact("pdu-session-container-ratio", 1) with { Direction = Direction.Downlink },
        Exact("unclaimed-n3-addresses", 0), Exact("unseen-n3-addresses", 0),
        Between("user-plane-loss-ratio", 0, 0, 0.0003m) with { Direction = Direction.Uplink },
        Between("user-plane-loss-ratio", 0.0001m, 0, 0.0004m) with { Direction = Direction.Downlink },
        Exact("path-proof-ratio", 1),
        Exact("gtpu-echo-responses", 5) with { Scope = "10.100.3.1" },
        Exact("gtpu-error-indications", 3) with { Scope = "10.100.3.1" },
        Exact("unexplained-tunnels", 0), Exact("stray-ue-addresses", 0),
        Exact("ng-setups", 1), Exact("ue-registrations", 10), Exact("pdu-session-setups", 10),
        Exact("network-changes", 0),
        Exact("slices-with-traffic", 2), Exact("slice-map-contradictions", 0), Exact("slice-separation-violations", 0),
        Between("downlink-capacity", 200, 190, 210, "Mbit/s") with { Scope = "embb", Samples = 10 },
        Between("uplink-capacity", 95, 90, 100, "Mbit/s") with { Scope = "embb", Samples = 10 },
        Exact("downlink-capacity-disagreement", 0.01m) with { Scope = "embb" },
        Exact("uplink-capacity-disagreement", 0.01m) with { Scope = "embb" },
        Exact("concurrent-active-sessions", 1200) with { Scope = "iot" },
        Exact("active-sessions-real", 0) with { Scope = "iot" },
        Exact("active-sessions-emulated", 1200) with { Scope = "iot" },
        Exact("session-density", 60000, "1/km2") with { Scope = "iot" },
        Between("session-setup-success-ratio", 1, 0.997m, 1) with { Scope = "iot" },
        Between("density-data-success-ratio", 1, 0.997m, 1) with { Scope = "iot" },
        Between("round-trip-delay-p99", 12, 11, 13, "ms") with { Scope = "embb" },
        Exact("downlink-disturbed-trial-share", 0) with { Scope = "embb", Direction = Direction.Downlink },
        Exact("uplink-disturbed-trial-share", 0) with { Scope = "embb", Direction = Direction.Uplink },
        Exact("disturbed-packet-share", 0.01m) with { Scope = "embb" },
        Between("delay-variation-p999", 3, 2, 4, "ms") with { Scope = "embb" },
        Between("upf-transit-p99", 0.5m, 0.4m, 0.6m, "ms") with { Scope = "embb", Direction = Direction.Uplink },
        Between("upf-transit-p99", 0.5m, 0.4m, 0.6m, "ms") with { Scope = "embb", Direction = Direction.Downlink },
        Between("delivered-in-time-ratio", 1, 0.99991m, 1) with { Scope = "embb", Samples = 40_000 },
        Between("communication-service-availability", 1, 0.9995m, 1) with { Scope = "embb", Samples = 40_000 },
    ];

    public static Judgement Judge(IReadOnlyList<KpiResult> kpis, Claim? claim = null, RunFacts? facts = null) =>
        Analyzer.Judging.Judge.Evaluate(Profile, claim ?? Claim(), kpis, facts ?? new());

    public static RequirementResult Judge(
        string requirement, IReadOnlyList<KpiResult> kpis, Claim? claim = null, RunFacts? facts = null) =>
        Judge(kpis, claim, facts).Requirements.Single(r => r.Id == requirement);

    public static KpiResult Exact(string id, decimal value, string unit = "1") => new()
    {
        Id = id, Value = value, Low = value, High = value, Unit = unit, Samples = 20_000, Source = "test",
        Evidence = [$"{id}.ndjson"],
    };

    public static KpiResult Between(string id, decimal value, decimal low, decimal high, string unit = "1") =>
        Exact(id, value, unit) with { Low = low, High = high, Confidence = 0.95m };

    /// <summary>Changes every figure of this id.</summary>
    public static List<KpiResult> With(string id, Func<KpiResult, KpiResult> change) =>
        [.. Good().Select(kpi => kpi.Id == id ? change(kpi) : kpi)];

    public static List<KpiResult> Without(string id) => [.. Good().Where(kpi => kpi.Id != id)];

    /// <summary>The same figure, moved so far that it plainly misses every limit of its rule.</summary>
    public static KpiResult Missed(KpiResult kpi)
    {
        KpiRule rule = Profile.Requirements.SelectMany(r => r.Kpis).First(k => k.Id == kpi.Id);
        decimal bad = rule.Rule is LimitRule.AtMost ? 1_000 : rule.Unit == "1" ? 0 : 1;
        LocalText finding = new($"{kpi.Id} 的发现", $"what was seen of {kpi.Id}");
        return kpi with { Value = bad, Low = bad, High = bad, Findings = [finding] };
    }

    private const string ClaimText = """
        schema: testbed.claim/1
        applicant: {name: 示例申报单位}
        purpose: self-check
        profile: miit-2022-220@1
        site: {name: 实验室, areaKm2: "0.02"}
        network:
          plmn: "00101"
          gnbs: [{name: gnb1, n3: [10.100.3.10]}]
          upfs: [{name: upf1, n3: [10.100.3.1], n4: [10.100.4.1]}]
        slices:
          - {name: embb, sst: 1, sd: "000001", dnn: internet, uePools: [10.45.0.0/16], upf: upf1}
          - {name: iot, sst: 1, sd: "000002", dnn: iot, uePools: [10.46.0.0/16], upf: upf1}
        taps:
          - {point: n3, kit: kit-a, interface: n3u}
          - {point: n6, kit: kit-a, interface: n6a}
          - {point: n4, kit: kit-a, interface: n4u}
          - {point: n2, kit: kit-a, interface: n2u}
        endpoints:
          - {role: ue, kit: kit-ue, slice: embb, interface: ueA, address: 10.45.0.2}
          - {role: ue, kit: kit-ue, slice: iot, interface: ueB, address: 10.46.0.2}
          - {role: dn, kit: kit-dn, address: 10.100.61.10}
        scenarios:
          - {type: large-bandwidth, slice: embb, dlMbps: "150", ulMbps: "80"}
          - {type: low-latency, slice: embb, rttMsP99: "15", jitterMs: "8", upfMsP99: "2"}
          - {type: high-reliability, slice: embb, ratio: "0.9999", withinMs: "50", availability: "0.9", survivalMs: "9"}
          - {type: massive-connection, slice: iot, concurrentSessions: 1000, setupSuccess: "0.99"}
        consent: [load, n3-active]
        """;
}
