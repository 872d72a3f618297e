using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Sessions;

/// <summary>
/// E2E-006: every tunnel on N3 is explained by a PFCP session on N4, with the UE address and the QFIs that the
/// session allows; where N4 was not captured, by a PDU session on N2, which knows QFIs and no addresses. In a run one
/// of them has to carry the run's own packets: sessions of strangers say nothing of what is inspected.
/// </summary>
internal sealed class TunnelMeter : IMeter
{
    private const string Id = "unexplained-tunnels";
    private const string Source = "tunnel-meter";
    /// <summary>A tunnel in use this soon after the captures began was there before them.</summary>
    private const long FirstInstantsNs = 1_000_000_000;
    /// <summary>A response and the first packet that it allows may be stamped in either order.</summary>
    private const long OrderSlackNs = 100_000_000;
    /// <summary>A released session's last packets may be on their way for as long.</summary>
    private const long ReleaseSlackNs = 1_000_000_000;

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        ControlPlane control = context.ControlPlane;
        bool byN2 = context.Request.N4.Count == 0;
        if (!context.HasN3 || (byN2 && control.NgapSessions.All.Count == 0)) return;
        SessionIndex sessions = byN2 ? control.NgapSessions.Index : control.Sessions.Index;
        List<TunnelUse> uses = TunnelUse.Gather(context);
        if (uses.Count == 0 || sessions.Count == 0)
        {
            output.Kpis.Add(Figures.Nothing(Id, Source, uses.Count == 0
                ? new("N3 上没有隧道", "no tunnel on N3")
                : new("N4 采集期间未见会话建立，无法解释隧道", "N4 shows no session being set up, so no tunnel can be explained")));
            return;
        }
        long startNs = context.Taps.Min(tap => tap.Tally.FirstNs);
        List<(LocalText Finding, string Evidence)> violations = [];
        int unexplained = 0, older = 0;
        foreach (TunnelUse use in uses)
        {
            (LocalText, string)? violation = Check(use, sessions, byN2 ? "N2" : "N4", context);
            if (violation is not { } found) continue;
            bool isOlder = sessions.Find(new(use.Destination, use.Teid)).Count == 0
                && use.FirstNs - startNs <= FirstInstantsNs;
            if (isOlder) older++;
            else
            {
                unexplained++;
                if (violations.Count < Figures.EvidenceMax) violations.Add(found);
            }
        }
        KpiResult result = WithGaps(Result(uses.Count, unexplained, older, violations), context, byN2);
        if (result is { Value: 0, NotUsable: null } && context.Request.Run is { } run && !OwnFlows.OnN3(context, run))
            result = result with
            {
                NotUsable = new("N3 的隧道中没有本次运行自身的报文，他人的会话不能说明被测网络",
                    "no tunnel on N3 carried this run's own packets, and sessions of others say nothing of them"),
                NotUsableVerdict = Verdict.Inconclusive,
            };
        output.Kpis.Add(byN2 ? ByN2(result, unexplained > 0 ? control.NgapSessions.Moves : 0) : result);
    }

    /// <summary>A session whose set-up was lost or cannot be read is no violation of the network's.</summary>
    private static KpiResult WithGaps(KpiResult result, AnalysisContext context, bool byN2)
    {
        if (result.Value == 0) return result;
        IReadOnlyList<TapInput> taps = byN2 ? context.Request.N2 : context.Request.N4;
        long dropped = Figures.Dropped(context, taps);
        // One message sets up a session with a tunnel each way.
        result = result with { CaptureLossLow = Math.Min(result.Value, 2 * dropped) };
        long unread = context.ControlPlane.UnreadMessages(taps);
        return unread == 0 ? result : result with
        {
            NotUsable = new(
                $"{result.Value} 条隧道未得到解释，但控制面有 {unread} 条消息无法解读，其中可能有其会话",
                $"{result.Value} tunnels are not explained, but {unread} messages of the control plane cannot be read "
                + "and may hold their sessions"),
            NotUsableVerdict = Verdict.Inconclusive,
        };
    }

    private static KpiResult ByN2(KpiResult result, long moves)
    {
        result = result with
        {
            Findings = [.. result.Findings, new(
                "依据 N2 比对：N2 不含终端地址，仅核对隧道与 QFI",
                "held against N2, which tells no UE addresses: tunnels and QFIs alone were compared")],
        };
        return moves == 0 ? result : result with
        {
            NotUsable = new(
                $"N2 上有 {moves} 条切换或修改会话的消息，其隧道未予跟踪",
                $"{moves} messages on N2 hand sessions over or modify them, and their tunnels are not followed"),
            NotUsableVerdict = Verdict.Inconclusive,
        };
    }

    private static KpiResult Result(
        int tunnels, int unexplained, int older, List<(LocalText Finding, string Evidence)> violations)
    {
        KpiResult result = Figures.Exact(Id, unexplained, tunnels, Source) with
        {
            Findings = [.. violations.Select(violation => violation.Finding)],
            Evidence = [.. violations.Select(violation => violation.Evidence)],
        };
        return unexplained > 0 || older == 0 ? result : result with
        {
            NotUsable = new(
                $"{older} 条隧道在采集开始时已存在，控制面未见其建立",
                $"{older} tunnels were in use when the captures began, so nothing could show them being set up"),
            NotUsableVerdict = Verdict.Inconclusive,
        };
    }

    private static (LocalText, string)? Check(
        TunnelUse use, SessionIndex sessions, string point, AnalysisContext context)
    {
        List<ControlSession> candidates =
        [
            .. sessions.Find(new(use.Destination, use.Teid))
                .Where(session => session.EstablishedNs - OrderSlackNs - Skew(context) <= use.FirstNs
                    && !(session is PfcpSession { DeletedNs: { } endNs }
                        && use.FirstNs > endNs + ReleaseSlackNs + Skew(context))),
        ];
        if (candidates.Count == 0)
            return (new($"{use}：{point} 上没有对应会话（{use.Packets} 个报文，来自 {use.Sender}）",
                $"{use}: no session on {point} ({use.Packets} packets from {use.Sender})"), use.FirstEvidence);
        foreach ((HostAddress ue, string evidence) in use.Ues)
            if (!candidates.Exists(session => Allows(session, ue)))
                return (new($"{use}：终端地址 {ue} 与 {point} 会话不符", $"{use}: UE address {ue} is not its session's"),
                    evidence);
        foreach ((byte qfi, string evidence) in use.Qfis)
            if (!candidates.Exists(session => session.Qfis.Count == 0 || session.Qfis.Contains(qfi)))
                return (new($"{use}：QFI {qfi} 不在 {point} 会话中", $"{use}: QFI {qfi} is not in its session"), evidence);
        return null;
    }

    private static long Skew(AnalysisContext context) => context.Request.Run?.ClockBoundNs ?? 0;

    // A session without UE address says nothing of it. IPv6 sessions own a /64 (TS 23.501 §5.8.2.2), and every
    // session uses link-local addresses besides.
    private static bool Allows(ControlSession session, HostAddress ue)
    {
        if (session.UeAddresses.Count == 0 || session.UeAddresses.Contains(ue)) return true;
        if (ue.IsIpv4) return false;
        if (ue.High >> 54 == 0x3FA || ue.High >> 56 == 0xFF) return true;
        foreach (HostAddress own in session.UeAddresses)
            if (!own.IsIpv4 && own.High == ue.High) return true;
        return false;
    }
}
