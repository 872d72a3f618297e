namespace Testbed.Conformance.Reports.Html;

/// <param name="IsNumber">Right-aligned, digits below digits.</param>
internal readonly record struct Column(LocalText Name, bool IsNumber = false)
{
    public static Column Number(string zh, string en) => new(new(zh, en), IsNumber: true);
    public static implicit operator Column((string Zh, string En) name) => new(new(name.Zh, name.En));
    public static implicit operator Column(string name) => new(new(name, name));
}

/// <summary>What stands in a table's cell: text, both languages, or a whole number. Always escaped.</summary>
internal readonly record struct Cell(Markup Html)
{
    public static implicit operator Cell(string? text) => new(HtmlWriter.Part(html => html.Add($"{text}")));
    public static implicit operator Cell(LocalText text) => new(HtmlWriter.Part(html => html.Add($"{text}")));
    public static implicit operator Cell(long number) => new(HtmlWriter.Part(html => html.Add($"{number}")));
}

/// <summary>A table with a heading that scrolls on its own when a screen is narrower.</summary>
internal static class HtmlTable
{
    public static void Write(
        HtmlWriter html, LocalText heading, IReadOnlyList<Column> columns, IEnumerable<Cell[]> rows)
    {
        html.Add($"<h3>{heading}</h3><div class=\"scroll\"><table><thead><tr>");
        foreach (Column column in columns)
            html.Add($"<th scope=\"col\"{Align(column, "right")}>{column.Name}</th>");
        html.Add($"</tr></thead><tbody>\n");
        foreach (Cell[] row in rows)
        {
            html.Add($"<tr>");
            for (int i = 0; i < row.Length; i++)
                html.Add($"<td{Align(columns[i], "right number")}>{row[i].Html}</td>");
            html.Add($"</tr>\n");
        }
        html.Add($"</tbody></table></div>\n");
    }

    private static Markup Align(Column column, string classes) =>
        new(column.IsNumber ? $" class=\"{classes}\"" : "");
}
