using System.Globalization;
using Testbed.Conformance.Results;

namespace Testbed.Conformance.Reports.Html;

/// <summary>What a reader with one minute must see: who, where, when, and the conclusion in its parts.</summary>
internal static class ConclusionSection
{
    public static void Write(HtmlWriter html, RunReport report)
    {
        if (report.Run.IsSelfCheck)
            html.Add($"""<p class="banner">{SelfCheck}</p>""");
        html.Add($"""
            <header class="top"><div><h1>{HtmlReport.Title}</h1>
            <p class="soft">{report.Claim.Applicant} · {report.Claim.Site}</p></div>
            <div class="languages" role="group" aria-label="语言 · Language">
            <button type="button" data-show="zh" aria-pressed="true" lang="zh-CN">中文</button>
            <button type="button" data-show="en" aria-pressed="false" lang="en">English</button></div></header>

            """);
        Overall(html, report);
        html.Add($"<div class=\"parts\">");
        Parts(html, report.Judgement.Conclusion);
        Run(html, report);
        html.Add($"</div>\n");
    }

    private static void Run(HtmlWriter html, RunReport report) => html.Add($"""
        <section class="part span"><h3>{new LocalText("本次检测", "This inspection")}</h3><dl class="facts">
        <dt>{new LocalText("性质", "Purpose")}</dt><dd>{ReportTexts.Purpose(report.Run.Purpose)}</dd>
        <dt>{new LocalText("运行编号", "Run")}</dt><dd>{report.Run.Id}</dd>
        <dt>{new LocalText("时间", "Time")}</dt>
        <dd>{Beijing(report.Run.StartedUtc)} – {Beijing(report.Run.EndedUtc)} (UTC+8)</dd>
        <dt>{new LocalText("判定依据", "Criteria")}</dt>
        <dd>{Notice}; {report.Profile.Name}@{report.Profile.Version}</dd>
        </dl></section>

        """);

    /// <summary>The applicants' and the bureaus' clock; China has one time zone.</summary>
    internal static string Beijing(DateTimeOffset time) =>
        time.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static LocalText Notice { get; } = new(
        "工信厅网安函〔2022〕220号 第五条(二)", "MIIT notice 工信厅网安函〔2022〕220号, article 5(2)");

    private static LocalText SelfCheck { get; } = new(
        "自测：由申报单位自行实施，不是现场考察的结论。",
        "Self-check: carried out by the applicant itself; not the outcome of a site visit.");

    private static void Overall(HtmlWriter html, RunReport report)
    {
        Judgement judgement = report.Judgement;
        Verdict overall = judgement.Conclusion.Overall;
        int count = judgement.Requirements.Count;
        html.Add($"""
            <section class="overall {overall.ToString()}">
            <p class="word">{new LocalText("总体结论", "Overall conclusion")}</p>
            {VerdictBadge.Of(overall, "large")}
            <div><ul class="totals"><li>{new LocalText($"共 {count} 项要求", $"{count} requirements")}</li>
            """);
        foreach ((Verdict verdict, int each) in judgement.Totals)
            if (each > 0) html.Add($"<li>{ReportTexts.Name(verdict)} <b>{each}</b></li>");
        html.Add($"</ul></div></section>\n");
    }

    private static void Parts(HtmlWriter html, Conclusion conclusion)
    {
        Technologies technologies = conclusion.Technologies;
        Open(html, new("一、完整的5G端到端网络", "1. Complete 5G end-to-end network"));
        Line(html, new("环境与测量", "Environment and measurement"), conclusion.Environment);
        Close(html);
        Open(html, new("二、关键技术", "2. Key technologies"));
        Line(html, new("网络切片", "Network slicing"), technologies.Slicing);
        Line(html, new("边缘计算", "Edge computing"), technologies.Edge);
        Line(html, new("能力开放", "Capability exposure"), technologies.Exposure);
        Close(html);
        Open(html, new("三、典型场景", "3. Typical scenarios"));
        ScenarioConclusion scenarios = conclusion.Scenarios;
        Line(html, new($"符合 {scenarios.Passed} 个，至少需要 {scenarios.Needed} 个",
            $"{scenarios.Passed} pass, {scenarios.Needed} needed"), scenarios.Verdict);
        foreach (ScenarioResult each in scenarios.Each)
        {
            LocalText name = ReportTexts.Scenario(each.Type);
            Line(html, new($"{name.Zh} · {each.Slice}", $"{name.En} · {each.Slice}"), each.Verdict);
        }
        Close(html);
        Open(html, new("另列：安全基线", "Beside them: security baseline"));
        Line(html, new("安全基线", "Security baseline"), conclusion.Security);
        html.Add($"</ul><p class=\"note\">{new LocalText("不计入总体结论。", "Not part of the overall conclusion.")}</p><ul>");
        Close(html);
    }

    private static void Open(HtmlWriter html, LocalText title) =>
        html.Add($"<section class=\"part\"><h3>{title}</h3><ul>\n");

    private static void Line(HtmlWriter html, LocalText name, Verdict verdict) =>
        html.Add($"<li><span>{name}</span>{VerdictBadge.Of(verdict)}</li>\n");

    private static void Close(HtmlWriter html) => html.Add($"</ul></section>\n");
}
