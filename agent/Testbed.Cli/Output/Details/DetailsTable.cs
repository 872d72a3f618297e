using Testbed.Analyzer.Details;
using Testbed.Wire.Ip;

namespace Testbed.Cli.Output.Details;

/// <summary>
/// Details of an analysis for people: UEs, tunnels, QoS flows, data networks, top talkers, losses, TCP.
/// </summary>
internal sealed class DetailsTable(Session session, AnalysisDetails details)
{
    private readonly FigureGrid _grid = new(session);

    public void Print()
    {
        string point = details.Point.ToUpperInvariant();
        FactLines.Paragraph(session, "");
        FactLines.Paragraph(session, session.Say(
            $"明细（{point} 上的内层 IP 报文；时延为经过 UPF 的时间）",
            $"Details (inner IP packets on {point}; delays are those through the UPF)"));
        if (!details.OneWayDelaysUsable)
            FactLines.Paragraph(session, session.Say(
                "两侧时钟不一致，不给出单向时延", "the clocks of both sides disagree: no one-way delay is given"));
        Section(session.Say("终端", "UEs"), details.Ues, Ue);
        Section(session.Say("隧道", "tunnels"), details.Tunnels, Tunnel);
        Section(session.Say("QoS 流", "QoS flows"), details.QosFlows, QosFlow);
        Section(session.Say("数据网络", "data networks"), details.Dnns, Dnn);
        Section(session.Say("流量最大的会话流", "top talkers"), details.Flows, Flow);
        Rest();
        new LossTable(session, details).Print();
        new TcpTable(session, details.Tcp).Print();
        if (details.Monitoring is { } monitoring) new MonitoringTable(session, monitoring).Print();
    }

    private void Section<T>(string name, Ranked<T> rows, Action<T> row)
    {
        if (rows.Total == 0) return;
        Heading(session, name, rows);
        _grid.Titles();
        foreach (T each in rows.Shown) row(each);
    }

    public static void Heading<T>(Session session, string name, Ranked<T> rows)
    {
        session.Out.WriteLine();
        FactLines.Paragraph(session, session.Say(
            $"{name}：共 {rows.Total:N0}，列出 {rows.Shown.Count:N0}",
            $"{name}: shown {rows.Shown.Count:N0} of {rows.Total:N0}"));
    }

    private void Ue(UeDetail ue) => _grid.Both(
        Words(ue.Address, Slice(ue.Slice), Dnn(ue.Dnn), Span(ue.FirstNs, ue.LastNs)), ue.Uplink, ue.Downlink);

    private void Tunnel(TunnelDetail tunnel)
    {
        string others = tunnel.Ues > 1 ? session.Say($" 等 {tunnel.Ues:N0} 个", $" and {tunnel.Ues - 1:N0} more") : "";
        _grid.Name(Words(
            tunnel.Receiver, $"TEID{FactLines.Joint}0x{tunnel.Teid:x8}",
            tunnel.Qfis.Count > 0 ? $"QFI{FactLines.Joint}{string.Join(',', tunnel.Qfis)}" : null,
            tunnel.Ue is null ? null : session.Say("终端", "UE") + FactLines.Joint + tunnel.Ue + others,
            Slice(tunnel.Slice), Dnn(tunnel.Dnn)));
        _grid.Row("  " + Direction(tunnel.Direction), tunnel.Traffic);
    }

    private void QosFlow(QosFlowDetail flow) => _grid.Row(
        (flow.Qfi is { } qfi ? $"QFI {qfi} " : session.Say("无容器 ", "unmarked ")) + Direction(flow.Direction),
        flow.Traffic);

    private void Dnn(DnnDetail dnn) => _grid.Both(
        Words(dnn.Dnn is null ? session.Say("未知", "not known") : $"{dnn.Dnn} ({dnn.Source})",
            session.Say($"终端 {dnn.Ues:N0}", $"UEs {dnn.Ues:N0}")), dnn.Uplink, dnn.Downlink);

    private void Flow(FlowDetail flow)
    {
        _grid.Both(
            Ends(flow.Ue, flow.UePort, flow.Remote, flow.RemotePort) + " " + Protocol(flow.Protocol), flow.Uplink,
            flow.Downlink, flow.IsDirectionKnown);
        if (flow.Tcp is { } tcp) FactLines.Paragraph(session, TcpTable.Figures(session, tcp), indent: 2);
    }

    private void Rest()
    {
        if (details.WithoutUe.Packets > 0)
            FactLines.Paragraph(session, session.Say(
                $"* {details.WithoutUe.Packets:N0} 个报文（{details.WithoutUe.Bytes:N0} 字节）不属于任何已知终端",
                $"* {details.WithoutUe.Packets:N0} packets ({details.WithoutUe.Bytes:N0} bytes) are no known UE's"));
        if (details.LostBeforeAnyTunnel > 0)
            FactLines.Paragraph(session, session.Say(
                $"* {details.LostBeforeAnyTunnel:N0} 个丢失的下行报文所属的流从未出现在 N3，隧道与 QFI 未知",
                $"* {details.LostBeforeAnyTunnel:N0} lost downlink packets belong to flows that never came to N3: "
                    + "their tunnel and QFI are not known"));
    }

    private string? Slice(string? name) =>
        name is null ? null : session.Say("切片", "slice") + FactLines.Joint + name;

    private static string? Dnn(string? name) => name is null ? null : $"DNN{FactLines.Joint}{name}";

    private string Direction(string name) => name switch
    {
        "uplink" => session.Say("上行", "uplink"),
        "downlink" => session.Say("下行", "downlink"),
        _ => session.Say("方向未知", "unknown"),
    };

    public static string Ends(string ue, int uePort, string remote, int remotePort) =>
        $"{End(ue, uePort)} <-> {End(remote, remotePort)}";

    private static string End(string address, int port) =>
        port == 0 ? address : address.Contains(':') ? $"[{address}]:{port}" : $"{address}:{port}";

    private static string Protocol(int protocol) => protocol switch
    {
        IpProtocol.Tcp => "TCP",
        IpProtocol.Udp => "UDP",
        IpProtocol.Icmp => "ICMP",
        IpProtocol.Icmpv6 => "ICMPv6",
        IpProtocol.Sctp => "SCTP",
        _ => $"IP {protocol}",
    };

    /// <summary>First and last packet, UTC.</summary>
    private static string Span(long firstNs, long lastNs) => firstNs == 0 ? "" : $"{Clock(firstNs)}-{Clock(lastNs)}";

    private static string Clock(long ns) =>
        DateTimeOffset.UnixEpoch.AddTicks(ns / TimeSpan.NanosecondsPerTick).ToString(
            "HH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture);

    private static string Words(params string?[] words) =>
        string.Join("  ", words.Where(word => !string.IsNullOrEmpty(word)));
}
