using Testbed.Analyzer.Decoding.Signalling;
using Testbed.Analyzer.Meters.Records;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Wire.Ip;
using Testbed.Wire.Pfcp;

namespace Testbed.Analyzer.Meters.Security;

/// <summary>
/// SEC-008: what N4 tells of a restart since malformed messages went to the UPF: another recovery time stamp
/// (TS 29.244 §6.2.2), a new association, or requests that nobody answers any more.
/// </summary>
internal sealed class UpfRestartMeter : IMeter
{
    private const string Id = "upf-restarts";
    private const string Source = "upf-restart-meter";
    /// <summary>One request may be lost, and is sent again.</summary>
    private const int UnansweredMin = 2;

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Request.Run is not { MutantRecord: { } record } run || context.Request.N4.Count == 0) return;
        TimeWindow window = WindowOf(record);
        HashSet<HostAddress> upfs =
        [
            .. context.ControlPlane.Sessions.All.Select(session => session.UserPlane),
            .. (context.Request.Claim?.Network.Upfs ?? []).SelectMany(upf => upf.N4).Select(HostAddress.From),
        ];
        List<(LocalText Finding, string Evidence)> restarts = [];
        int answers = 0;
        foreach (HostAddress upf in upfs.Order())
            answers += Examine(upf, context.ControlPlane.PfcpMessages, window, run.ClockBoundNs, restarts);
        KpiResult result = Figures.Exact(Id, restarts.Count, answers + restarts.Count, Source) with
        {
            Findings = [.. restarts.Take(Figures.EvidenceMax).Select(one => one.Finding)],
            Evidence = [.. restarts.Take(Figures.EvidenceMax).Select(one => one.Evidence)],
        };
        output.Kpis.Add(result.Samples > 0 ? result : result with
        {
            NotUsable = new("畸形报文之后 N4 上没有 UPF 的报文，无法判断其是否重启",
                "N4 shows no message of the UPF after the malformed ones, so nothing tells whether it restarted"),
            NotUsableVerdict = Verdict.Inconclusive,
        });
    }

    private static TimeWindow WindowOf(string path)
    {
        RecordTable table = RecordTable.Read(path);
        int first = table.Column("firstNs"), last = table.Column("lastNs");
        (long from, long to) = (long.MaxValue, 0);
        for (int i = 0; i < table.Rows.Count; i++)
            (from, to) = (Math.Min(from, table.Number(i, first)), Math.Max(to, table.Number(i, last)));
        return new(from, to);
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
