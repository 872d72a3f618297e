using System.Text.Json;
using Testbed.Lab.Behaviour;
using Testbed.Lab.Faults;
using Testbed.Lab.Hosting;

namespace Testbed.Lab.Tests.Faults;

public sealed class FaultCatalogueTests
{
    private static readonly string[] Verdicts =
        ["Pass", "Fail", "Inconclusive", "NotMeasurable", "NotApplicable", "Invalid", "NotRun"];

    private static string Print(params string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" };
        Assert.That(FaultsCommand.Run(arguments, output), Is.Zero);
        return output.ToString();
    }

    [Test]
    public void The_catalogue_is_the_approved_one()
    {
        string approved = Path.Combine(AppContext.BaseDirectory, "Approved", "faults.txt");
        Assert.That(Print(), Is.EqualTo(File.ReadAllText(approved)),
            "If the change is meant: artifacts/bin/Testbed.Lab/release/Testbed.Lab faults > "
            + "tests/Testbed.Lab.Tests/Approved/faults.txt");
    }

    [Test]
    public void The_json_form_says_the_same()
    {
        using JsonDocument json = JsonDocument.Parse(Print("--json"));
        Assert.That(
            json.RootElement.EnumerateArray().Select(fault => fault.GetProperty("name").GetString()),
            Is.EqualTo(FaultCatalogue.All.Select(fault => fault.Name)));
        Assert.That(
            json.RootElement[0].GetProperty("breaks").EnumerateObject().Select(entry => entry.Name),
            Is.EqualTo(FaultCatalogue.All[0].Breaks.Keys));
    }

    [Test]
    public void Every_fault_breaks_something_by_a_known_verdict_and_is_told_in_both_languages()
    {
        foreach (IFault fault in FaultCatalogue.All)
        {
            Assert.That(fault.Breaks, Is.Not.Empty, fault.Name);
            Assert.That(
                fault.Breaks.Keys, Is.All.Match("^(KIT|E2E|SLC|EDG|EXP|SEC|SCN)(-[A-Z]+)?-[0-9]{3}$"), fault.Name);
            Assert.That(fault.Breaks.Values.Distinct(), Is.SubsetOf(Verdicts), fault.Name);
            Assert.That(fault.Description.Zh, Is.Not.Empty.And.Not.EqualTo(fault.Description.En), fault.Name);
        }
    }

    [Test]
    public void All_faults_together_still_make_a_lab()
    {
        LabBehaviour behaviour = new(seed: 1);
        foreach (IFault fault in FaultCatalogue.All) fault.Apply(behaviour);
        Assert.That(behaviour.Framing.CarriesQfi, Is.False);
    }

    [Test]
    public void An_unknown_fault_is_a_usage_error_that_names_the_known_ones()
        => Assert.That(() => FaultCatalogue.Select(["nope"]),
            Throws.InstanceOf<LabException>().With.Property("ExitCode").EqualTo(2)
                .And.Message.Contains("capacity-cap"));
}
