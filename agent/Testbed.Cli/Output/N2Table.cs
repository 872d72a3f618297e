using Testbed.Analyzer;

namespace Testbed.Cli.Output;

/// <summary>What N2 showed, for people.</summary>
internal static class N2Table
{
    public static void Print(Session session, N2Summary n2)
    {
        AnalysisTable.Tap(session, "N2", n2.Files);
        if (n2.Messages == 0) return;
        AnalysisTable.Reasons(session, $"NGAP {n2.Messages:N0}", n2.Procedures);
        foreach (N2RanNode node in n2.RanNodes)
        {
            AnalysisTable.Line(session, "gNB", string.Join("  ", Words(
                node.Address, node.Id, node.Name, node.N3.Count > 0 ? $"N3 {string.Join(", ", node.N3)}" : null,
                node.IsAccepted || node.Id is null ? null : session.Say("未被 AMF 接受", "not accepted by an AMF"))));
            foreach (N2Area area in node.Areas)
                AnalysisTable.Line(session, "",
                    $"TAC {area.TrackingAreaCode}  PLMN {area.Plmn}  {string.Join(", ", area.Slices)}");
        }
        foreach (N2Amf amf in n2.Amfs)
        {
            AnalysisTable.Line(session, "AMF", string.Join("  ", Words(
                amf.Address, amf.Name,
                amf.Guamis.Count > 0 ? $"GUAMI {string.Join(", ", amf.Guamis)}" : null)));
            foreach (N2Support support in amf.Support)
                AnalysisTable.Line(session, "", $"PLMN {support.Plmn}  {string.Join(", ", support.Slices)}");
        }
        AnalysisTable.Line(session, session.Say("接入", "access"), session.Say(
            $"终端发起 {n2.InitialUeMessages:N0}，上下文建立 {n2.ContextsSetUp:N0}，失败 {n2.ContextsFailed:N0}",
            $"initial UE messages {n2.InitialUeMessages:N0}, contexts set up {n2.ContextsSetUp:N0}, "
                + $"failed {n2.ContextsFailed:N0}"));
        AnalysisTable.Line(session, session.Say("PDU 会话", "PDU sessions"), session.Say(
            $"建立 {n2.SessionsSetUp:N0}，失败 {n2.SessionsFailed:N0}，释放 {n2.SessionsReleased:N0}",
            $"set up {n2.SessionsSetUp:N0}, failed {n2.SessionsFailed:N0}, released {n2.SessionsReleased:N0}"));
        foreach ((string name, N2Slice slice) in n2.Slices)
            AnalysisTable.Line(session, $"S-NSSAI {name}", session.Say($"会话 {slice.Sessions:N0}",
                $"sessions {slice.Sessions:N0}") + string.Concat(slice.Flows.Select(
                    flow => $"  QFI {flow.Qfi} → 5QI {flow.FiveQi?.ToString() ?? "?"}")));
    }

    private static IEnumerable<string> Words(params string?[] words) => words.OfType<string>();
}
