namespace Testbed.Conformance.Reports.Html;

/// <summary>How good the evidence is: what taps lost, how far clocks may be off, which agents took part.</summary>
internal static class EvidenceSection
{
    public static void Write(HtmlWriter html, RunReport report)
    {
        html.Add($"<section><h2>{new LocalText("证据质量", "Quality of the evidence")}</h2>\n");
        if (report.Loss.Count > 0) Loss(html, report.Loss);
        if (report.Clocks.Count > 0) Clocks(html, report.Clocks);
        if (report.Agents.Count > 0) Agents(html, report.Agents);
        if (report.Loss.Count + report.Clocks.Count + report.Agents.Count == 0)
            html.Add($"<p>{NoRecords}</p>");
        html.Add($"</section>\n");
    }

    private static LocalText NoRecords { get; } =
        new("本次运行没有采集点和代理的记录。", "This run holds no record of taps or agents.");

    private static void Loss(HtmlWriter html, IReadOnlyList<TapLoss> taps) => HtmlTable.Write(html,
        new("采集丢失", "Capture loss"),
        [
            ("采集点", "Tap"), ("装备", "Kit"), Column.Number("采集报文", "Captured"),
            Column.Number("内核丢弃", "Dropped by kernel"), Column.Number("网卡丢弃", "Dropped by interface"),
            Column.Number("丢失率", "Loss ratio"), Column.Number("字节", "Bytes"), Column.Number("分段", "Segments"),
        ],
        taps.Select(tap => new Cell[]
        {
            tap.Tap, tap.Kit, tap.Captured, tap.OsDropped, tap.InterfaceDropped, Ratio(tap), tap.Bytes, tap.Segments,
        }));

    private static string Ratio(TapLoss tap)
    {
        decimal dropped = (decimal)tap.OsDropped + tap.InterfaceDropped, offered = tap.Captured + dropped;
        return offered == 0 ? "–" : FigureText.Number(dropped / offered, 3);
    }

    private static void Clocks(HtmlWriter html, IReadOnlyList<ReportClock> clocks) => HtmlTable.Write(html,
        new("时钟", "Clocks"),
        [
            ("装备", "Kit"), ("校时", "Disciplined by"), Column.Number("误差界", "Error bound"),
            ("时钟源", "Clock source"), ("启动标识（相同者共用一个时钟）", "Boot id (equal ids share one clock)"),
        ],
        clocks.Select(clock => new Cell[]
        {
            clock.Kit, clock.Source == "none" ? new LocalText("无", "nothing") : clock.Source, Bound(clock),
            clock.ClockSource, clock.BootId,
        }));

    private static Cell Bound(ReportClock clock) => clock.BoundNs is { } ns
        ? $"± {FigureText.Number(ns / 1_000_000m)} ms" : new LocalText("未知", "unknown");

    private static void Agents(HtmlWriter html, IReadOnlyList<ReportAgent> agents) => HtmlTable.Write(html,
        new("代理", "Agents"),
        [("装备", "Kit"), ("版本", "Version"), ("接口", "Interfaces"), ("全程在线", "Present throughout")],
        agents.Select(agent => new Cell[]
        {
            agent.Kit, agent.Version, string.Join(", ", agent.Interfaces),
            agent.Problem ?? new LocalText("是", "yes"),
        }));
}
