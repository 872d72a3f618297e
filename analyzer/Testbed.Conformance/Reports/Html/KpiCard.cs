using System.Globalization;
using Testbed.Conformance.Results;

namespace Testbed.Conformance.Reports.Html;

/// <summary>One figure with all that belongs to it: interval, samples, layer, uncertainty budget, source.</summary>
internal static class KpiCard
{
    public static void Write(HtmlWriter html, JudgedKpi judged, RequirementResult of)
    {
        KpiResult kpi = judged.Result;
        html.Add($"""
            <div class="kpi"><div class="head"><b>{KpiNames.Of(kpi.Id)}</b><span class="mono soft">{kpi.Id}</span>
            """);
        if (judged.Verdict is { } verdict) html.Add($"{VerdictBadge.Of(verdict)}");
        else html.Add($"<span class=\"badge NotApplicable\">{NotJudged}</span>");
        html.Add($"</div><dl class=\"cells\">\n");
        string value = FigureText.Against(kpi.Value, judged.Limit, kpi.Unit);
        html.Add($"<div class=\"value\"><dt>{new LocalText("测得值", "Value")}</dt><dd>{value}</dd></div>\n");
        if (judged.Limit is { } limit) Fact(html, new("限值", "Limit"), FigureText.Limit(limit));
        Measured(html, kpi);
        Where(html, kpi);
        Words(html, judged, of);
        html.Add($"</dl></div>\n");
    }

    private static LocalText NotJudged { get; } = new("仅列出，不判定", "printed, not judged");

    private static LocalText Budget { get; } = new(
        "不确定度预算（标准不确定度，U = 2·√Σu²）", "Uncertainty budget (standard uncertainties, U = 2·√Σu²)");

    private static void Measured(HtmlWriter html, KpiResult kpi)
    {
        LocalText name = kpi.Confidence is { } confidence
            ? new($"区间（{Percent(confidence)}）", $"Interval ({Percent(confidence)})")
            : new("区间（精确）", "Interval (exact)");
        Fact(html, name, $"{FigureText.Interval(kpi)} {FigureText.Unit(kpi.Unit)}".TrimEnd());
        if (kpi.CaptureLossLow != 0 || kpi.CaptureLossHigh != 0)
            Fact(html, new("采集丢失可能的影响", "Lost capture could move it by"),
                $"{Signed('−', kpi.CaptureLossLow)} … {Signed('+', kpi.CaptureLossHigh)} {FigureText.Unit(kpi.Unit)}"
                    .TrimEnd());
        Fact(html, new("样本数", "Samples"), kpi.Samples.ToString("#,0", CultureInfo.InvariantCulture));
        Fact(html, new("不确定度 U（k = 2）", "Uncertainty U (k = 2)"),
            kpi.Uncertainty.Count == 0 ? "0" : FigureText.WithUnit(kpi.ExpandedUncertainty, kpi.Unit, 3));
    }

    private static void Where(HtmlWriter html, KpiResult kpi)
    {
        LocalText?[] names = [ReportTexts.Name(kpi.Direction), ReportTexts.Name(kpi.Layer)];
        LocalText[] parts = [.. names.OfType<LocalText>()];
        if (parts.Length > 0)
            Fact(html, new("方向 · 层", "Direction · layer"), new LocalText(
                string.Join(" · ", parts.Select(part => part.Zh)), string.Join(" · ", parts.Select(part => part.En))));
        if (kpi.Scope.Length > 0) Fact(html, new("范围", "Scope"), kpi.Scope);
        Fact(html, new("来源", "Source"), kpi.Source);
    }

    private static void Words(HtmlWriter html, JudgedKpi judged, RequirementResult of)
    {
        KpiResult kpi = judged.Result;
        if (kpi.Uncertainty.Count > 0)
            Wide(html, Budget, string.Join("; ", kpi.Uncertainty.Select(part =>
                $"{part.Source} {FigureText.WithUnit(part.StandardUncertainty, kpi.Unit, 3)}")));
        if (judged.Limit is { } limit && limit != of.Limit)
            Wide(html, new("限值来源", "Origin of the limit"), limit.Source);
        if (kpi.NotUsable is { } reason) Wide(html, new("不能用于判定", "Not usable for a verdict"), reason);
        foreach (LocalText finding in kpi.Findings) Wide(html, new("观察", "Observed"), finding);
        if (judged.Cause is { } cause && cause != of.Cause) Wide(html, new("判定理由", "Reason"), cause);
        if (kpi.Evidence.Count > 0)
            Wide(html, new("证据", "Evidence"), new Cell(FileList.Of(kpi.Evidence)));
    }

    private static void Fact(HtmlWriter html, LocalText name, Cell value) =>
        html.Add($"<div><dt>{name}</dt><dd>{value.Html}</dd></div>\n");

    private static void Wide(HtmlWriter html, LocalText name, Cell value) =>
        html.Add($"<div class=\"wide\"><dt>{name}</dt><dd>{value.Html}</dd></div>\n");

    private static string Signed(char sign, decimal amount) =>
        amount == 0 ? "0" : sign + FigureText.Number(Math.Abs(amount));

    private static string Percent(decimal share) => FigureText.Number(share * 100) + " %";
}
