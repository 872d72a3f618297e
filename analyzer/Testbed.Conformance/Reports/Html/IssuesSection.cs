using Testbed.Conformance.Results;

namespace Testbed.Conformance.Reports.Html;

/// <summary>What stands in the way, worst first, each with its remedy.</summary>
internal static class IssuesSection
{
    private static readonly Verdict[] WorstFirst =
        [Verdict.Fail, Verdict.Invalid, Verdict.Inconclusive, Verdict.NotMeasurable];

    private static LocalText Heading { get; } =
        new("未符合的项目与处理建议", "What does not pass, and what to do");

    public static void Write(HtmlWriter html, RunReport report)
    {
        RequirementResult[] open = [.. WorstFirst.SelectMany(verdict =>
            report.Judgement.Requirements.Where(requirement => requirement.Verdict == verdict))];
        if (open.Length == 0) return;
        html.Add($"<section><h2>{Heading}</h2><ul class=\"issues\">\n");
        foreach (RequirementResult requirement in open)
        {
            html.Add($"""
                <li class="{requirement.Verdict.ToString()}"><div class="head">
                <a href="#r-{requirement.Id}"><b>{requirement.Id}</b></a>
                <b>{requirement.Title}</b>{VerdictBadge.Of(requirement.Verdict)}</div>
                <p>{requirement.Cause}</p>
                """);
            if (requirement.Remedy is { } remedy)
                html.Add($"<p><b>{new LocalText("处理：", "Remedy: ")}</b>{remedy}</p>");
            html.Add($"</li>\n");
        }
        html.Add($"</ul></section>\n");
    }
}
