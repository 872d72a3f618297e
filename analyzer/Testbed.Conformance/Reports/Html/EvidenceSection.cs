namespace Testbed.Conformance.Reports.Html;

/// <summary>How good the evidence is: what the taps lost, how far the clocks may be off, which agents took part.</summary>
internal static class EvidenceSection
{
    public static void Write(HtmlWriter html, RunReport report)
    {
        html.Add($"<section><h2>{new LocalText("证据质量", "Quality of the evidence")}</h2>\n");
        if (report.Loss.Count > 0) Loss(html, report.Loss);
        if (report.Clocks.Count > 0) Clocks(html, report.Clocks);
        if (report.Agents.Count > 0) Agents(html, report.Agents);
        if (report.Loss.Count + report.Clocks.Count + report.Agents.Count == 0)
            html.Add($"<p>{new LocalText("本次运行没有采集点和代理的记录。", "This run holds no record of taps or agents.")}</p>");
        html.Add($"</section>\n");
    }

    private static void Loss(HtmlWriter html, IReadOnlyList<TapLoss> taps)
    {
        html.Add($"""
            <h3>{new LocalText("采集丢失", "Capture loss")}</h3><div class="scroll"><table><thead><tr><th scope="col">{new LocalText("采集点", "Tap")}</th><th scope="col">{new LocalText("装备", "Kit")}</th><th scope="col" class="right">{new LocalText("采集报文", "Captured")}</th><th scope="col" class="right">{new LocalText("内核丢弃", "Dropped by the kernel")}</th><th scope="col" class="right">{new LocalText("网卡丢弃", "Dropped by the interface")}</th><th scope="col" class="right">{new LocalText("丢失率", "Loss ratio")}</th><th scope="col" class="right">{new LocalText("字节", "Bytes")}</th><th scope="col" class="right">{new LocalText("分段", "Segments")}</th></tr></thead><tbody>
            """);
        foreach (TapLoss tap in taps)
        {
            long dropped = tap.OsDropped + tap.InterfaceDropped;
            decimal offered = (decimal)tap.Captured + dropped;
            string ratio = offered == 0 ? "–" : FigureText.Number(dropped / offered, 3);
            html.Add($"<tr><td>{tap.Tap}</td><td>{tap.Kit}</td><td class=\"right number\">{tap.Captured}</td><td class=\"right number\">{tap.OsDropped}</td><td class=\"right number\">{tap.InterfaceDropped}</td><td class=\"right number\">{ratio}</td><td class=\"right number\">{tap.Bytes}</td><td class=\"right number\">{tap.Segments}</td></tr>");
        }
        html.Add($"</tbody></table></div>\n");
    }

    private static void Clocks(HtmlWriter html, IReadOnlyList<ReportClock> clocks)
    {
        html.Add($"""
            <h3>{new LocalText("时钟", "Clocks")}</h3><div class="scroll"><table><thead><tr><th scope="col">{new LocalText("装备", "Kit")}</th><th scope="col">{new LocalText("校时", "Disciplined by")}</th><th scope="col" class="right">{new LocalText("误差界", "Error bound")}</th><th scope="col">{new LocalText("时钟源", "Clock source")}</th><th scope="col">{new LocalText("启动标识（相同者共用一个时钟）", "Boot id (equal ids share one clock)")}</th></tr></thead><tbody>
            """);
        foreach (ReportClock clock in clocks)
        {
            LocalText source = clock.Source == "none" ? new("无", "nothing") : new(clock.Source, clock.Source);
            LocalText bound = clock.BoundNs is { } ns
                ? Same($"± {FigureText.Number(ns / 1_000_000m)} ms") : new("未知", "unknown");
            html.Add($"<tr><td>{clock.Kit}</td><td>{source}</td><td class=\"right number\">{bound}</td><td>{clock.ClockSource}</td><td class=\"mono\">{clock.BootId}</td></tr>");
        }
        html.Add($"</tbody></table></div>\n");
    }

    private static void Agents(HtmlWriter html, IReadOnlyList<ReportAgent> agents)
    {
        html.Add($"""
            <h3>{new LocalText("代理", "Agents")}</h3><div class="scroll"><table><thead><tr><th scope="col">{new LocalText("装备", "Kit")}</th><th scope="col">{new LocalText("版本", "Version")}</th><th scope="col">{new LocalText("接口", "Interfaces")}</th><th scope="col">{new LocalText("全程在线", "Present throughout")}</th></tr></thead><tbody>
            """);
        foreach (ReportAgent agent in agents)
            html.Add($"<tr><td>{agent.Kit}</td><td>{agent.Version}</td><td>{string.Join(", ", agent.Interfaces)}</td><td>{agent.Problem ?? new LocalText("是", "yes")}</td></tr>");
        html.Add($"</tbody></table></div>\n");
    }

    private static LocalText Same(string text) => new(text, text);
}
