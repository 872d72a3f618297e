namespace Testbed.Demo.Tests;

/// <summary>A matrix goes on where another machine broke it off only if its document tells the rows again.</summary>
public sealed class FaultDocumentTests
{
    private const string Sources = "0123456789abcdef";
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
        Assert.That(FaultDocument.Read(Document, "fedcba9876543210"), Is.Empty);
}
