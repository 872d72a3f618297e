using Testbed.Analyzer;
using Testbed.Analyzer.Details;

namespace Testbed.Cli.Output.Details;

/// <summary>QoS monitoring for people, with what each figure may be used for.</summary>
internal sealed class MonitoringTable(Session session, MonitoringDetails monitoring)
{
    public void Print()
    {
        session.Out.WriteLine();
        FactLines.Line(session, session.Say("QoS 监测（QMP）", "QoS monitoring"), session.Say(
            $"下行带时间戳 {monitoring.DownlinkPackets:N0}，上行 {monitoring.UplinkPackets:N0}，未配对 "
                + $"{monitoring.Unpaired:N0}，有歧义 {monitoring.Ambiguous:N0}，时间戳无效 {monitoring.Disordered:N0}，"
                + $"容器损坏 {monitoring.Damaged:N0}，超出记录上限 {monitoring.BeyondMemory:N0}",
            $"stamped downlink {monitoring.DownlinkPackets:N0}, uplink {monitoring.UplinkPackets:N0}; unpaired "
                + $"{monitoring.Unpaired:N0}, ambiguous {monitoring.Ambiguous:N0}, stamps without use "
                + $"{monitoring.Disordered:N0}, damaged {monitoring.Damaged:N0}, not remembered "
                + $"{monitoring.BeyondMemory:N0}"));
        foreach (MonitoringFlow flow in monitoring.Flows) Flow(flow);
        if (monitoring.Flows.Any(flow => flow.DownlinkDifferenceNs is not null || flow.UplinkDifferenceNs is not null))
            FactLines.Paragraph(session, session.Say(
                "* 带“差”的两项跨两个时钟：含两钟之差，仅当两钟已知一致时才是时延；其变化可用。往返与驻留各由单一时钟得出",
                "* the two differences span two clocks and hold what one is ahead of the other: delays only where both "
                    + "are known to agree, though their variation holds. Round trip and holding rest on one clock "
                    + "each"));
    }

    private void Flow(MonitoringFlow flow)
    {
        FactLines.Line(session, $"  QFI {flow.Qfi}", session.Say(
            $"下行 {flow.DownlinkPackets:N0}，上行 {flow.UplinkPackets:N0}",
            $"downlink {flow.DownlinkPackets:N0}, uplink {flow.UplinkPackets:N0}"));
        Us(session.Say("  探针-gNB 往返 微秒", "  tap-gNB-tap us"), flow.RoundTripTapGnbNs);
        Us(session.Say("  gNB 驻留 微秒", "  held by gNB us"), flow.GnbHoldingNs);
        Us(session.Say("  下行差 微秒", "  down difference us"), flow.DownlinkDifferenceNs);
        Us(session.Say("  上行差 微秒", "  up difference us"), flow.UplinkDifferenceNs);
        Ms(session.Say("  gNB 报告下行 ms", "  gNB reports down ms"), flow.ReportedDownlinkMs);
        Ms(session.Say("  gNB 报告上行 ms", "  gNB reports up ms"), flow.ReportedUplinkMs);
        Ms(session.Say("  报告 N3/N9 ms", "  reported N3/N9 ms"), flow.ReportedN3N9Ms);
    }

    private void Us(string name, DelaySummary? delay)
    {
        if (delay is not null) FactLines.Line(session, name, DelayText.Us(delay));
    }

    private void Ms(string name, DelaySummary? delay)
    {
        if (delay is not null) FactLines.Line(session, name, DelayText.Whole(delay));
    }
}
