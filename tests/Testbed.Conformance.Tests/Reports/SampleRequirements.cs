using Testbed.Conformance.Results;

namespace Testbed.Conformance.Tests.Reports;

internal static class SampleRequirements
{
    public static RequirementResult[] All() =>
    [
        Plain("KIT-001", "时钟", "Clock", Verdict.Pass, "RFC 7679"),
        Plain("KIT-002", "采集完整", "Complete capture", Verdict.Invalid, "RFC 7680",
            new("n6/n6au 丢弃 1216 个报文（0.0296 %），可能改变 E2E-003 的结论。",
                "n6/n6au dropped 1,216 packets (0.0296 %), which could flip the verdict of E2E-003."),
            new("增大采集缓冲区，或使用速率更高的镜像端口。", "Enlarge the capture buffer or use a faster mirror port.")),
        Plain("KIT-004", "测量上限", "Ceiling of the kit", Verdict.Pass, "RFC 9097"),
        Plain("E2E-001", "5G用户面", "5G user plane", Verdict.Pass, "TS 38.415, TS 29.281"),
        Loss(),
        Plain("E2E-005", "通道管理", "Path management", Verdict.NotMeasurable, "TS 29.281 §7.2.1, §7.3.1",
            new("申报书未同意在 N3 上主动发送（n3-active）。", "The claim does not consent to active sending on N3 (n3-active)."),
            new("在申报书的 consent 中加入 n3-active。", "Add n3-active to the claim's consent.")),
        Plain("SLC-001", "切片存在", "Slices exist", Verdict.Pass, "TS 23.501 §5.15"),
        Plain("EDG-001", "本地分流", "Local breakout", Verdict.NotApplicable, "TS 23.548",
            new("申报书没有声明边缘主机。", "The claim names no edge host.")),
        Plain("EXP-001", "安全接入", "Secure access", Verdict.NotRun, "TS 33.519, TS 29.222",
            new("本计划不含能力开放测试。", "This plan holds no exposure tests.")),
        Delay(),
        Reliability(),
        Plain("SEC-002", "核心网不可达", "Core out of reach", Verdict.NotRun, "TS 33.513, TS 33.117",
            new("本计划不含安全扫描。", "This plan holds no security scans.")),
    ];

    private static RequirementResult Plain(
        string id, string zh, string en, Verdict verdict, string clause,
        LocalText? cause = null, LocalText? remedy = null) => new()
        {
            Id = id, Title = new(zh, en), Verdict = verdict, Clause = clause, Remedy = remedy,
            Cause = cause ?? new("全部测得值均在限值以内。", "All measured values are within their limits."),
        };

    private static RequirementResult Loss()
    {
        AppliedLimit limit = new(0.005m, "1", LimitRule.AtMost, LocalText.Same("profile floor; RFC 7680"));
        LocalText cause = new("上行丢失率 0.0123（12,300 / 1,000,000）超过限值 0.005。",
            "Uplink loss ratio 0.0123 (12,300 of 1,000,000) exceeds the limit of 0.005.");
        return new()
        {
            Id = "E2E-003", Title = new("贯通", "Continuity N3 ↔ N6"), Verdict = Verdict.Fail, Cause = cause,
            Limit = limit, Clause = "RFC 7680",
            Remedy = new("检查 UPF 的 N6 接口队列与 MTU；报文进入 N3 后未从 N6 离开。",
                "Check the queue and the MTU of the UPF's N6 interface: packets enter N3 and do not leave on N6."),
            Evidence = ["captures/kit-a/n3u-000012.pcapng#1204", "captures/kit-a/n6au-000012.pcapng#1190"],
            Kpis =
            [
                new(Ratio(Direction.Uplink, 0.0123m, 0.01209m, 0.01252m), limit, Verdict.Fail, cause),
                new(Ratio(Direction.Downlink, 0.00011m, 0.00009m, 0.00013m), limit, Verdict.Pass, null),
            ],
        };
    }

    private static KpiResult Ratio(Direction direction, decimal value, decimal low, decimal high) => new()
    {
        Id = "user-plane-loss-ratio", Value = value, Low = low, High = high, Unit = "1", Samples = 1_000_000,
        Direction = direction, Layer = Layer.Inner, Confidence = 0.95m, Source = "match@kit-a",
        CaptureLossHigh = 0.0003m,
        Findings = [new("最长连续丢失 41 个报文", "longest loss burst: 41 packets")],
        Evidence = ["results/match.json"],
    };

    private static RequirementResult Delay()
    {
        AppliedLimit limit = new(20m, "ms", LimitRule.AtMost, LocalText.Same("claim: scenarios[1].rttMsP99"));
        KpiResult kpi = new()
        {
            Id = "round-trip-delay-p99", Value = 12.348211m, Low = 12.201m, High = 12.522m, Unit = "ms",
            Samples = 10_000, Direction = Direction.RoundTrip, Layer = Layer.Udp, Confidence = 0.95m, Scope = "embb",
            Source = "stamp-sender@kit-ue",
            Uncertainty = [new("timestamp-resolution", 0.000577m), new("clock-rate", 0.0002m)],
        };
        return new()
        {
            Id = "SCN-LAT-001", Title = new("低时延", "Low latency"), Verdict = Verdict.Pass, Limit = limit,
            Cause = new("往返时延 p99 为 12.35 ms，不超过 20 ms。", "Round-trip p99 is 12.35 ms, not above 20 ms."),
            Clause = "TS 23.501 table 5.7.4-1", Evidence = ["records/stamp-embb.ndjson"],
            Kpis = [new(kpi, limit, Verdict.Pass, null)],
        };
    }

    private static RequirementResult Reliability()
    {
        AppliedLimit limit = new(0.9999m, "1", LimitRule.AtLeast, LocalText.Same("claim: scenarios[2].ratio"));
        LocalText cause = new("样本 10,000 个，证明 0.9999（95 %）至少需要 29,956 个。",
            "10,000 samples; 0.9999 at 95 % takes at least 29,956.");
        KpiResult kpi = new()
        {
            Id = "delivered-in-time-ratio", Value = 1m, Low = 0.99970047m, High = 1m, Unit = "1", Samples = 10_000,
            Direction = Direction.RoundTrip, Layer = Layer.Udp, Confidence = 0.95m, Scope = "embb",
            Source = "stamp-sender@kit-ue",
        };
        return new()
        {
            Id = "SCN-REL-001", Title = new("高可靠", "High reliability"), Verdict = Verdict.Inconclusive,
            Limit = limit, Cause = cause, Clause = "M.2410 §4.10, TS 22.261",
            Remedy = new("采用 full 计划以增加样本数。", "Use the full plan, which takes more samples."),
            Kpis = [new(kpi, limit, Verdict.Inconclusive, cause)],
        };
    }
}
