using Testbed.Conformance.Results;

namespace Testbed.Conformance.Reports;

/// <summary>The words that every rendering shares, in both languages.</summary>
public static class ReportTexts
{
    public static LocalText ResidualRisk { get; } = new(
        "残余风险：掌握无线、核心网和探针硬件的一方，可以欺骗任何单纯的软件。"
        + "由通信管理局保管的探针和突击复测可以弥补这一点。",
        "Residual risk: whoever owns the radio, the core network and the probe hardware can deceive software alone. "
        + "Probes that the bureau holds and surprise re-runs close that gap.");

    public static LocalText Name(Verdict verdict) => verdict switch
    {
        Verdict.Pass => new("符合", "Pass"),
        Verdict.Fail => new("不符合", "Fail"),
        Verdict.Inconclusive => new("证据不足", "Inconclusive"),
        Verdict.NotMeasurable => new("不可测", "Not measurable"),
        Verdict.NotApplicable => new("不适用", "Not applicable"),
        Verdict.Invalid => new("证据无效", "Invalid evidence"),
        Verdict.NotRun => new("未执行", "Not run"),
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "no verdict"),
    };

    public static LocalText Purpose(string purpose) => purpose switch
    {
        "self-check" => new("自测", "Self-check"),
        "site-visit" => new("现场考察", "Site visit"),
        _ => new(purpose, purpose),
    };

    public static LocalText Scenario(string type) => type switch
    {
        "large-bandwidth" => new("大带宽", "Large bandwidth"),
        "massive-connection" => new("大连接", "Massive connection"),
        "low-latency" => new("低时延", "Low latency"),
        "high-reliability" => new("高可靠", "High reliability"),
        _ => new(type, type),
    };

    /// <summary>The chapter that a requirement stands in, by the letters of its id.</summary>
    public static LocalText Chapter(string requirementId) => requirementId.Split('-')[0] switch
    {
        "KIT" => new("测量装备", "Measuring kit"),
        "E2E" => new("5G端到端网络", "5G end-to-end network"),
        "SLC" => new("网络切片", "Network slicing"),
        "EDG" => new("边缘计算", "Edge computing"),
        "EXP" => new("能力开放", "Capability exposure"),
        "SCN" => new("典型场景", "Typical scenarios"),
        "SEC" => new("安全基线", "Security baseline"),
        var other => new(other, other),
    };

    public static LocalText? Name(Direction direction) => direction switch
    {
        Direction.Both => new("双向", "both directions"),
        Direction.Uplink => new("上行", "uplink"),
        Direction.Downlink => new("下行", "downlink"),
        Direction.RoundTrip => new("往返", "round trip"),
        _ => null,
    };

    public static LocalText? Name(Layer layer) => layer switch
    {
        Layer.Outer => new("外层", "outer layer"),
        Layer.Inner => new("内层", "inner layer"),
        Layer.Udp => new("UDP 层", "UDP layer"),
        Layer.Ip => new("IP 层", "IP layer"),
        _ => null,
    };
}
