using Testbed.Conformance.Reports.Text;
using Testbed.Conformance.Results;

namespace Testbed.Conformance.Reports;

/// <summary>One line of a table; a caller with colours colours it by its verdict.</summary>
/// <param name="Verdict">Null where the line speaks of none.</param>
public sealed record TextRow(string Text, Verdict? Verdict);

/// <summary>A report as a plain table for a terminal.</summary>
public static class TextTable
{
    private const int WidthMin = 40, IdColumns = 13;

    /// <param name="language"><c>zh-CN</c> or <c>en</c>.</param>
    /// <param name="width">Columns of the terminal, e.g. 80; fewer than 40 are taken as 40.</param>
    public static string Render(RunReport report, string language, int width) =>
        string.Concat(Rows(report, language, width).Select(row => row.Text + "\n"));

    /// <summary>The lines without line ends, none wider than <paramref name="width"/>.</summary>
    public static IReadOnlyList<TextRow> Rows(RunReport report, string language, int width)
    {
        TableWriter table = new(language, Math.Max(width, WidthMin));
        Head(table, report);
        foreach (RequirementResult requirement in report.Judgement.Requirements) Requirement(table, requirement);
        NotRun(table, report.Judgement.Requirements);
        table.Rule();
        Conclusion(table, report.Judgement.Conclusion);
        Totals(table, report.Judgement);
        return table.Rows;
    }

    private static void Head(TableWriter table, RunReport report)
    {
        LocalText purpose = ReportTexts.Purpose(report.Run.Purpose);
        table.Line($"{table.In(HtmlReport.Title)} · {table.In(purpose)}");
        table.Line($"{report.Claim.Applicant} · {report.Claim.Site}");
        table.Line($"{report.Run.Id} · {report.Profile.Name}@{report.Profile.Version}");
        table.Rule();
    }

    private static void Requirement(TableWriter table, RequirementResult requirement)
    {
        Verdict verdict = requirement.Verdict;
        int verdictColumns = Enum.GetValues<Verdict>()
            .Max(each => ColumnText.Columns(table.In(ReportTexts.Name(each)))) + 2;
        string lead = ColumnText.Pad(requirement.Id, IdColumns)
            + ColumnText.Pad(table.In(ReportTexts.Name(verdict)), verdictColumns);
        int indent = ColumnText.Columns(lead);
        table.Hanging(lead, table.In(requirement.Title) + Figure(table, requirement), indent, verdict);
        if (verdict is Verdict.Pass or Verdict.NotRun) return;
        table.Hanging("", table.In(requirement.Cause), indent, verdict);
        if (requirement.Remedy is { } remedy)
            table.Hanging("", table.In(new("处理：", "Remedy: ")) + table.In(remedy), indent, verdict);
    }

    private static string Figure(TableWriter table, RequirementResult requirement)
    {
        if (DecidingFigure.Of(requirement) is not { Limit: { } limit } deciding) return "";
        KpiResult kpi = deciding.Result;
        string direction = ReportTexts.Name(kpi.Direction) is { } name ? $" {table.In(name)}" : "";
        return $"  {FigureText.Against(kpi.Value, limit, kpi.Unit)} ({FigureText.Limit(limit)}){direction}";
    }

    // Many are left out for one reason: said once, with the ids, it can be read.
    private static void NotRun(TableWriter table, IReadOnlyList<RequirementResult> requirements)
    {
        string lead = table.In(ReportTexts.Name(Verdict.NotRun)) + table.In(new("：", ": "));
        int indent = ColumnText.Columns(lead);
        foreach (IGrouping<LocalText, RequirementResult> reason in requirements
            .Where(requirement => requirement.Verdict is Verdict.NotRun)
            .GroupBy(requirement => requirement.Cause))
        {
            table.Rule();
            table.Hanging(lead, table.In(reason.Key), indent, Verdict.NotRun);
            table.Hanging("", string.Join(' ', reason.Select(requirement => requirement.Id)), indent, Verdict.NotRun);
        }
    }

    private static void Conclusion(TableWriter table, Conclusion conclusion)
    {
        table.Part(new("环境", "Environment"), conclusion.Environment);
        table.Part(new("网络切片", "Network slicing"), conclusion.Technologies.Slicing);
        table.Part(new("边缘计算", "Edge computing"), conclusion.Technologies.Edge);
        table.Part(new("能力开放", "Capability exposure"), conclusion.Technologies.Exposure);
        ScenarioConclusion scenarios = conclusion.Scenarios;
        table.Part(new($"典型场景（{scenarios.Passed}/{scenarios.Needed}）",
            $"Typical scenarios ({scenarios.Passed}/{scenarios.Needed})"), scenarios.Verdict);
        table.Part(new("安全基线（另列）", "Security baseline (beside)"), conclusion.Security);
        table.Part(new("总体结论", "Overall"), conclusion.Overall);
    }

    private static void Totals(TableWriter table, Judgement judgement)
    {
        IEnumerable<string> parts = judgement.Totals.Where(total => total.Value > 0)
            .Select(total => $"{table.In(ReportTexts.Name(total.Key))} {total.Value}");
        string sum = string.Join(" + ", parts);
        int count = judgement.Requirements.Count;
        table.Line(table.In(new($"共 {count} 项 = {sum}", $"{count} requirements = {sum}")));
    }
}
