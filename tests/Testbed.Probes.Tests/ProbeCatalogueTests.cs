namespace Testbed.Probes.Tests;

public sealed class ProbeCatalogueTests
{
    [Test]
    public void The_catalogue_is_the_approved_one()
    {
        string path = Path.Combine(TestContext.CurrentContext.TestDirectory, "probes.approved.txt");
        string[] found = [.. ProbeCatalogue.CreateAll().Select(probe => $"{probe.Kind} {probe.GetType().Name}")];
        Assert.That(found, Is.EqualTo(File.ReadAllLines(path)),
            "a probe came, went or was renamed: say so in probes.approved.txt, the architecture page and the plans");
    }

    [Test]
    public void An_unknown_kind_is_not_found() => Assert.That(ProbeCatalogue.Find("slicing"), Is.Null);
}
