using Testbed.Conformance;
using Testbed.Server.Agents;
using Testbed.Server.Planning;
using Testbed.Server.Runs.Traffic;

namespace Testbed.Server.Tests.Runs;

public sealed class TaskReferenceTests
{
    private static readonly PlanTask Task = new("sender-1", "sender", "kit-ue", 1, new Dictionary<string, string>
    {
        ["port"] = "2152", ["tunnel"] = "outcome:watch-1/tunnel",
    });

    private static Dictionary<string, TaskOutcome> Outcome(string json, LocalText? problem = null) =>
        new() { ["watch-1"] = new("watch-1", "kit-a", json, [], problem) };

    [Test]
    public void A_reference_becomes_what_the_earlier_task_learnt()
    {
        var resolved = TaskReferences.Resolve(
            Task, Outcome("""{"facts":{"tunnel":"00000001/9"},"kpis":[],"records":[]}"""), out LocalText? missing);
        Assert.That(missing, Is.Null);
        Assert.That(resolved, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["port"] = "2152", ["tunnel"] = "00000001/9",
        }));
    }

    [TestCase("")]
    [TestCase("""{"kpis":[],"records":[]}""")]
    [TestCase("""{"facts":{"other":"1"},"kpis":[],"records":[]}""")]
    [TestCase("not json")]
    public void Without_the_fact_the_task_is_not_started_and_says_why(string json)
    {
        Assert.That(TaskReferences.Resolve(Task, Outcome(json, new("没有隧道", "no tunnel")), out LocalText? missing),
            Is.Null);
        Assert.That(missing!.En, Does.Contain("watch-1").And.Contains("no tunnel"));
    }

    [Test]
    public void A_task_that_never_ran_has_learnt_nothing()
        => Assert.That(TaskReferences.Resolve(Task, new Dictionary<string, TaskOutcome>(), out _), Is.Null);
}
