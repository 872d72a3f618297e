using System.Text;
using Testbed.Conformance;
using Testbed.Conformance.Json;
using Testbed.Server.Agents;
using Testbed.Server.Planning;

namespace Testbed.Server.Runs.Traffic;

/// <summary>
/// Parameters that a plan leaves to what an earlier task learns: <c>outcome:TASK-ID/FACT</c> in the place of a value.
/// The plan is frozen with the reference; the value stands in the journal, in the outcome of the task that learnt it.
/// </summary>
internal static class TaskReferences
{
    private const string Prefix = "outcome:";

    public static string To(PlanTask task, string fact) => $"{Prefix}{task.Id}/{fact}";

    /// <summary>The parameters with every reference replaced; null, and why, when a value is not there.</summary>
    public static IReadOnlyDictionary<string, string>? Resolve(
        PlanTask task, IReadOnlyDictionary<string, TaskOutcome> outcomes, out LocalText? missing)
    {
        missing = null;
        Dictionary<string, string> resolved = new(task.Parameters.Count, StringComparer.Ordinal);
        foreach ((string name, string value) in task.Parameters)
        {
            if (!value.StartsWith(Prefix, StringComparison.Ordinal))
            {
                resolved.Add(name, value);
                continue;
            }
            string[] parts = value[Prefix.Length..].Split('/', 2);
            outcomes.TryGetValue(parts[0], out TaskOutcome? outcome);
            if (Fact(outcome, parts[^1]) is { } fact)
            {
                resolved.Add(name, fact);
                continue;
            }
            missing = new($"缺少任务 {parts[0]} 的结果：{outcome?.Problem?.Zh ?? "未得到"}",
                $"it needs the outcome of task {parts[0]}: {outcome?.Problem?.En ?? "there is none"}");
            return null;
        }
        return resolved;
    }

    private static string? Fact(TaskOutcome? outcome, string name)
    {
        if (outcome is not { OutcomeJson.Length: > 0 }) return null;
        try
        {
            return CanonicalJson.ParseObject(Encoding.UTF8.GetBytes(outcome.OutcomeJson))
                .GetObjectOrNull("facts")?.GetStringOrNull(name);
        }
        catch (CanonicalJsonException)
        {
            // An outcome that cannot be read has been reported where it came in.
            return null;
        }
    }
}
