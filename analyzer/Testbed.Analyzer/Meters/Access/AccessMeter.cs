using Testbed.Analyzer.Meters.Sessions;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Access;

/// <summary>
/// E2E-007: NG Setup, registration and PDU session set-up were each seen on N2 to go well. What was not asked for
/// while the capture ran shows nothing; what was asked for and never granted counts against the network, and so do
/// sessions that N4 sets up behind the back of an N2 that is being watched.
/// </summary>
internal sealed class AccessMeter : IMeter
{
    private const string Source = "access-meter";

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Request.N2.Count == 0) return;
        ControlPlane control = context.ControlPlane;
        AccessProcedures seen = new(control.NgapMessages, new(context.Request.Claim));
        LocalText? strangers = seen.Strangers.Count == 0 ? null : Strangers(seen.Strangers);
        LocalText? silence = control.NgapMessages.Count > 0 ? null : Silence(control);
        Verdict verdict = IsEncrypted(control) ? Verdict.NotMeasurable : Verdict.Inconclusive;
        long dropped = Figures.Dropped(context, context.Request.N2);
        Add("ng-setups", seen.Setups, 0, new(
            "采集期间没有基站建立 NG 连接：其建立早于采集",
            "no gNB set NG up while N2 was captured: it had done so before"));
        Add("ue-registrations", seen.Registrations, 0, new(
            $"采集期间没有终端注册（其他接入 {seen.OtherArrivals} 次）",
            $"no UE registered while N2 was captured ({seen.OtherArrivals} came back otherwise)"));
        Add("pdu-session-setups", seen.Sessions, PassingBy(context, seen), new(
            "采集期间没有建立 PDU 会话", "no PDU session was set up while N2 was captured"));

        void Add(string id, ProcedureCount count, long passingBy, LocalText nothing)
        {
            KpiResult result = Figures.Exact(id, count.Done, Math.Max(count.Begun, count.Done) + passingBy, Source) with
            {
                Evidence = count.Evidence is { } evidence ? [evidence] : [],
                Findings = [.. Findings(count, passingBy), .. strangers is null ? [] : (LocalText[])[strangers]],
                CaptureLossHigh = count.Done == 0 ? dropped : 0,
            };
            output.Kpis.Add(count.Begun + count.Done + passingBy > 0 ? result
                : result with { NotUsable = silence ?? strangers ?? nothing, NotUsableVerdict = silence is null
                    ? Verdict.Inconclusive : verdict });
        }
    }

    private static LocalText Strangers(IEnumerable<string> pairs)
    {
        string who = string.Join(", ", pairs);
        return new(
            $"N2 上 {who} 之间的 NGAP 不计：申报的 gnbs[].n2 与 core.addresses 中没有这些地址",
            $"NGAP between {who} does not count: the claim's gnbs[].n2 and core.addresses do not name them");
    }

    private static List<LocalText> Findings(ProcedureCount count, long passingBy)
    {
        List<LocalText> findings = [];
        if (passingBy > 0)
            findings.Add(new(
                $"N4 建立了 {passingBy} 个指向该基站的会话，N2 上却没有任何会话建立",
                $"N4 set up {passingBy} sessions towards a gNB whose N2 was watched and showed none"));
        if (count.Begun > 0)
            findings.Add(new($"发起 {count.Begun} 次，成功 {count.Done} 次", $"{count.Begun} begun, {count.Done} went well"));
        return findings;
    }

    private static LocalText Silence(ControlPlane control)
    {
        long frames = control.N2Tallies.Sum(tally => tally.Frames.Packets);
        if (IsEncrypted(control)) return new("N2 上的 NGAP 已加密（DTLS）", "NGAP on N2 is encrypted (DTLS)");
        return new(
            $"N2 采集点的 {frames} 帧中没有 NGAP：镜像可能未接，或并非 N2",
            $"no NGAP in {frames} frames at the tap of N2: it may not be wired, or not be N2");
    }

    private static bool IsEncrypted(ControlPlane control) =>
        control.N2Tallies.Any(tally => tally.NotDecoded().ContainsKey("ngapEncrypted"));

    /// <summary>
    /// Sessions that N4 gave to a gNB of the claim of which N2 was seen to speak, where N2 ordered none at all. Others
    /// may be a gNB's whose N2 is not tapped.
    /// </summary>
    private static long PassingBy(AnalysisContext context, AccessProcedures seen)
    {
        if (context.Request.Claim is not { } claim || seen.Sessions.Begun + seen.Sessions.Done > 0) return 0;
        HashSet<HostAddress> watched =
        [
            .. claim.Network.Gnbs
                .Where(gnb => gnb.N2.Any(address => seen.RanNodes.Contains(HostAddress.From(address))))
                .SelectMany(gnb => gnb.N3).Select(HostAddress.From),
        ];
        if (watched.Count == 0) return 0;
        long fromNs = context.ControlPlane.N2Tallies.Min(tally => tally.Frames.FirstNs);
        return context.ControlPlane.Sessions.All.Count(session => session.EstablishedNs >= fromNs
            && session.DownlinkEnds.Any(end => watched.Contains(end.Address)));
    }
}
