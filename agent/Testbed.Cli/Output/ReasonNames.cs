using Testbed.Conformance;

namespace Testbed.Cli.Output;

/// <summary>
/// What the reasons and kinds of <c>testbed analyze --json</c> are called for people. Names of protocols and procedures
/// stay as they are.
/// </summary>
internal static class ReasonNames
{
    private static readonly Dictionary<string, LocalText> Names = new(StringComparer.Ordinal)
    {
        ["captureEdge"] = new("采集边界", "capture edge"),
        ["tapLoss"] = new("探针漏采", "missed by a tap"),
        ["hairpin"] = new("UPF 内折返", "turned round in UPF"),
        ["toUpf"] = new("UPF 自身", "to the UPF itself"),
        ["untappedNetwork"] = new("未接探针的网络", "network without tap"),
        ["notSubscribed"] = new("未申报且未建立的 QoS 流", "QoS flow neither claimed nor set up"),
        ["malformed"] = new("报文损坏", "damaged"),
        ["duplicate"] = new("重复采集", "seen twice"),
        ["offload"] = new("网卡合并或分段", "merged or cut by offload"),
        ["notUserTraffic"] = new("非用户业务", "no user traffic"),
        ["unknownDirection"] = new("方向未知", "direction not known"),
        ["notIp"] = new("非 IP", "not IP"),
        ["lost"] = new("丢失", "lost"),
        ["fragmentsIncomplete"] = new("分片不全", "fragments incomplete"),
        ["fragmentsRepeated"] = new("分片重复", "fragments repeated"),
        ["carriedInIpOrGre"] = new("承载于 IP 或 GRE", "carried in IP or GRE"),
        ["ethernetPdus"] = new("以太网 PDU", "Ethernet PDUs"),
        ["unstructuredPdus"] = new("非结构化 PDU", "unstructured PDUs"),
        ["gtpV1Control"] = new("GTPv1-C", "GTPv1-C"),
        ["gtpV2Control"] = new("GTPv2-C", "GTPv2-C"),
        ["gtpPrime"] = new("GTP'", "GTP'"),
        ["n9"] = new("N9", "N9"),
        ["beyondTunnelTable"] = new("超出隧道表", "beyond the tunnel table"),
        ["pfcpBeyondLimit"] = new("超出 PFCP 记录上限", "PFCP beyond limit"),
        ["ngapBeyondLimit"] = new("超出 NGAP 记录上限", "NGAP beyond limit"),
        ["ngapEncrypted"] = new("NGAP 已加密", "NGAP encrypted"),
        ["carrierInFragments"] = new("承载隧道被分片", "carrier in fragments"),
        ["sctpPiecesMissing"] = new("SCTP 消息不全", "SCTP pieces missing"),
        ["sctpOtherProtocol"] = new("SCTP 其他协议", "SCTP other protocol"),
        ["sctpRefused"] = new("SCTP 超出重组上限", "SCTP beyond reassembly"),
    };

    private static readonly (string Key, LocalText Name)[] Layers =
    [
        ("link", new("链路层", "link")), ("ip", new("IP", "IP")), ("udp", new("UDP", "UDP")),
        ("gtpU", new("GTP-U", "GTP-U")), ("inner", new("内层", "inner")), ("pfcp", new("PFCP", "PFCP")),
        ("sctp", new("SCTP", "SCTP")), ("ngap", new("NGAP", "NGAP")),
    ];

    private static readonly Dictionary<string, LocalText> Statuses = new(StringComparer.Ordinal)
    {
        ["Truncated"] = new("截断", "truncated"),
        ["BadVersion"] = new("版本错误", "of a wrong version"),
        ["BadLength"] = new("长度错误", "of a wrong length"),
        ["BadField"] = new("字段错误", "with a wrong field"),
        ["Unsupported"] = new("不支持", "unsupported"),
        ["LaterFragment"] = new("后续分片", "later fragment"),
        ["TooDeep"] = new("嵌套过深", "nested too deep"),
        ["GtpPrime"] = new("端口上的 GTP'", "port carries GTP'"),
        ["GtpV1Control"] = new("端口上的 GTPv1-C", "port carries GTPv1-C"),
        ["GtpV2Control"] = new("端口上的 GTPv2-C", "port carries GTPv2-C"),
    };

    public static string Of(Session session, string key)
    {
        if (Names.TryGetValue(key, out LocalText? name)) return session.Say(name);
        foreach ((string layer, LocalText own) in Layers)
            if (key.StartsWith(layer, StringComparison.Ordinal)
                && Statuses.TryGetValue(key[layer.Length..], out LocalText? status))
                return $"{session.Say(own)} {session.Say(status)}";
        return key;
    }
}
