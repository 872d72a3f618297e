using System.Globalization;
using Testbed.Conformance.Results;

namespace Testbed.Conformance.Reports.Html;

/// <summary>One figure with everything that belongs to it: interval, samples, layer, uncertainty budget, source.</summary>
internal static class KpiCard
{
    public static void Write(HtmlWriter html, JudgedKpi judged, RequirementResult of)
    {
        KpiResult kpi = judged.Result;
        html.Add($"""<div class="kpi"><div class="head"><b>{KpiNames.Of(kpi.Id)}</b><span class="mono soft">{kpi.Id}</span>""");
        if (judged.Verdict is { } verdict) html.Add($"{VerdictBadge.Of(verdict)}");
        else html.Add($"<span class=\"badge NotApplicable\">{new LocalText("仅列出，不判定", "printed, not judged")}</span>");
        html.Add($"</div><dl class=\"cells\"><div class=\"value\"><dt>{new LocalText("测得值", "Value")}</dt><dd class=\"number\">{FigureText.Against(kpi.Value, judged.Limit, kpi.Unit)}</dd></div>");
        Measured(html, kpi);
        if (judged.Limit is { } limit) Cell(html, new("限值", "Limit"), $"{FigureText.Limit(limit)}");
        Where(html, kpi);
        Words(html, judged, of);
        html.Add($"</dl></div>\n");
    }

    private static void Measured(HtmlWriter html, KpiResult kpi)
    {
        string interval = kpi.Low == kpi.High
            ? FigureText.WithUnit(kpi.Value, kpi.Unit)
            : $"[{FigureText.Number(kpi.Low)}, {FigureText.Number(kpi.High)}] {FigureText.Unit(kpi.Unit)}".TrimEnd();
        LocalText name = kpi.Confidence is { } confidence
            ? new($"区间（{Percent(confidence)}）", $"Interval ({Percent(confidence)})") : new("区间（精确）", "Interval (exact)");
        Cell(html, name, interval);
        if (kpi.CaptureLossLow != 0 || kpi.CaptureLossHigh != 0)
            Cell(html, new("采集丢失可能的影响", "Lost capture could add"),
                $"−{FigureText.Number(kpi.CaptureLossLow)} / +{FigureText.WithUnit(kpi.CaptureLossHigh, kpi.Unit)}");
        Cell(html, new("样本数", "Samples"), kpi.Samples.ToString("#,0", CultureInfo.InvariantCulture));
        Cell(html, new("扩展不确定度 U（k = 2）", "Expanded uncertainty U (k = 2)"),
            kpi.Uncertainty.Count == 0 ? "0" : FigureText.WithUnit(kpi.ExpandedUncertainty, kpi.Unit, 3));
    }

    private static void Where(HtmlWriter html, KpiResult kpi)
    {
        LocalText? direction = ReportTexts.Name(kpi.Direction), layer = ReportTexts.Name(kpi.Layer);
        if (direction is not null || layer is not null)
            html.Add($"<div><dt>{new LocalText("方向 · 层", "Direction · layer")}</dt><dd>{direction}{(direction is null || layer is null ? "" : " · ")}{layer}</dd></div>");
        if (kpi.Scope.Length > 0) Cell(html, new("范围", "Scope"), kpi.Scope);
        Cell(html, new("来源", "Source"), kpi.Source);
    }

    private static void Words(HtmlWriter html, JudgedKpi judged, RequirementResult of)
    {
        KpiResult kpi = judged.Result;
        if (kpi.Uncertainty.Count > 0)
        {
            html.Add($"<div class=\"wide\"><dt>{new LocalText("不确定度预算（标准不确定度，U = 2·√Σu²）", "Uncertainty budget (standard uncertainties, U = 2·√Σu²)")}</dt><dd>");
            for (int i = 0; i < kpi.Uncertainty.Count; i++)
                html.Add($"{(i > 0 ? "; " : "")}<span class=\"mono\">{kpi.Uncertainty[i].Source}</span> {FigureText.WithUnit(kpi.Uncertainty[i].StandardUncertainty, kpi.Unit, 3)}");
            html.Add($"</dd></div>");
        }
        if (judged.Limit is { } limit && limit != of.Limit)
            html.Add($"<div class=\"wide\"><dt>{new LocalText("限值来源", "Origin of the limit")}</dt><dd>{limit.Source}</dd></div>");
        if (kpi.NotUsable is { } reason)
            html.Add($"<div class=\"wide\"><dt>{new LocalText("不能用于判定", "Not usable for a verdict")}</dt><dd>{reason}</dd></div>");
        foreach (LocalText finding in kpi.Findings)
            html.Add($"<div class=\"wide\"><dt>{new LocalText("观察", "Observed")}</dt><dd>{finding}</dd></div>");
        if (judged.Cause is { } cause && cause != of.Cause)
            html.Add($"<div class=\"wide\"><dt>{new LocalText("判定理由", "Reason")}</dt><dd>{cause}</dd></div>");
        if (kpi.Evidence.Count > 0)
            html.Add($"<div class=\"wide\"><dt>{new LocalText("证据", "Evidence")}</dt><dd>{DetailsSection.Files(kpi.Evidence)}</dd></div>");
    }

    private static void Cell(HtmlWriter html, LocalText name, string value) =>
        html.Add($"<div><dt>{name}</dt><dd>{value}</dd></div>");

    private static string Percent(decimal share) => FigureText.Number(share * 100) + " %";
}
