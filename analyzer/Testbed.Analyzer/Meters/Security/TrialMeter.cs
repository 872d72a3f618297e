using Testbed.Analyzer.Decoding;
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
        TapCapture[] n3 = N3Of(context, trial.Slice);
        TrialSubject subject = TrialSubject.Of(trial.Kind, context.Request.Claim);
        int mismatches = subject.IsAllowed ? outcome.Passed == 0 ? outcome.Entered : 0 : outcome.Passed;
        KpiResult result = Figures.Exact(subject.Kpi, mismatches, outcome.Entered, Source) with
        {
            Scope = trial.Slice,
            Layer = Layer.Inner,
            Evidence = outcome.Evidence,
            Findings = [subject.Say(outcome.Passed, outcome.Entered), .. Unseen(trial, n3)],
        };
        // What came through is proof whatever else went wrong; only a miss needs to be borne out.
        if (outcome.Passed > 0) return result;
        if (Doubt(context, trial, outcome, controls, control) is { } why)
            return result with { NotUsable = why, NotUsableVerdict = Verdict.Inconclusive };
        return n3.Length == 0 || !NeedsN3(trial) || controls.OnN3Up.Count > 0 ? result : Hidden(result, n3);
    }

    /// <summary>The N3 taps that this slice's packets pass.</summary>
    private static TapCapture[] N3Of(AnalysisContext context, string slice) =>
        [.. context.Taps.Where(tap => tap.Role is not TapRole.N6
            && (tap.Slices.Count == 0 || tap.Slices.Contains(slice)))];

    // From a UE, N3 alone tells what the network got and what the terminal's side had dropped already.
    private static bool NeedsN3(TrialContext trial) => trial.Kind is not TrialKind.UnsolicitedDownlink;

    private static LocalText[] Unseen(TrialContext trial, TapCapture[] n3) => n3.Length > 0 || !NeedsN3(trial) ? [] :
    [
        new("未采集 N3，终端侧自行丢弃的报文无从区分",
            "N3 is not captured, so what the UE's side dropped is not told apart"),
    ];

    /// <summary>IPsec on N3 is good security and hides what a miss would have to be borne out by.</summary>
    private static KpiResult Hidden(KpiResult result, TapCapture[] n3)
    {
        bool isEncrypted = n3.Any(tap => tap.Tally.Esp > 0);
        return result with
        {
            NotUsable = isEncrypted
                ? new("N3 已加密（ESP），无法证明测试报文到达了被测网络",
                    "N3 is encrypted (ESP), so nothing shows that the tries reached the network")
                : new("N3 上未见到对照报文，无法证明测试报文到达了被测网络",
                    "N3 shows none of the control packets, so nothing shows that the tries reached the network"),
            NotUsableVerdict = isEncrypted ? Verdict.NotMeasurable : Verdict.Inconclusive,
        };
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
        AnalysisContext context, TrialContext trial, Outcome outcome, TrialSighting controls, TrialContext? control)
    {
        // A tap alone may hear one direction or a part of the ways: whoever was to be reached must have listened.
        if (trial.ListenerRecord is null)
            return new("接收端没有记录，未收到不等于未通过",
                "the far end kept no record, so nothing shows that nothing arrived");
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
