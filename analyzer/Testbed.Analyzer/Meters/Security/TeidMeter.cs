using Testbed.Analyzer.Meters.Sessions;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Security;

/// <summary>
/// SEC-007: no F-TEID of a UPF serves two sessions at once, and the next one cannot be guessed from those before.
/// Read from N4, where each session's F-TEIDs stand with the times of its set-up and its end.
/// </summary>
internal sealed class TeidMeter : IMeter
{
    private const string Source = "teid-meter";
    /// <summary>A UPF may tell of an end a little later than it gives the TEID away.</summary>
    private const long OrderSlackNs = 10_000_000;
    /// <summary>Among fewer TEIDs even a pattern may be chance.</summary>
    private const int PatternCountMin = 16;

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Request.N4.Count == 0) return;
        IReadOnlyList<PfcpSession> sessions = context.ControlPlane.Sessions.All;
        if (sessions.All(session => session.UplinkEnds.Count == 0))
        {
            LocalText why = new("N4 上没有分配 F-TEID 的会话", "N4 shows no session that got an F-TEID");
            output.Kpis.Add(Figures.Nothing("teids-reused-in-use", Source, why));
            output.Kpis.Add(Figures.Nothing("teid-pattern-alarms", Source, why));
            return;
        }
        output.Kpis.Add(Reuse(sessions));
        output.Kpis.Add(Patterns(sessions));
    }

    private static KpiResult Reuse(IReadOnlyList<PfcpSession> sessions)
    {
        Dictionary<TunnelEnd, List<PfcpSession>> users = [];
        foreach (PfcpSession session in sessions)
            foreach (TunnelEnd end in session.UplinkEnds)
            {
                if (!users.TryGetValue(end, out List<PfcpSession>? list)) users[end] = list = [];
                list.Add(session);
            }
        List<(TunnelEnd End, PfcpSession First, PfcpSession Second)> reused = [];
        foreach ((TunnelEnd end, List<PfcpSession> list) in users)
            for (int i = 1; i < list.Count; i++)
                if (list[i].AcceptedNs + OrderSlackNs < (list[i - 1].ReleasedNs ?? long.MaxValue))
                    reused.Add((end, list[i - 1], list[i]));
        return Figures.Exact("teids-reused-in-use", reused.Count, users.Values.Sum(list => list.Count), Source) with
        {
            Evidence = [.. reused.Take(Figures.EvidenceMax).Select(one => one.Second.Evidence)],
            Findings = [.. reused.Take(Figures.EvidenceMax).Select(one => new LocalText(
                $"{one.End} 仍被 {one.First.Evidence} 的会话使用时，又分配给 {one.Second.Evidence} 的会话",
                $"{one.End} was given to the session of {one.Second.Evidence} while that of "
                    + $"{one.First.Evidence} had it"))],
        };
    }

    private static KpiResult Patterns(IReadOnlyList<PfcpSession> sessions)
    {
        Dictionary<HostAddress, List<uint>> byAddress = [];
        foreach (PfcpSession session in sessions)
            foreach (TunnelEnd end in session.UplinkEnds)
            {
                if (!byAddress.TryGetValue(end.Address, out List<uint>? list)) byAddress[end.Address] = list = [];
                list.Add(end.Teid);
            }
        int alarms = 0, examined = 0;
        List<LocalText> findings = [];
        foreach ((HostAddress address, List<uint> teids) in byAddress.OrderBy(pair => pair.Key))
        {
            if (teids.Count < PatternCountMin) continue;
            TeidSequence sequence = new(teids);
            // Some tens of TEIDs show no freedom from patterns, and yet a pattern that chance cannot explain.
            if (teids.Count < TeidSequence.CountMin && sequence.Alarms == 0) continue;
            alarms += sequence.Alarms;
            examined += sequence.Count;
            findings.Add(Say(address, sequence));
        }
        int most = byAddress.Values.Max(list => list.Count);
        return Figures.Exact("teid-pattern-alarms", alarms, Math.Max(examined, examined == 0 ? most : 0), Source) with
        {
            Evidence = [sessions[0].Evidence, sessions[^1].Evidence],
            Findings = findings,
        };
    }

    private static LocalText Say(HostAddress address, TeidSequence teids)
    {
        List<string> zh = [], en = [];
        void Add(bool alarm, string chinese, string english)
        {
            if (!alarm) return;
            zh.Add(chinese);
            en.Add(english);
        }
        Add(teids.HasNearSteps, $"{teids.NearSteps} 次与前一个相差不超过 {TeidSequence.Near}",
            $"{teids.NearSteps} lie within {TeidSequence.Near} of the one before");
        Add(teids.HasEqualSteps, "步长重复", "their steps repeat");
        Add(teids.HasEqualTeids, $"{teids.EqualTeids} 对取值相同", $"{teids.EqualTeids} pairs are equal");
        Add(teids.HasFewBits, $"只有 {teids.VaryingBits} 个比特变化", $"only {teids.VaryingBits} bits ever change");
        string chance = "10⁻⁶";
        return zh.Count == 0
            ? new($"{address} 的 {teids.Count} 个 TEID 未见规律（误报概率低于 {chance}）",
                $"{teids.Count} TEIDs of {address} show no pattern (false alarms below {chance})")
            : new($"{address} 的 {teids.Count} 个 TEID 可预测：{string.Join("，", zh)}（误报概率低于 {chance}）",
                $"{teids.Count} TEIDs of {address} can be guessed: {string.Join(", ", en)} "
                    + $"(false alarms below {chance})");
    }
}
