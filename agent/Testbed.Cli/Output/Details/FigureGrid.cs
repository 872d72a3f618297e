using Testbed.Conformance.Reports.Text;

namespace Testbed.Cli.Output.Details;

/// <summary>
/// Rows of figures below their titles: packets, bytes, losses and delays. The names of rows stand to the left of them,
/// or, where they are long, on a line of their own.
/// </summary>
internal sealed class FigureGrid(Session session)
{
    private static readonly int[] Widths = [12, 18, 9, 11, 11];
    private static readonly int NameColumns = 80 - Widths.Sum();

    public void Titles() => Write("",
    [
        session.Say("报文", "packets"), session.Say("字节", "bytes"), session.Say("丢失", "lost"),
        session.Say("p50 微秒", "p50 us"), session.Say("p99 微秒", "p99 us"),
    ]);

    public void Name(string text) => FactLines.Paragraph(session, text);

    public void Row(string name, Testbed.Analyzer.Details.DirectionTraffic traffic) => Write(name,
    [
        $"{traffic.Packets:N0}", $"{traffic.Bytes:N0}", traffic.Lost is { } lost ? $"{lost:N0}" : "-",
        DelayText.Us(traffic.DelayNs?.P50), DelayText.Us(traffic.DelayNs?.P99),
    ]);

    /// <summary>Both directions, below a name; a direction without traffic is left out.</summary>
    public void Both(
        string name, Testbed.Analyzer.Details.DirectionTraffic uplink,
        Testbed.Analyzer.Details.DirectionTraffic downlink, bool isDirectionKnown = true)
    {
        Name(name);
        if (uplink.Packets > 0 || uplink.Lost > 0)
            Row(isDirectionKnown ? session.Say("  上行", "  uplink") : "  ->", uplink);
        if (downlink.Packets > 0 || downlink.Lost > 0)
            Row(isDirectionKnown ? session.Say("  下行", "  downlink") : "  <-", downlink);
    }

    private void Write(string name, string[] figures)
    {
        string line = ColumnText.Pad(name, NameColumns);
        if (ColumnText.Columns(name) >= NameColumns)
        {
            Name(name);
            line = new string(' ', NameColumns);
        }
        for (int i = 0; i < figures.Length; i++)
            line += new string(' ', Math.Max(1, Widths[i] - ColumnText.Columns(figures[i]))) + figures[i];
        session.Out.WriteLine(line);
    }
}
