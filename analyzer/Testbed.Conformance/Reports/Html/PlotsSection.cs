namespace Testbed.Conformance.Reports.Html;

/// <summary>One plot for each named figure, its taps and directions as lines.</summary>
internal static class PlotsSection
{
    /// <remarks>More lines cannot be told apart by dash and colour; the rest goes to a further plot.</remarks>
    private const int LinesMax = 6;

    public static void Write(HtmlWriter html, IReadOnlyList<ReportSeries> series)
    {
        if (series.Count == 0) return;
        html.Add($"<section><h2>{new LocalText("随时间的变化", "Figures over time")}</h2>\n");
        foreach (IGrouping<(string, string), ReportSeries> figure in series.GroupBy(one => (one.Name.En, one.Unit)))
            foreach (ReportSeries[] lines in figure.Chunk(LinesMax)) Plot.Write(html, lines);
        html.Add($"</section>\n");
    }
}
