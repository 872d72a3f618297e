namespace Testbed.Conformance.Reports;

/// <summary>What a KPI is called on paper. An id without a name is printed as it is.</summary>
internal static class KpiNames
{
    private static readonly Dictionary<string, LocalText> Names = new(StringComparer.Ordinal)
    {
        ["clock-bound-share"] = new("时钟误差界占限值的比例", "Clock bound as a share of the limit"),
        ["clock-steps"] = new("时钟跳变次数", "Clock steps"),
        ["capture-loss-ratio"] = new("采集丢失率", "Capture loss ratio"),
        ["mirror-directions-missing"] = new("镜像缺失的方向数", "Directions missing from a mirror"),
        ["kit-ceiling-rate"] = new("测量装备上限速率", "Ceiling of the kit"),
        ["pdu-session-container-ratio"] = new("携带 PDU 会话容器的 G-PDU 比例", "G-PDUs with a PDU session container"),
        ["unclaimed-n3-addresses"] = new("未申报的 N3 地址数", "N3 addresses not claimed"),
        ["unseen-n3-addresses"] = new("已申报而未出现的 N3 地址数", "Claimed N3 addresses not seen"),
        ["user-plane-loss-ratio"] = new("用户面丢失率", "User-plane loss ratio"),
        ["path-proof-ratio"] = new("路径证明成立的比例", "Share of path proofs that hold"),
        ["gtpu-echo-responses"] = new("GTP-U Echo 响应数", "GTP-U echo responses"),
        ["gtpu-error-indications"] = new("GTP-U Error Indication 数", "GTP-U error indications"),
        ["unexplained-tunnels"] = new("无 PFCP 会话对应的隧道数", "Tunnels that no PFCP session explains"),
        ["stray-ue-addresses"] = new("地址池以外的 UE 地址数", "UE addresses outside the claimed pools"),
        ["slices-with-traffic"] = new("有流量的切片数", "Slices with traffic"),
        ["slice-map-contradictions"] = new("切片对应关系的矛盾数", "Contradictions in the slice map"),
        ["slice-separation-violations"] = new("切片混用隧道、地址池或 DNN 的次数", "Violations of slice separation"),
        ["slice-leaks"] = new("到达另一切片的探测报文数", "Tries that came to another slice"),
        ["slice-reach-control-ratio"] = new("对照报文到达比例", "Control packets that arrived"),
        ["isolation-delay-ratio"] = new("过载与空载的时延 p99 之比", "p99 delay under overload over alone"),
        ["isolation-added-loss"] = new("过载增加的丢包率", "Loss added by the overload"),
        ["isolation-load-ratio"] = new("过载切片的负载与其上限之比", "Load offered over the slice's ceiling"),
        ["isolation-carried-ratio"] = new("过载切片的承载与其上限之比", "Load carried over the slice's ceiling"),
        ["enforced-rate-ratio"] = new("限速下的承载速率与限值之比", "Carried rate over the enforced limit"),
        ["kept-rate-ratio"] = new("保障的承载速率与限值之比", "Carried rate over the promised rate"),
        ["offered-rate-ratio"] = new("提供的负载与限值之比", "Offered rate over the limit"),
        ["qos-mapping-mismatch-ratio"] =
            new("QFI、5QI 或 DSCP 与申报不符的比例", "Share whose QFI, 5QI or DSCP is not as claimed"),
        ["priority-delay-ratio"] =
            new("过载增加的时延：高等级与低等级之比", "Delay added by overload, higher over lower class"),
        ["unsubscribed-sessions"] = new("未签约而建立的会话数", "Sessions without subscription"),
        ["admission-control-sessions"] = new("对照请求建立的会话数", "Sessions of control requests"),
        ["downlink-capacity"] = new("下行容量", "Downlink capacity"),
        ["uplink-capacity"] = new("上行容量", "Uplink capacity"),
        ["downlink-capacity-disagreement"] = new("下行容量与 N3 观测之差", "Downlink capacity against N3"),
        ["uplink-capacity-disagreement"] = new("上行容量与 N3 观测之差", "Uplink capacity against N3"),
        ["concurrent-active-sessions"] = new("并发活跃会话数", "Concurrent active sessions"),
        ["active-sessions-real"] = new("其中真实终端", "Of real UEs"),
        ["active-sessions-emulated"] = new("其中模拟终端", "Of emulated UEs"),
        ["session-density"] = new("会话密度", "Session density"),
        ["session-setup-success-ratio"] = new("会话建立成功率", "Session set-up success ratio"),
        ["density-data-success-ratio"] = new("大连接下的数据成功率", "Data success ratio under density"),
        ["round-trip-delay-p99"] = new("往返时延 p99", "Round-trip delay, p99"),
        ["delay-variation-p999"] = new("时延变化 p99.9 − p50", "Delay variation, p99.9 − p50"),
        ["upf-transit-p99"] = new("UPF 转发时延 p99", "UPF transit delay, p99"),
        ["delivered-in-time-ratio"] = new("按时送达比例", "Share delivered in time"),
        ["disturbed-packet-share"] = new("受套件停顿影响的报文占比", "Packets disturbed by a kit"),
        ["downlink-disturbed-trial-share"] = new("下行受套件停顿影响的试验占比", "Downlink trials disturbed by a kit"),
        ["uplink-disturbed-trial-share"] = new("上行受套件停顿影响的试验占比", "Uplink trials disturbed by a kit"),
        ["scenarios-passed"] = new("符合的典型场景数", "Scenarios that pass"),
    };

    public static LocalText Of(string id) => Names.TryGetValue(id, out LocalText? name) ? name : new(id, id);
}
