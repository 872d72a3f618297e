using Testbed.Analyzer;
using Testbed.Server.Agents;
using Testbed.Server.Planning;

namespace Testbed.Server.Runs;

/// <summary>
/// What came of a plan's traffic: everything that the conclusion is drawn from, and nothing drawn yet.
/// </summary>
/// <param name="Agents">As they stood at the end of the traffic.</param>
/// <param name="Outcomes">By task id; every task of the plan has one.</param>
internal sealed record RunTraffic(
    RunPlan Plan, byte[] PlanDigest, DateTimeOffset StartedUtc, IReadOnlyList<AgentLink> Agents,
    IReadOnlyDictionary<string, TaskOutcome> Outcomes, IReadOnlyList<TimeWindow> OverloadWindows,
    IReadOnlyList<EvidenceFile> Files)
{
    public TaskOutcome OutcomeOf(PlanTask task) => Outcomes[task.Id];

    public bool Did(PlanTask task) => OutcomeOf(task).Problem is null;
}
