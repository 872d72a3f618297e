using Testbed.Conformance.Results;

namespace Testbed.Conformance.Reports.Html;

/// <summary>All that an expert needs to check one verdict again.</summary>
internal static class DetailsSection
{
    public static void Write(HtmlWriter html, RunReport report)
    {
        html.Add($"""
            <section><h2>{new LocalText("逐项明细", "Requirement by requirement")}</h2>
            <div class="tools">
            <button type="button" data-open="all">{new LocalText("全部展开", "Open all")}</button>
            <button type="button" data-open="none">{new LocalText("全部收起", "Close all")}</button></div>

            """);
        foreach (RequirementResult requirement in report.Judgement.Requirements) Requirement(html, requirement);
        html.Add($"</section>\n");
    }

    private static void Requirement(HtmlWriter html, RequirementResult requirement)
    {
        Markup open = new(requirement.Verdict is Verdict.Fail or Verdict.Invalid ? " open" : "");
        html.Add($"""
            <details id="r-{requirement.Id}"{open}><summary><span class="id">{requirement.Id}</span>
            <span>{requirement.Title}</span>{VerdictBadge.Of(requirement.Verdict)}</summary><div class="inside">
            <p>{requirement.Cause}</p><dl class="facts">
            """);
        if (requirement.Remedy is { } remedy)
            html.Add($"<dt>{new LocalText("处理", "Remedy")}</dt><dd>{remedy}</dd>");
        if (requirement.Limit is { } limit)
            html.Add($"""
                <dt>{new LocalText("限值", "Limit")}</dt>
                <dd><span class="number">{FigureText.Limit(limit)}</span> <span class="soft">{limit.Source}</span></dd>
                """);
        html.Add($"<dt>{new LocalText("依据条款", "Clause")}</dt><dd>{requirement.Clause}</dd>");
        if (requirement.Evidence.Count > 0)
            html.Add($"<dt>{new LocalText("证据", "Evidence")}</dt><dd>{FileList.Of(requirement.Evidence)}</dd>");
        html.Add($"</dl>\n");
        foreach (JudgedKpi kpi in requirement.Kpis) KpiCard.Write(html, kpi, requirement);
        html.Add($"</div></details>\n");
    }
}
