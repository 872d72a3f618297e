using Testbed.Conformance.Results;

namespace Testbed.Conformance.Reports.Html;

/// <summary>Every requirement in one table, by chapter, with the figure that decided.</summary>
internal static class RequirementsSection
{
    public static void Write(HtmlWriter html, RunReport report)
    {
        html.Add($"""
            <section><h2>{new LocalText("全部要求", "All requirements")}</h2><table class="requirements">
            <thead><tr><th scope="col">{new LocalText("编号", "Id")}</th>
            <th scope="col">{new LocalText("要求", "Requirement")}</th>
            <th scope="col">{new LocalText("测得值", "Measured")}</th>
            <th scope="col">{new LocalText("限值", "Limit")}</th>
            <th scope="col">{new LocalText("结论", "Verdict")}</th></tr></thead><tbody>

            """);
        string chapter = "";
        foreach (RequirementResult requirement in report.Judgement.Requirements)
        {
            LocalText next = ReportTexts.Chapter(requirement.Id);
            if (next.Zh != chapter)
                html.Add($"<tr class=\"chapter\"><td colspan=\"5\">{next}</td></tr>\n");
            chapter = next.Zh;
            Row(html, requirement);
        }
        html.Add($"</tbody></table></section>\n");
    }

    private static void Row(HtmlWriter html, RequirementResult requirement)
    {
        JudgedKpi? deciding = DecidingFigure.Of(requirement);
        html.Add($"""
            <tr><td class="id"><a href="#r-{requirement.Id}">{requirement.Id}</a></td>
            <td class="title">{requirement.Title}
            """);
        if (deciding is not null) html.Add($"<p class=\"what soft\">{KpiNames.Of(deciding.Result.Id)}</p>");
        html.Add($"</td><td class=\"figure\">");
        if (deciding is { Result: var kpi })
        {
            html.Add($"<span class=\"number\">{FigureText.Against(kpi.Value, deciding.Limit, kpi.Unit)}</span>");
            if (ReportTexts.Name(kpi.Direction) is { } direction) html.Add($" <span class=\"soft\">{direction}</span>");
        }
        html.Add($"</td><td class=\"figure number\">");
        if (deciding?.Limit is { } limit) html.Add($"{FigureText.Limit(limit)}");
        html.Add($"</td><td class=\"verdict\">{VerdictBadge.Of(requirement.Verdict)}</td></tr>\n");
    }
}
