using System.Net;
using Testbed.Analyzer.Meters.Records;
using Testbed.Conformance;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Edge;

/// <summary>
/// Where an address leads that the name of an edge application got: when it had it, the UE sent keyed packets there.
/// Nobody need take them, for it is enough to see which N6 they leave by.
/// </summary>
/// <param name="Entered">Packets that N3 shows; the planned number where it shows none.</param>
/// <param name="IsEndpoint">A kit stands at the address: which way its packets go, EDG-001 judges.</param>
internal sealed record EdgeNameLead(
    HostAddress Address, int Entered, int AtEdge, int AtCentre, bool IsEndpoint, IReadOnlyList<string> Evidence)
{
    /// <summary>As for the control of the central N6: a network may lose one packet in a hundred.</summary>
    private const double SeenShareMin = 0.9;
    private const int EvidenceMax = 2;

    /// <summary>What the name got is no address at the edge.</summary>
    public bool IsCentral => AtCentre > 0 && !IsEndpoint;

    public bool IsAtEdge => AtCentre == 0 && AtEdge > 0 && AtEdge >= SeenShareMin * Entered;

    /// <summary>Of each claimed address that some packet went to.</summary>
    /// <param name="answered">The addresses of the answers, as the record writes them.</param>
    public static IEnumerable<EdgeNameLead> Of(
        AnalysisContext context, EdgeNameContext name, HashSet<string> answered)
    {
        if (name.Packets == 0) yield break;
        foreach (IPAddress address in name.EdgeAddresses)
        {
            HostAddress host = HostAddress.From(address);
            StampSessionContext session = new(name.Session, "", name.UeAddress, address, name.Port, name.RecordPath);
            Dictionary<uint, string> entered = KeyedPackets.Of(context, session, EdgeTaps.IsN3).Uplink;
            Dictionary<uint, string> edge = KeyedPackets.Of(context, session, EdgeTaps.IsEdge).Uplink;
            Dictionary<uint, string> centre = KeyedPackets.Of(context, session, EdgeTaps.IsCentral).Uplink;
            if (entered.Count + edge.Count + centre.Count == 0 && !answered.Contains(host.ToString())) continue;
            bool isEndpoint = context.Request.Claim?.Endpoints
                .Any(each => each.Role == "edge" && each.Address.Equals(address)) == true;
            yield return new(
                host, entered.Count > 0 ? entered.Count : name.Packets, edge.Count, centre.Count, isEndpoint,
                [.. (centre.Count > 0 ? centre : edge).Values.Take(EvidenceMax)]);
        }
    }

    /// <summary>Why it is not shown that the address is at the edge; null where it is, or is not to be shown.</summary>
    public LocalText? Doubt(AnalysisContext context)
    {
        if (IsEndpoint || IsAtEdge || !HasEdgeTap(context)) return null;
        return new(
            $"发往 {Address} 的 {Entered} 个测试报文中边缘 N6 只见到 {AtEdge} 个，不能证明该域名指向边缘；"
                + "请放行发往该地址的测试端口，并确认 n6-edge 采集点在其路径上",
            $"the edge N6 shows {AtEdge} of {Entered} test packets to {Address}, so nothing shows that the name leads "
                + "to the edge: let the test's ports pass to that address, and see that the n6-edge tap is on its way");
    }

    public LocalText Say(AnalysisContext context)
    {
        (string zh, string en) = IsCentral ? ("：该域名指向中心", ": the name leads to the centre")
            : AtCentre > 0 ? ("：该地址为边缘端点，其去向由 EDG-001 判定",
                ": a kit stands at this address, and EDG-001 judges its way")
            : HasEdgeTap(context) ? ("", "")
            : ("：没有 n6-edge 采集点，不能证明该地址在边缘",
                ": without a tap n6-edge nothing shows that the address is at the edge");
        return new(
            $"终端发往 {Address} 的 {Entered} 个测试报文：边缘 N6 见到 {AtEdge}，中心 N6 见到 {AtCentre}{zh}",
            $"of {Entered} test packets from the UE to {Address} the edge N6 shows {AtEdge}, the central N6 "
                + $"{AtCentre}{en}");
    }

    private static bool HasEdgeTap(AnalysisContext context) => context.Taps.Any(EdgeTaps.IsEdge);
}
