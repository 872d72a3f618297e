using System.Globalization;
using System.Text;

namespace Testbed.Conformance.Reports.Html;

/// <summary>A line plot as SVG: axes with units, ticks on round numbers, gaps where nothing was measured.</summary>
internal static class Plot
{
    private const int Width = 960, Height = 300, Left = 76, Right = 16, Top = 14, Bottom = 46;
    private const int ColumnsMax = 600;

    // Okabe and Ito's colours, told apart by every kind of colour vision; dashes for paper without colour.
    private static readonly (string Colour, string Dash)[] Pens =
    [
        ("#0072B2", ""), ("#D55E00", "7 3"), ("#009E73", "2 2"), ("#CC79A7", "9 3 2 3"), ("#7A5C00", "4 4"),
        ("#333333", "1 3"),
    ];

    public static void Write(HtmlWriter html, IReadOnlyList<ReportSeries> lines)
    {
        ReportSeries first = lines[0];
        long startNs = lines.Min(line => line.StartUtcNs);
        double seconds = lines.Max(line => Seconds(line, startNs) + Math.Max(0, line.Points.Count - 1) * line.StepMs / 1000.0);
        double[] values = [.. lines.SelectMany(line => line.Points).OfType<decimal>().Select(point => (double)point)];
        string unit = FigureText.Unit(first.Unit);
        string suffix = unit.Length > 0 ? $" / {unit}" : "";
        html.Add($"<figure><figcaption>{new LocalText(first.Name.Zh + suffix, first.Name.En + suffix)}</figcaption>");
        if (values.Length == 0)
        {
            html.Add($"<p class=\"soft\">{new LocalText("没有数据。", "No data.")}</p></figure>\n");
            return;
        }
        Legend(html, lines);
        Axis x = Axis.Over(0, Math.Max(seconds, 1), 8), y = Axis.Over(Math.Min(0, values.Min()), values.Max(), 5);
        html.Add($"<svg class=\"plot\" viewBox=\"0 0 {new Markup($"{Width} {Height}")}\" role=\"img\" aria-label=\"{first.Name.Zh}{suffix} · {first.Name.En}{suffix}\">");
        Frame(html, x, y, suffix, first.Name);
        for (int i = 0; i < lines.Count; i++)
            html.Add($"<path d=\"{Line(lines[i], startNs, x, y)}\" fill=\"none\" stroke=\"{Pens[i].Colour}\" stroke-width=\"1.5\" stroke-dasharray=\"{Pens[i].Dash}\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/>");
        html.Add($"</svg></figure>\n");
    }

    private static void Legend(HtmlWriter html, IReadOnlyList<ReportSeries> lines)
    {
        html.Add($"<ul class=\"legend\">");
        for (int i = 0; i < lines.Count; i++)
        {
            html.Add($"<li><svg aria-hidden=\"true\" viewBox=\"0 0 34 10\"><path d=\"M1 5h32\" stroke=\"{Pens[i].Colour}\" stroke-width=\"2.4\" stroke-dasharray=\"{Pens[i].Dash}\"/></svg>{lines[i].Tap} {ReportTexts.Name(lines[i].Direction)}</li>");
        }
        html.Add($"</ul>");
    }

    private static void Frame(HtmlWriter html, Axis x, Axis y, string suffix, LocalText name)
    {
        foreach (double tick in y.Ticks)
        {
            Markup at = Number(Y(tick, y));
            html.Add($"<path d=\"M{Number(Left)} {at}H{Number(Width - Right)}\" stroke=\"#e2e7ee\"/><text x=\"{Number(Left - 8)}\" y=\"{at}\" dy=\"4\" text-anchor=\"end\">{y.Label(tick)}</text>");
        }
        foreach (double tick in x.Ticks)
        {
            Markup at = Number(X(tick, x));
            html.Add($"<path d=\"M{at} {Number(Height - Bottom)}v5\" stroke=\"#55606f\"/><text x=\"{at}\" y=\"{Number(Height - Bottom + 20)}\" text-anchor=\"middle\">{x.Label(tick)}</text>");
        }
        html.Add($"<path d=\"M{Number(Left)} {Number(Top)}V{Number(Height - Bottom)}H{Number(Width - Right)}\" fill=\"none\" stroke=\"#55606f\"/>");
        Label(html, new("自开始起的时间 / s", "Time since the start / s"), $"x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 6}\" text-anchor=\"middle\"");
        Label(html, new(name.Zh + suffix, name.En + suffix), $"transform=\"translate(14 {(Top + Height - Bottom) / 2}) rotate(-90)\" text-anchor=\"middle\"");
    }

    // Not a hole with both languages: inside SVG the two must be text elements of their own.
    private static void Label(HtmlWriter html, LocalText text, string place) => html.Add(
        $"<text class=\"zh\" lang=\"zh-CN\" {new Markup(place)}>{text.Zh}</text><text class=\"en\" lang=\"en\" {new Markup(place)}>{text.En}</text>");

    private static string Line(ReportSeries line, long startNs, Axis x, Axis y)
    {
        StringBuilder path = new();
        bool down = false;
        foreach ((double at, double? value) in Columns(line))
        {
            if (value is not { } v)
            {
                down = false;
                continue;
            }
            double seconds = Seconds(line, startNs) + at * line.StepMs / 1000.0;
            path.Append(down ? 'L' : 'M').Append(Number(X(seconds, x)).Html).Append(' ').Append(Number(Y(v, y)).Html);
            // A point with gaps on both sides is a line without length, which round caps make a dot.
            if (!down) path.Append("h0");
            down = true;
        }
        return path.ToString();
    }

    /// <summary>The points, or the extremes of each column when there are more points than the plot has pixels.</summary>
    private static IEnumerable<(double At, double? Value)> Columns(ReportSeries line)
    {
        int count = line.Points.Count, size = Math.Max(1, (count + ColumnsMax - 1) / ColumnsMax);
        for (int from = 0; from < count; from += size)
        {
            int to = Math.Min(from + size, count);
            (int low, int high) = (-1, -1);
            for (int i = from; i < to; i++)
            {
                if (line.Points[i] is not { } point) continue;
                if (low < 0 || point < line.Points[low]) low = i;
                if (high < 0 || point > line.Points[high]) high = i;
            }
            if (low < 0) yield return (from, null);
            else yield return (Math.Min(low, high), (double)line.Points[Math.Min(low, high)]!.Value);
            if (low >= 0 && low != high) yield return (Math.Max(low, high), (double)line.Points[Math.Max(low, high)]!.Value);
        }
    }

    private static double Seconds(ReportSeries line, long startNs) => (line.StartUtcNs - startNs) / 1e9;

    private static double X(double value, Axis axis) => Left + axis.Share(value) * (Width - Left - Right);

    private static double Y(double value, Axis axis) => Height - Bottom - axis.Share(value) * (Height - Top - Bottom);

    private static Markup Number(double value) => new(value.ToString("0.##", CultureInfo.InvariantCulture));
}
