using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Wire.Trials;

namespace Testbed.Analyzer.Meters.Security;

/// <summary>
/// SEC-003 to SEC-006: which packets of a security trial came through that should not have, or should have. A try
/// counts when it was seen to reach the network, and a miss only while ordinary packets of the same path came through.
/// </summary>
internal sealed class TrialMeter : IMeter
{
    private const string Source = "trial-meter";
    /// <summary>Fewer control packets, or a smaller share of them, do not show that a path works.</summary>
    private const int ControlsMin = 20;
    private const double ControlShareMin = 0.9;

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Request.Run is not { Trials: { Count: > 0 } trials }) return;
        TrialSightings sightings = new(context);
        foreach (TrialContext trial in trials)
        {
            if (trial.Kind is TrialKind.Control) continue;
            TrialContext? control = trials.FirstOrDefault(each => each.Number == trial.Control);
            output.Kpis.Add(Measure(context, sightings, trial, control));
        }
    }

    /// <summary>What one trial came to.</summary>
    /// <param name="Sent">Tries that the sender sent.</param>
    /// <param name="Entered">Tries that are known to have reached the network under test.</param>
    /// <param name="Passed">Tries that came out at the other side.</param>
    private sealed record Outcome(int Sent, int Entered, int Passed, IReadOnlyList<string> Evidence);

    private static KpiResult Measure(
        AnalysisContext context, TrialSightings sightings, TrialContext trial, TrialContext? control)
    {
        TrialSighting controls = sightings.Of(trial.Control, TrialClass.Control);
        Outcome outcome = OutcomeOf(trial, sightings.Of(trial.Number, TrialClass.Attempt), controls,
            sightings.NestedFrom(trial.Ports));
        TrialSubject subject = TrialSubject.Of(trial.Kind, context.Request.Claim);
        int mismatches = subject.IsAllowed ? outcome.Passed == 0 ? outcome.Entered : 0 : outcome.Passed;
        KpiResult result = Figures.Exact(subject.Kpi, mismatches, outcome.Entered, Source) with
        {
            Scope = trial.Slice,
            Layer = Layer.Inner,
            Evidence = outcome.Evidence,
            Findings = [subject.Say(outcome.Passed, outcome.Entered)],
        };
        // What came through is proof whatever else went wrong; only a miss needs to be borne out.
        LocalText? why = outcome.Passed > 0 ? null : Doubt(context, outcome, controls, control);
        return why is null ? result
            : result with { NotUsable = why, NotUsableVerdict = Verdict.Inconclusive };
    }

    private static Outcome OutcomeOf(TrialContext trial, TrialSighting seen, TrialSighting controls, int nestedOnN3)
    {
        int sent = TrialSent.Read(trial.SenderRecord).Sent;
        HashSet<uint> arrived = TrialReceived.Attempts(trial.ListenerRecord, trial.Number);
        bool n3IsReadable = controls.OnN3Up.Count > 0, n6IsReadable = controls.OnN6.Count > 0;
        switch (trial.Kind)
        {
            case TrialKind.SpoofedSource:
                arrived.UnionWith(seen.OnN6);
                return new(sent, n3IsReadable ? seen.OnN3Up.Count : sent, arrived.Count, seen.N6Evidence);
            case TrialKind.NestedTunnel:
                arrived.UnionWith(seen.OnN6);
                return new(sent, n3IsReadable ? Math.Min(nestedOnN3, sent) : sent, arrived.Count, seen.N6Evidence);
            case TrialKind.UeToUe:
                arrived.UnionWith(seen.OnN3Down);
                return new(sent, n3IsReadable ? seen.OnN3Up.Count : sent, arrived.Count, seen.N3DownEvidence);
            default:
                arrived.UnionWith(seen.OnN3Down);
                return new(sent, n6IsReadable ? seen.OnN6.Count : sent, arrived.Count, seen.N3DownEvidence);
        }
    }

    /// <summary>Why the absence of packets proves nothing; null when it does.</summary>
    private static LocalText? Doubt(
        AnalysisContext context, Outcome outcome, TrialSighting controls, TrialContext? control)
    {
        if (control is null)
            return new("没有对照报文，不能证明通路正常", "no control packets were sent, so nothing shows that the path works");
        TrialSent sent = TrialSent.Read(control.SenderRecord);
        if (sent.Sent < ControlsMin || sent.Answered < ControlShareMin * sent.Sent)
            return new($"{sent.Sent} 个对照报文中只有 {sent.Answered} 个得到应答，通路不正常",
                $"only {sent.Answered} of {sent.Sent} control packets were answered: the path itself does not work");
        if (context.HasN6 && controls.OnN6.Count < ControlShareMin * sent.Sent)
            return new($"{sent.Sent} 个对照报文中 N6 只见到 {controls.OnN6.Count} 个，采集点不在该通路上",
                $"N6 shows {controls.OnN6.Count} of {sent.Sent} control packets: its tap is not on this path");
        if (outcome.Entered < ControlShareMin * outcome.Sent)
            return new($"发出的 {outcome.Sent} 个测试报文中只有 {outcome.Entered} 个到达被测网络，其余在发送侧被丢弃",
                $"only {outcome.Entered} of {outcome.Sent} test packets reached the network: the sender's side dropped "
                    + "the others");
        return null;
    }
}
