using System.Globalization;

namespace Testbed.Conformance.Reports.Html;

/// <summary>A line plot as SVG: axes with units, ticks on round numbers, gaps where nothing was measured.</summary>
internal static class Plot
{
    private const int Width = 960, Height = 300, Left = 76, Right = 16, Top = 14, Bottom = 46;
    private const int Floor = Height - Bottom, Edge = Width - Right;

    // Okabe and Ito's colours, told apart by every kind of colour vision; dashes for paper without colour.
    private static readonly (string Colour, string Dash)[] Pens =
    [
        ("#0072B2", ""), ("#D55E00", "7 3"), ("#009E73", "2 2"), ("#CC79A7", "9 3 2 3"), ("#7A5C00", "4 4"),
        ("#333333", "1 3"),
    ];

    private static LocalText NoData { get; } = new("没有数据。", "No data.");

    private static LocalText SinceStart { get; } = new("自开始起的时间 / s", "Time since the start / s");

    /// <param name="lines">Of one figure and unit, at most as many as there are pens.</param>
    public static void Write(HtmlWriter html, IReadOnlyList<ReportSeries> lines)
    {
        LocalText title = Title(lines[0]);
        html.Add($"<figure><figcaption>{title}</figcaption>");
        double[] values = [.. lines.SelectMany(line => line.Points).OfType<decimal>().Select(point => (double)point)];
        if (values.Length == 0)
        {
            html.Add($"<p class=\"soft\">{NoData}</p></figure>\n");
            return;
        }
        long startNs = lines.Min(line => line.StartUtcNs);
        double seconds = lines.Max(line =>
            SeriesLine.Seconds(line, startNs) + Math.Max(0, line.Points.Count - 1) * line.StepMs / 1000.0);
        Axis x = Axis.Over(0, Math.Max(seconds, 1), 8, Left, Edge);
        Axis y = Axis.Over(Math.Min(0, values.Min()), values.Max(), 5, Floor, Top);
        Legend(html, lines);
        Markup box = new($"0 0 {Width} {Height}");
        html.Add($"<svg class=\"plot\" viewBox=\"{box}\" role=\"img\" aria-label=\"{title.Zh} · {title.En}\">\n");
        Frame(html, x, y, title);
        for (int i = 0; i < lines.Count; i++)
            html.Add($"""
                <path d="{SeriesLine.Path(lines[i], startNs, x, y)}" {Pen(i)} fill="none" stroke-width="1.5"
                 stroke-linejoin="round" stroke-linecap="round"/>

                """);
        html.Add($"</svg></figure>\n");
    }

    private static LocalText Title(ReportSeries series)
    {
        string unit = FigureText.Unit(series.Unit);
        string suffix = unit.Length > 0 ? $" / {unit}" : "";
        return new(series.Name.Zh + suffix, series.Name.En + suffix);
    }

    private static void Legend(HtmlWriter html, IReadOnlyList<ReportSeries> lines)
    {
        html.Add($"<ul class=\"legend\">");
        for (int i = 0; i < lines.Count; i++)
            html.Add($"""
                <li><svg aria-hidden="true" viewBox="0 0 34 10"><path d="M1 5h32" {Pen(i)} stroke-width="2.4"/></svg>
                {lines[i].Tap} {ReportTexts.Name(lines[i].Direction)}</li>
                """);
        html.Add($"</ul>\n");
    }

    private static void Frame(HtmlWriter html, Axis x, Axis y, LocalText title)
    {
        foreach (double tick in y.Ticks)
        {
            html.Add($"<path d=\"M{Left} {At(y.Place(tick))}H{Edge}\" stroke=\"#e2e7ee\"/>");
            Markup at = new($"x=\"{Left - 8}\" y=\"{At(y.Place(tick)).Html}\" dy=\"4\"");
            html.Add($"<text {at} text-anchor=\"end\">{y.Label(tick)}</text>\n");
        }
        foreach (double tick in x.Ticks)
        {
            html.Add($"<path d=\"M{At(x.Place(tick))} {Floor}v5\" stroke=\"#55606f\"/>");
            Markup at = new($"x=\"{At(x.Place(tick)).Html}\" y=\"{Floor + 20}\"");
            html.Add($"<text {at} text-anchor=\"middle\">{x.Label(tick)}</text>\n");
        }
        html.Add($"<path d=\"M{Left} {Top}V{Floor}H{Edge}\" fill=\"none\" stroke=\"#55606f\"/>\n");
        Label(html, SinceStart, $"x=\"{(Left + Edge) / 2}\" y=\"{Height - 6}\"");
        Label(html, title, $"transform=\"translate(14 {(Top + Floor) / 2}) rotate(-90)\"");
    }

    // Not a hole with both languages: inside SVG the two must be text elements of their own.
    private static void Label(HtmlWriter html, LocalText text, string place)
    {
        Markup at = new(place);
        html.Add($"<text class=\"zh\" lang=\"zh-CN\" {at} text-anchor=\"middle\">{text.Zh}</text>");
        html.Add($"<text class=\"en\" lang=\"en\" {at} text-anchor=\"middle\">{text.En}</text>\n");
    }

    private static Markup Pen(int index) =>
        new($"stroke=\"{Pens[index].Colour}\" stroke-dasharray=\"{Pens[index].Dash}\"");

    private static Markup At(double value) => new(value.ToString("0.##", CultureInfo.InvariantCulture));
}
