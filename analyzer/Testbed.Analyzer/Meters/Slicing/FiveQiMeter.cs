using Testbed.Analyzer.Meters.Sessions;
using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Meters.Slicing;

/// <summary>
/// SLC-006: whether N2 sets claimed QFIs up with the claimed 5QI, slice by slice. A slice of which N2 told nothing is
/// open: its 5QIs stand on the claim alone.
/// </summary>
internal sealed class FiveQiMeter : IMeter
{
    private const string Source = "five-qi-meter";

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Request.Run is not { Loads.Count: > 0 } || context.Request.N2.Count == 0) return;
        foreach (Slice slice in context.Request.Claim?.Slices ?? [])
            if (Compared(context, slice) is { } result) output.Kpis.Add(result);
    }

    /// <summary>Null for a slice that claims no flow and of which N2 shows none either.</summary>
    private static KpiResult? Compared(AnalysisContext context, Slice slice)
    {
        NgapSession[] sessions =
        [
            .. context.ControlPlane.NgapSessions.All.Where(session => session.Snssai is { } snssai
                && snssai.SliceType == slice.Snssai.Sst && (uint?)snssai.Differentiator == slice.Snssai.Sd),
        ];
        (QosFlow Flow, int Seen)[] seen =
        [
            .. from session in sessions
               from flow in session.Flows
               join claimed in slice.Flows on (int)flow.Key equals claimed.Qfi
               where flow.Value.FiveQi is not null
               select (claimed, (int)flow.Value.FiveQi!.Value),
        ];
        // Flows that are there on demand alone are EXP-004's and EXP-008's.
        int[] untold = [.. slice.Flows.Where(flow => !flow.IsOnDemand).Select(flow => flow.Qfi)
            .Except(seen.Select(each => each.Flow.Qfi))];
        if (seen.Length + untold.Length == 0) return null;
        (QosFlow Flow, int Seen)[] wrong = [.. seen.Where(each => each.Flow.FiveQi != each.Seen)];
        // Flows that a modification adds are not followed on N2, so one of the slice's is asked for and not each.
        LocalText? open = untold.Length == 0 ? null : Untold(slice, string.Join(", ", untold));
        return Figures.Exact("five-qi-mismatch-ratio",
            Figures.Ratio(seen.Length == 0 ? 0 : (double)wrong.Length / seen.Length), seen.Length, Source) with
        {
            Scope = slice.Name,
            Evidence = [.. sessions.Take(1).Select(session => session.Evidence)],
            Findings =
            [
                .. wrong.Distinct().Take(Figures.EvidenceMax).Select(each => new LocalText(
                    $"QFI {each.Flow.Qfi} 申报 5QI {each.Flow.FiveQi}，N2 所见为 {each.Seen}",
                    $"QFI {each.Flow.Qfi} is claimed with 5QI {each.Flow.FiveQi}; N2 shows {each.Seen}")),
                .. open is null ? Array.Empty<LocalText>() : [open],
            ],
            NotUsable = seen.Length == 0 ? open : null,
            NotUsableVerdict = seen.Length == 0 ? Verdict.Inconclusive : null,
        };
    }

    private static LocalText Untold(Slice slice, string qfis) => new(
        $"N2 上未见切片 {slice.Name} 的 QFI {qfis} 的 5QI；请让该切片的终端在采集期间建立会话",
        $"N2 showed no 5QI of QFI {qfis} in slice {slice.Name}: let a UE of the slice set its session up while the tap "
            + "records");
}
