using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Meters.Records;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Proofs;

/// <summary>
/// E2E-004: every test packet that came back was on N3 in a tunnel, on N6, and on both again on its way back, signed
/// with this run's key, in causal order. A packet that a tap dropped proves nothing either way.
/// </summary>
internal sealed class PathProofMeter : IMeter
{
    private const string Id = "path-proof-ratio";
    private const string Source = "path-proof-meter";
    /// <summary>Twice the proven rate of a tap's drops is not yet a way round it: they come in bursts.</summary>
    private const double DropRateRatioMax = 2;

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Request.Run is not { StampSessions.Count: > 0 } || !context.HasBothSides) return;
        PathCount all = new();
        // Each by itself, or a slice of few packets could go another way behind a slice of many.
        foreach (StampSessionContext session in context.Request.Run.StampSessions)
            all.Add(Count(context, session));
        output.Kpis.Add(Result(context, all));
    }

    private static PathCount Count(AnalysisContext context, StampSessionContext session)
    {
        StampSightings sightings = context.Readings.Sightings(session);
        StampRow[] returned = [.. context.Readings.StampRows(session.RecordPath).Where(row => row.IsReturned)];
        PathCount count = new()
        {
            Forged = sightings.Forged, ForgedEvidence = sightings.ForgedEvidence, Genuine = sightings.Genuine,
            Returned = returned.Length,
        };
        long bound = context.Request.Run!.ClockBoundNs;
        HostAddress ue = HostAddress.From(session.UeAddress);
        if (returned.Length > 0 && sightings.Genuine + sightings.Forged == 0 && !IsHeard(context, ue, returned))
        {
            count.Unheard.Add(ue);
            return count;
        }
        bool isN6Tapped = context.Taps.Any(tap => tap.Role is not TapRole.N3 && Carries(tap, session));
        foreach (StampRow row in returned)
        {
            StampSighting sighting = sightings.Find(row.Sequence);
            PathFlaw flaw = PathCheck.Of(row, sighting, bound);
            if (flaw is PathFlaw.NotOnN6 && !isN6Tapped) count.Untapped.Add(session.Path);
            else if (flaw is PathFlaw.None)
            {
                count.Proven++;
                count.Evidence ??= sighting.Evidence;
            }
            else count.Add(flaw, $"{Path.GetFileName(session.RecordPath)} seq {row.Sequence} ({sighting.Evidence})");
        }
        Excuse(context, count, PathFlaw.NotOnN3, tap => tap.Role is not TapRole.N6);
        Excuse(context, count, PathFlaw.NotOnN6, tap => tap.Role is not TapRole.N3);
        count.SetUnclearApart();
        return count;
    }

    // What a slice's N6 carries only a tap of that slice can show, and what goes to the edge only one of the edge's N6.
    private static bool Carries(TapCapture tap, StampSessionContext session) =>
        (tap.Slices.Count == 0 || tap.Slices.Contains(session.Slice))
        && tap.IsEdge == (session.Path != session.Slice);

    // Packets missing at one point altogether: as many as the rate of its drops makes likely are the tap's. More than
    // these, but no more than it dropped in the whole run, may be: they stay flaws, and are told so that none decides.
    private static void Excuse(
        AnalysisContext context, PathCount count, PathFlaw flaw, Func<TapCapture, bool> isOfPoint)
    {
        long missing = count.Packets(flaw), dropped = Figures.Dropped(context, isOfPoint);
        if (missing == 0 || dropped == 0) return;
        double rate = (double)dropped / (Figures.Captured(context, isOfPoint) + dropped);
        if (missing <= Math.Ceiling(DropRateRatioMax * rate * count.Returned)) count.Exclude(flaw);
        else count.Droppable += Math.Min(missing, dropped);
    }

    private static KpiResult Result(AnalysisContext context, PathCount count)
    {
        long flawed = count.Flawed, all = count.Proven + flawed;
        decimal ratio = all == 0 ? 0 : Figures.Ratio((double)count.Proven / all);
        // A rounded-up ratio must not hide the one packet that has no proof.
        if (flawed > 0 && ratio == 1) ratio = 0.999999999m;
        KpiResult result = Figures.Exact(Id, ratio, all, Source) with
        {
            Direction = Direction.RoundTrip,
            Layer = Layer.Inner,
            CaptureLossHigh = all == 0 ? 0 : Figures.Ratio((double)count.Droppable / all),
            Evidence = [.. count.FlawEvidence.Append(count.Evidence).OfType<string>()],
            Findings = count.Findings(),
        };
        if (count.Returned == 0)
            return result with
            {
                NotUsable = new("没有返回的测试报文", "no test packet came back"), NotUsableVerdict = Verdict.Inconclusive,
            };
        // Where N3 carries the UE's other packets and none of those that came back, they came another way. Taps that
        // heard nothing of the UE may stand beside another UPF, and those of an older run cannot say so.
        LocalText? deaf = count.Forged > 0 && count.Genuine == 0
            ? new($"采集中的测试报文未以本次运行的密钥签名（{count.Forged} 个）",
                $"the captures' test packets are not signed with this run's key ({count.Forged})")
            : count.Unheard.Count > 0 && flawed == 0
            ? new($"应答期间 N3 采集中没有终端 {string.Join("、", count.Unheard)} 的报文：采集点可能不在其 UPF 上，或并非本次采集",
                $"N3 shows nothing of UE {string.Join(", ", count.Unheard)} while answers came: "
                    + "the taps may not be those of its UPF, or the captures not of this run")
            : count.Genuine == 0 && !IsN6Alive(context)
            ? new("采集中没有本次运行的任何测试报文", "the captures hold none of this run's test packets")
            : null;
        if (deaf is null)
            return (count.Unclear ?? count.UntappedText) is not { } unclear || count.IsRefuted ? result : result with
            {
                NotUsable = unclear, NotUsableVerdict = Verdict.Inconclusive,
            };
        return result with
        {
            NotUsable = deaf,
            NotUsableVerdict = Verdict.Invalid,
            Evidence = count.ForgedEvidence is null ? [] : [count.ForgedEvidence],
        };
    }

    // N3 was listening while the answers came, and carried this UE's packets at some time of the run: an older capture
    // fails the first, another UPF's the second.
    private static bool IsHeard(AnalysisContext context, HostAddress ue, StampRow[] returned)
    {
        long firstNs = returned.Min(row => row.T1Ns), lastNs = returned.Max(row => row.T4Ns);
        TapCapture[] taps = [.. context.Taps.Where(tap => tap.Role is not TapRole.N6)];
        return taps.Any(tap => Any(tap, (in PacketRecord record) => record.Kind is RecordKind.Gpdu
                && record.TimeNs >= firstNs && record.TimeNs <= lastNs))
            && taps.Any(tap => Any(tap, (in PacketRecord record) => record.Kind is RecordKind.Gpdu
                && record.Flow >= 0 && AnalysisContext.UeOf(tap.Flow(record), record.Direction) == ue));
    }

    private static bool IsN6Alive(AnalysisContext context) => context.Taps.Any(
        tap => tap.Role is not TapRole.N3 && Any(tap, (in PacketRecord record) => record.Kind is RecordKind.Plain));

    private delegate bool RecordTest(in PacketRecord record);

    private static bool Any(TapCapture tap, RecordTest test)
    {
        for (int i = 0; i < tap.Records.Count; i++)
            if (test(tap.Records[i])) return true;
        return false;
    }
}
