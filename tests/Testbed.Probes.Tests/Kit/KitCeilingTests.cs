using Testbed.Conformance.Results;

namespace Testbed.Probes.Tests.Kit;

[NonParallelizable]
public sealed class KitCeilingTests
{
    [Test]
    public async Task The_kit_says_what_it_can_do_itself()
    {
        ProbeTask task = Loopback.Order("kit-ceiling", ("seconds", "0.3"), ("payloadBytes", 1_372));
        ProbeOutcome outcome = await ProbeCatalogue.Find("kit-ceiling")!.RunAsync(task, new TestHost(), default);
        KpiResult kpi = outcome.Kpis.Single();
        Assert.That((kpi.Id, kpi.Unit), Is.EqualTo(("kit-ceiling-rate", "Mbit/s")));
        Assert.That((kpi.Scope, kpi.Layer), Is.EqualTo(("test-kit", Layer.Ip)));
        Assert.That(kpi.Value, Is.Positive);
        Assert.That(kpi.Samples, Is.Positive);
        TestContext.Out.WriteLine($"{kpi.Value} Mbit/s");
    }
}
