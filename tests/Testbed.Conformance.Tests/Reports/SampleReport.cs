using Testbed.Conformance.Reports;
using Testbed.Conformance.Results;

namespace Testbed.Conformance.Tests.Reports;

/// <summary>A report with every verdict, as a self-check of a real laboratory could give it.</summary>
internal static class SampleReport
{
    public static RunReport Create(string applicant = "示例申报单位", string purpose = "self-check")
    {
        RequirementResult[] requirements = SampleRequirements.All();
        return new()
        {
            Run = new("run-20261001-160000-7f3a", purpose, new(2026, 10, 1, 8, 0, 0, 120, TimeSpan.Zero),
                new(2026, 10, 1, 8, 11, 42, 5, TimeSpan.Zero), "quick", new string('a', 64), new string('5', 64),
                new("0.1.0", "71ba3f8")),
            Claim = Claim(applicant),
            Profile = new("miit-2022-220", "1", new string('b', 64)),
            Judgement = new() { Requirements = requirements, Conclusion = Conclusion() },
            Loss =
            [
                new("n3/n3u", "kit-a", 4_812_004, 0, 0, 5_402_118_224, 71),
                new("n6/n6au", "kit-a", 4_100_733, 1_204, 12, 4_400_008_113, 70),
                new("n4/n4u", "kit-a", 12_044, 0, 0, 2_190_330, 71),
            ],
            Clocks =
            [
                new("kit-a", "chrony", 412_000, "3f0c8c1e-9f0b-4d0e-8f57-2f6a5a1f4c11", "tsc"),
                new("kit-ue", "none", null, "3f0c8c1e-9f0b-4d0e-8f57-2f6a5a1f4c11", "tsc"),
            ],
            Agents =
            [
                new("kit-a", "0.1.0", "3f0c8c1e-9f0b-4d0e-8f57-2f6a5a1f4c11", ["n3u", "n6au", "n6bu", "n4u"], null),
                new("kit-dnb", "0.1.0", "3f0c8c1e-9f0b-4d0e-8f57-2f6a5a1f4c11", ["eth0"],
                    new("运行中失去联系，40 秒后恢复", "lost in mid-run, back after 40 s")),
            ],
        };
    }

    public static IReadOnlyList<ReportSeries> Series()
    {
        Random random = new(3);
        decimal?[] Rate(double mean) => [.. Enumerable.Range(0, 240).Select(i =>
            i is > 100 and < 112 ? (decimal?)null
            : Math.Round((decimal)(mean * (0.85 + 0.3 * random.NextDouble())), 3))];
        decimal?[] Delay(double p50) => [.. Enumerable.Range(0, 240).Select(i =>
            (decimal?)Math.Round((decimal)(p50 * (1 + random.NextDouble()) + (i % 60 == 30 ? 9 * p50 : 0)), 4))];
        const long StartNs = 1_790_841_600_120_000_000;
        LocalText rate = new("速率", "Rate"), delay = new("UPF 转发时延 p99", "UPF transit delay, p99");
        return
        [
            new(rate, "Mbit/s", StartNs, 1000, Rate(150), "n3/n3u", Direction.Downlink),
            new(rate, "Mbit/s", StartNs, 1000, Rate(80), "n3/n3u", Direction.Uplink),
            new(delay, "ms", StartNs, 1000, Delay(0.05), "n3 → n6", Direction.Uplink),
            new(delay, "ms", StartNs, 1000, Delay(0.04), "n6 → n3", Direction.Downlink),
        ];
    }

    private static ReportClaim Claim(string applicant) => new()
    {
        Digest = new string('c', 64),
        Applicant = applicant,
        CreditCode = "91110000EXAMPLE000",
        Province = "北京市",
        Members = ["示例通信有限公司"],
        Industries = ["工业互联网", "港口"],
        Site = "5G安全测评实验室",
        AreaKm2 = 0.02m,
        Plmn = "00101",
        N3Protection = "trusted-site",
        Nat = "unknown",
        Gnbs = ["gnb1 10.100.3.10"],
        Upfs = ["upf1 10.100.3.1"],
        Slices =
        [
            new("embb", "1-000001", "internet", ["10.45.0.0/16"]), new("iot", "1-000002", "iot", ["10.46.0.0/16"]),
        ],
        Scenarios =
        [
            new("large-bandwidth", "embb", "dn", new Dictionary<string, decimal> { ["dlMbps"] = 150, ["ulMbps"] = 80 }),
            new("low-latency", "embb", "dn", new Dictionary<string, decimal> { ["rttMsP99"] = 20 }),
            new("high-reliability", "embb", "dn",
                new Dictionary<string, decimal> { ["ratio"] = 0.9999m, ["withinMs"] = 50 }),
        ],
        Consent = ["load", "scan", "n3-active"],
    };

    private static Conclusion Conclusion() => new(
        Verdict.Fail, new(Verdict.Pass, Verdict.NotApplicable, Verdict.NotRun),
        new(2, 2,
            [
                new("large-bandwidth", "embb", Verdict.Pass, ["SCN-BW-001", "SCN-BW-002"]),
                new("low-latency", "embb", Verdict.Pass, ["SCN-LAT-001"]),
                new("high-reliability", "embb", Verdict.Inconclusive, ["SCN-REL-001"]),
            ], Verdict.Pass),
        Verdict.NotRun, Verdict.Fail);
}
