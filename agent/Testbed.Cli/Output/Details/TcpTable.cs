using Testbed.Analyzer;
using Testbed.Analyzer.Details;

namespace Testbed.Cli.Output.Details;

/// <summary>TCP for people.</summary>
internal sealed class TcpTable(Session session, TcpDetails tcp)
{
    public void Print()
    {
        if (tcp.Flows == 0) return;
        session.Out.WriteLine();
        FactLines.Line(session, "TCP", session.Say(
            $"会话流 {tcp.Flows:N0}，报文段 {tcp.Segments:N0}，重复采集的副本 {tcp.Copies:N0}（不计）",
            $"flows {tcp.Flows:N0}, segments {tcp.Segments:N0}, copies left out {tcp.Copies:N0}"));
        Opened(session.Say("终端发起", "opened by UEs"), tcp.OpenedByUe);
        Opened(session.Say("网络侧发起", "opened by network"), tcp.OpenedByNetwork);
        Opened(session.Say("发起方未知", "opener not known"), tcp.OpenedByUnknown);
        Direction(session.Say("上行", "uplink"), tcp.Uplink);
        Direction(session.Say("下行", "downlink"), tcp.Downlink);
        Direction(session.Say("方向未知", "unknown direction"), tcp.UnknownDirection);
        if (tcp.Fragments > 0)
            FactLines.Line(session, "", session.Say(
                $"另有 {tcp.Fragments:N0} 个 IP 分片未分析", $"{tcp.Fragments:N0} IP fragments are not looked at"));
        if (tcp.Retransmitting.Total == 0) return;
        DetailsTable.Heading(session, session.Say("有重传的会话流", "flows with retransmissions"), tcp.Retransmitting);
        foreach (TcpFlowDetail flow in tcp.Retransmitting.Shown)
        {
            FactLines.Paragraph(session, DetailsTable.Ends(flow.Ue, flow.UePort, flow.Remote, flow.RemotePort));
            FactLines.Paragraph(session, Figures(session, flow.Figures) + session.Say(
                $"，首次见 {flow.FirstEvidence}", $", first at {flow.FirstEvidence}"), indent: 2);
        }
    }

    public static string Figures(Session session, TcpFlowFigures figures)
    {
        string retransmissions = session.Say(
            $"TCP 重传 上行 {figures.UplinkRetransmissions:N0} 下行 {figures.DownlinkRetransmissions:N0}，"
                + $"乱序 {figures.OutOfOrder:N0}",
            $"TCP retransmissions up {figures.UplinkRetransmissions:N0} down {figures.DownlinkRetransmissions:N0}, "
                + $"out of order {figures.OutOfOrder:N0}");
        if (figures.ServerSideNs is { } server)
            retransmissions += session.Say($"，服务器侧 {DelayText.Us(server)} 微秒",
                $", server side {DelayText.Us(server)} us");
        if (figures.ClientSideNs is { } client)
            retransmissions += session.Say($"，客户端侧 {DelayText.Us(client)} 微秒",
                $", client side {DelayText.Us(client)} us");
        return retransmissions;
    }

    private void Opened(string name, TcpHandshakes handshakes)
    {
        if (handshakes.Opened == 0) return;
        FactLines.Line(session, name, session.Say(
            $"连接 {handshakes.Opened:N0}，有应答 {handshakes.Answered:N0}，因 SYN 重发不计往返时延 "
                + $"{handshakes.Ambiguous:N0}",
            $"connections {handshakes.Opened:N0}, answered {handshakes.Answered:N0}, without round trip as a SYN came "
                + $"again {handshakes.Ambiguous:N0}"));
        RoundTrip(session.Say("  至服务器往返 微秒", "  tap-server-tap us"), handshakes.ServerSideNs);
        RoundTrip(session.Say("  至客户端往返 微秒", "  tap-client-tap us"), handshakes.ClientSideNs);
    }

    private void RoundTrip(string name, DelaySummary? delay)
    {
        if (delay is not null) FactLines.Line(session, name, DelayText.Us(delay));
    }

    private void Direction(string name, TcpDirection direction)
    {
        if (direction.DataSegments == 0 && direction.Retransmissions == 0) return;
        FactLines.Line(session, name, session.Say(
            $"数据段 {direction.DataSegments:N0}，{direction.DataBytes:N0} 字节；重传 {direction.Retransmissions:N0}"
                + $"（探针曾见 {direction.SeenBefore:N0}，探针之前丢失 {direction.LostBeforeTap:N0}，"
                + $"SYN {direction.SynAgain:N0}）；乱序 {direction.OutOfOrder:N0}，保活 {direction.KeepAlives:N0}"
                + (direction.Undecided > 0 ? $"，无法判定 {direction.Undecided:N0}" : ""),
            $"data segments {direction.DataSegments:N0}, {direction.DataBytes:N0} bytes; retransmissions "
                + $"{direction.Retransmissions:N0} (seen before {direction.SeenBefore:N0}, lost before the tap "
                + $"{direction.LostBeforeTap:N0}, SYN {direction.SynAgain:N0}); out of order "
                + $"{direction.OutOfOrder:N0}, keep-alives {direction.KeepAlives:N0}"
                + (direction.Undecided > 0 ? $", undecided {direction.Undecided:N0}" : "")));
    }
}
