using Testbed.Analyzer.Decoding.Signalling;
using Testbed.Analyzer.Meters.Records;
using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;
using Testbed.Wire.Ip;
using Testbed.Wire.Pfcp;

namespace Testbed.Analyzer.Meters.Security;

/// <summary>
/// SEC-008: what N4 tells of a restart since malformed messages went to the UPFs: another recovery time stamp
/// (TS 29.244 §6.2.2), a new association, or requests that nobody answers any more. A figure for each UPF: one that
/// speaks says nothing of one that is silent.
/// </summary>
internal sealed class UpfRestartMeter : IMeter
{
    private const string Id = "upf-restarts";
    private const string Source = "upf-restart-meter";
    /// <summary>One request may be lost, and is sent again.</summary>
    private const int UnansweredMin = 2;

    /// <param name="Addresses">On N4; none where the claim gives none and N4 shows nobody that it could be.</param>
    private sealed record Subject(string Name, IReadOnlyList<HostAddress> Addresses);

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Request.Run is not { MutantRecord: { } record } run || context.Request.N4.Count == 0) return;
        // Without a malformed message there is nothing that a UPF could have survived.
        if (WindowOf(record) is not { } window) return;
        foreach (Subject upf in Subjects(context)) output.Kpis.Add(Measure(context, upf, window, run.ClockBoundNs));
    }

    private static KpiResult Measure(AnalysisContext context, Subject upf, TimeWindow window, long clockBoundNs)
    {
        List<(LocalText Finding, string Evidence)> restarts = [];
        int answers = 0;
        foreach (HostAddress address in upf.Addresses)
            answers += Examine(address, context.ControlPlane.PfcpMessages, window, clockBoundNs, restarts);
        KpiResult result = Figures.Exact(Id, restarts.Count, answers + restarts.Count, Source) with
        {
            Scope = upf.Name,
            Findings = [.. restarts.Take(Figures.EvidenceMax).Select(one => one.Finding)],
            Evidence = [.. restarts.Take(Figures.EvidenceMax).Select(one => one.Evidence)],
        };
        return result.Samples > 0 ? result : result with
        {
            NotUsable = new(
                $"畸形报文之后 N4 上没有 {upf.Name} 的报文，无法判断其是否重启；请核对申报的 n4 地址，并以完整计划重测",
                $"N4 shows no message of {upf.Name} after the malformed ones, so nothing tells whether it restarted; "
                    + "see that the claim gives its n4, and measure again with the full plan"),
            NotUsableVerdict = Verdict.Inconclusive,
        };
    }

    /// <summary>
    /// The claimed UPFs. Where the claim gives one no address on N4, whoever N4 shows beside the others may be it.
    /// </summary>
    private static List<Subject> Subjects(AnalysisContext context)
    {
        IReadOnlyList<Upf> claimed = context.Request.Claim?.Network.Upfs ?? [];
        List<Subject> subjects = [.. claimed.Where(upf => upf.N4.Count > 0)
            .Select(upf => new Subject(upf.Name, [.. upf.N4.Select(HostAddress.From)]))];
        string[] nameless = [.. claimed.Where(upf => upf.N4.Count == 0).Select(upf => upf.Name)];
        if (claimed.Count > 0 && nameless.Length == 0) return subjects;
        HostAddress[] others = [.. context.ControlPlane.Sessions.All.Select(session => session.UserPlane).Distinct()
            .Where(address => !subjects.Any(upf => upf.Addresses.Contains(address))).Order()];
        return
        [
            .. subjects, .. others.Select(address => new Subject($"{address}", [address])),
            .. nameless.Skip(others.Length).Select(name => new Subject(name, [])),
        ];
    }

    private static TimeWindow? WindowOf(string path)
    {
        RecordTable table = RecordTable.Read(path);
        int first = table.Column("firstNs"), last = table.Column("lastNs");
        if (table.Rows.Count == 0) return null;
        (long from, long to) = (long.MaxValue, 0);
        for (int i = 0; i < table.Rows.Count; i++)
            (from, to) = (Math.Min(from, table.Number(i, first)), Math.Max(to, table.Number(i, last)));
        return new TimeWindow(from, to);
    }

    /// <summary>Messages of this UPF since the last malformed one; adds what tells of a restart.</summary>
    private static int Examine(
        HostAddress upf, IReadOnlyList<CapturedPfcp> messages, TimeWindow window, long clockBoundNs,
        List<(LocalText, string)> restarts)
    {
        uint? started = null;
        int answers = 0;
        HashSet<uint> open = [];
        string asked = "";
        foreach (CapturedPfcp message in messages)
        {
            bool isAfter = message.TimeNs > window.ToNs + clockBoundNs;
            if (message.TimeNs >= window.FromNs - clockBoundNs && IsAssociated(message, upf))
                restarts.Add((new($"{upf} 重新建立了 PFCP 关联", $"{upf} made its PFCP association anew"),
                    message.Evidence));
            if (message.Source == upf)
            {
                if (isAfter) answers++;
                if (isAfter) open.Remove(message.Message.SequenceNumber);
                if (message.Message.RecoveryTimeStamp is not { } stamp) continue;
                if (started is { } before && before != stamp && message.TimeNs >= window.FromNs - clockBoundNs)
                    restarts.Add((new($"{upf} 的恢复时间戳由 {before} 变为 {stamp}",
                        $"the recovery time stamp of {upf} changed from {before} to {stamp}"), message.Evidence));
                started = stamp;
            }
            else if (message.Destination == upf && isAfter && IsRequest(message.Message.Type))
            {
                open.Add(message.Message.SequenceNumber);
                asked = message.Evidence;
            }
        }
        if (answers == 0 && open.Count >= UnansweredMin)
            restarts.Add((new($"{upf} 不再应答 PFCP（{open.Count} 个请求）",
                $"{upf} no longer answers PFCP ({open.Count} requests)"), asked));
        return answers;
    }

    private static bool IsAssociated(CapturedPfcp message, HostAddress upf) =>
        (message.Source == upf || message.Destination == upf)
        && message.Message is { Type: PfcpMessageType.AssociationSetupResponse, Cause: PfcpCause.RequestAccepted };

    private static bool IsRequest(PfcpMessageType type) => type is
        PfcpMessageType.HeartbeatRequest or PfcpMessageType.AssociationSetupRequest
        or PfcpMessageType.SessionEstablishmentRequest or PfcpMessageType.SessionModificationRequest
        or PfcpMessageType.SessionDeletionRequest;
}
