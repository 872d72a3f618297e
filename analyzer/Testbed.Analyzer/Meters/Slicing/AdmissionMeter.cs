using System.Globalization;
using Testbed.Analyzer.Meters.Records;
using Testbed.Analyzer.Meters.Sessions;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Wire.Pfcp;

namespace Testbed.Analyzer.Meters.Slicing;

/// <summary>
/// SLC-007: which requests for sessions the control plane granted, by the names in them. A request that was granted
/// without a session on N4 or N2 decides nothing: then the interface that asked is not the network's.
/// </summary>
internal sealed class AdmissionMeter : IMeter
{
    private const string Source = "admission-meter";
    /// <summary>What the clocks of kit and tap may differ, and a set-up may take.</summary>
    private const long MarginNs = 1_000_000_000;

    private sealed record Request(
        string Kind, Snssai Snssai, string Dnn, long StartNs, long EndNs, string Outcome);

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Request.N4.Count + context.Request.N2.Count == 0) return;
        foreach (AdmissionContext admission in context.Request.Run?.Admissions ?? [])
        {
            List<Request> requests = Read(admission.RecordPath);
            output.Kpis.Add(Granted(context, admission, [.. requests.Where(each => each.Kind != "control")]));
            output.Kpis.Add(Control(context, admission, [.. requests.Where(each => each.Kind == "control")]));
        }
    }

    private static KpiResult Granted(AnalysisContext context, AdmissionContext admission, List<Request> requests)
    {
        List<(Request Request, string Evidence)> granted = [];
        foreach (Request request in requests)
            if (EvidenceOf(context, request) is { } evidence) granted.Add((request, evidence));
        // Where N4 is not tapped nothing could contradict that a data network was refused: N2 does not name it.
        int answered = requests.Count(request =>
            request.Outcome != "unanswered" && (request.Kind != "dnn" || context.Request.N4.Count > 0));
        Request? unseen = requests.FirstOrDefault(request =>
            request.Outcome == "granted" && granted.All(each => each.Request != request));
        LocalText? unusable = unseen is null ? null : new(
            $"终端侧称 {unseen.Snssai} / {unseen.Dnn} 已建立，而控制面采集中没有该会话",
            $"the UE side says that {unseen.Snssai} / {unseen.Dnn} is up, and the control plane shows no such session");
        return Figures.Exact("unsubscribed-sessions", granted.Count, answered, Source) with
        {
            Scope = admission.Slice,
            Evidence =
            [
                .. granted.Select(each => each.Evidence).Take(Figures.EvidenceMax),
                Path.GetFileName(admission.RecordPath),
            ],
            Findings = granted.Count == 0
                ? [new($"{answered} 个未签约的请求均未建立会话", $"none of {answered} unsubscribed requests led to a session")]
                :
                [
                    new($"未签约的 {granted[0].Request.Snssai} / {granted[0].Request.Dnn} 建立了会话，共 {granted.Count} 个",
                        $"{granted.Count} unsubscribed sessions were set up, the first for "
                        + $"{granted[0].Request.Snssai} / {granted[0].Request.Dnn}"),
                ],
            NotUsable = granted.Count == 0 ? unusable : null,
            NotUsableVerdict = granted.Count == 0 && unusable is not null ? Verdict.Inconclusive : null,
        };
    }

    private static KpiResult Control(AnalysisContext context, AdmissionContext admission, List<Request> requests)
    {
        int seen = requests.Count(request => request.Outcome == "granted" && EvidenceOf(context, request) is not null);
        return Figures.Exact("admission-control-sessions", seen, requests.Count, Source) with
        {
            Scope = admission.Slice,
            Findings =
            [
                new LocalText(
                    $"{requests.Count} 个已签约的对照请求中 {seen} 个在控制面上建立了会话",
                    $"{seen} of {requests.Count} subscribed control requests led to a session on the control plane"),
            ],
        };
    }

    /// <summary>The session that came of a request; null when the control plane shows none.</summary>
    private static string? EvidenceOf(AnalysisContext context, Request request)
    {
        foreach (PfcpSession session in context.ControlPlane.Sessions.All)
            if (IsNear(session, request) && session.Snssai is { } snssai && snssai == request.Snssai
                && string.Equals(session.Dnn, request.Dnn, StringComparison.OrdinalIgnoreCase))
                return session.Evidence;
        // N2 names no DNN in clear, so there a slice shows and a DNN does not.
        if (request.Kind == "dnn") return null;
        foreach (NgapSession session in context.ControlPlane.NgapSessions.All)
            if (IsNear(session, request) && session.Snssai is { } snssai && snssai == request.Snssai)
                return session.Evidence;
        return null;
    }

    private static bool IsNear(ControlSession session, Request request) =>
        session.EstablishedNs >= request.StartNs - MarginNs && session.EstablishedNs <= request.EndNs + MarginNs;

    private static List<Request> Read(string path)
    {
        RecordTable table = RecordTable.Read(path);
        int kind = table.Column("kind"), sst = table.Column("sst"), sd = table.Column("sd"), dnn = table.Column("dnn");
        int start = table.Column("startUnixNs"), end = table.Column("endUnixNs"), outcome = table.Column("outcome");
        List<Request> requests = [];
        for (int i = 0; i < table.Rows.Count; i++)
        {
            if (!byte.TryParse(table.Rows[i][sst], NumberStyles.None, CultureInfo.InvariantCulture, out byte type))
                throw new RecordFormatException(path, i + 2, "a number from 0 to 255 in sst", table.Rows[i][sst]);
            int differentiator = (int)table.Number(i, sd);
            requests.Add(new(
                table.Rows[i][kind], new(type, differentiator == 0xFF_FFFF ? null : differentiator), table.Rows[i][dnn],
                table.Number(i, start), table.Number(i, end), table.Rows[i][outcome]));
        }
        return requests;
    }
}
