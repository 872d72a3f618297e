namespace Testbed.Demo.Tests;

/// <summary>A matrix goes on where another machine broke it off only if its document tells the rows again.</summary>
public sealed class FaultDocumentTests
{
    private static readonly SourceDigests Sources = new("0123456789abcdef", new Dictionary<string, string>
    {
        ["no-echo"] = "01234567", ["hidden-upf"] = "89abcdef", ["jitter"] = "00112233",
    });
    private static readonly Fault[] Faults =
    [
        new("no-echo", "无回声", "no echo", new Dictionary<string, string>()),
        new("hidden-upf", "隐藏的 UPF", "a hidden UPF", new Dictionary<string, string>()),
        new("jitter", "抖动", "jitter", new Dictionary<string, string>()),
    ];
    private static readonly Dictionary<string, IReadOnlyDictionary<string, string>> Rows = new()
    {
        [FaultDocument.NoFault] = new Dictionary<string, string>(),
        ["no-echo"] = new Dictionary<string, string> { ["KIT-002"] = "Invalid", ["E2E-001"] = "Fail" },
        ["hidden-upf"] = new Dictionary<string, string>(),
        ["no-echo + hidden-upf"] = new Dictionary<string, string> { ["E2E-001"] = "Fail" },
    };
    private static readonly string Document = FaultDocument.Render(Faults, Rows, ["E2E-001", "KIT-002"], Sources);

    [Test]
    public void The_rows_that_were_written_are_read_and_no_others()
    {
        Dictionary<string, IReadOnlyDictionary<string, string>> read = FaultDocument.Read(Document, Sources);
        Assert.That(read.Keys, Is.EquivalentTo(Rows.Keys));
        foreach ((string row, IReadOnlyDictionary<string, string> turned) in read)
            Assert.That(turned, Is.EquivalentTo(Rows[row]), row);
    }

    [Test]
    public void Rows_of_other_sources_do_not_count() =>
        Assert.That(FaultDocument.Read(Document, Sources with { Common = "fedcba9876543210" }), Is.Empty);

    [Test]
    public void A_fault_whose_own_file_changed_is_tried_again_and_no_other()
    {
        Dictionary<string, string> changed = new(Sources.Faults) { ["no-echo"] = "76543210" };
        Assert.That(FaultDocument.Read(Document, Sources with { Faults = changed }).Keys,
            Is.EquivalentTo([FaultDocument.NoFault, "hidden-upf"]));
    }

    [Test]
    public void Each_fault_of_the_lab_has_a_file_of_its_own() => Assert.That(
        SourceDigests.Read(Launcher.Root).Faults.Keys, Is.EquivalentTo(FaultList.All.Select(fault => fault.Name)));
}
