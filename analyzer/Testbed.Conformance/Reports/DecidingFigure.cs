using Testbed.Conformance.Results;

namespace Testbed.Conformance.Reports;

/// <summary>The figure that a verdict rests on, for the one line that a table has.</summary>
internal static class DecidingFigure
{
    /// <summary>Null when none was compared.</summary>
    public static JudgedKpi? Of(RequirementResult requirement) =>
        requirement.Kpis.FirstOrDefault(kpi => kpi.Verdict == requirement.Verdict && kpi.Limit == requirement.Limit)
        ?? requirement.Kpis.FirstOrDefault(kpi => kpi.Verdict is not null);
}
