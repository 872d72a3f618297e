using Testbed.Conformance.Results;

namespace Testbed.Conformance.Reports.Text;

/// <summary>Collects the lines of a table in one language; cleans and wraps whatever it is given.</summary>
internal sealed class TableWriter(string language, int width)
{
    private const int PartColumns = 30;
    private readonly List<TextRow> _rows = [];

    public IReadOnlyList<TextRow> Rows => _rows;

    public string In(LocalText text) => text.In(language);

    public void Rule() => _rows.Add(new(new string('-', width), null));

    public void Line(string text) => Hanging("", text, 0, null);

    /// <summary>A line whose text goes on below itself, right of its lead.</summary>
    public void Hanging(string lead, string text, int indent, Verdict? verdict)
    {
        string start = ColumnText.Pad(PlainText.Clean(lead), indent);
        // A long id must not push the text out of the table.
        if (ColumnText.Columns(start) > indent)
        {
            foreach (string line in ColumnText.Wrap(start, width)) _rows.Add(new(line, verdict));
            start = new string(' ', indent);
        }
        foreach (string line in ColumnText.Wrap(PlainText.Clean(text), width - indent))
        {
            _rows.Add(new((start + line).TrimEnd(), verdict));
            start = new string(' ', indent);
        }
    }

    public void Part(LocalText name, Verdict verdict) =>
        Hanging("", ColumnText.Pad(In(name), PartColumns) + In(ReportTexts.Name(verdict)), 0, verdict);
}
