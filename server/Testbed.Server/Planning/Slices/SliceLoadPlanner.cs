using Testbed.Conformance.Claims;

namespace Testbed.Server.Planning.Slices;

/// <summary>
/// Loads above what is claimed, with STAMP beside them: in each direction first the slice with the largest session AMBR
/// in blocks, while the others and two of its own flows are watched; then all other limits at once.
/// </summary>
internal sealed class SliceLoadPlanner
{
    private const string Isolation = "SLC-004", Classes = "SLC-006";
    private static readonly string[] Rates = ["SLC-005", Classes];
    private static readonly string[] Requirements = [Isolation, .. Rates];
    private static readonly string[] Directions = ["uplink", "downlink"];

    /// <summary>Of the limit: what the catalogue asks for, so that a limit shows.</summary>
    private const decimal Overload = 1.5m;
    /// <summary>
    /// Two losses in so many packets still let 1e-3 pass at 97.5 %: two blocks of 2 s give 8,000 at this rate.
    /// </summary>
    private const int WitnessRatePps = 2_000;
    private const int FlowRatePps = 300;

    private readonly PlanDraft _draft;
    private readonly LoadPhases _phases;
    private readonly List<SliceEnds> _slices = [];

    private SliceLoadPlanner(PlanDraft draft)
    {
        (_draft, _phases) = (draft, new(draft));
        foreach (Slice slice in draft.Claim.Slices)
            if (draft.Ue(slice.Name) is { } ue && draft.FarEnd("dn", slice.Name) is { } far)
                _slices.Add(new(slice, ue, far, new(draft, slice, ue, far)));
    }

    private LoadRhythm Watched => _draft.IsQuick ? new(2, 2_500, 1_500) : new(5, 4_500, 4_500);
    private LoadRhythm Unwatched => _draft.IsQuick ? new(1, 2_500, 200) : new(3, 4_500, 500);

    public static void Plan(PlanDraft draft)
    {
        if (!draft.Wants(Requirements)) return;
        if (!draft.Consents("load"))
        {
            draft.Omit("slice-load", "声明未同意施加负载（consent: load）", "the claim gives no consent to load (consent: load)",
                Requirements);
            return;
        }
        new SliceLoadPlanner(draft).Plan();
    }

    private void Plan()
    {
        if (Directions.All(direction => Largest(direction) is null))
        {
            _draft.Omit("slice-load", "没有同时申报 sessionAmbrMbps、默认 QoS 流、终端与数据网络端点的切片",
                "no slice claims sessionAmbrMbps and a default QoS flow and has a ue and a dn endpoint", Requirements);
            return;
        }
        foreach (string direction in Directions)
        {
            if (Largest(direction) is { } loaded) Overloaded(loaded, direction);
            else if (IsWatched(direction)) OmitDirection(direction);
        }
        if (_draft.Wants(Rates)) OtherLimits();
    }

    /// <summary>The slice whose overload is the most in this direction; null where no such limit is claimed.</summary>
    private SliceEnds? Largest(string direction) =>
        _slices.Where(ends => ends.Ambr(direction) > 0 && ends.Flows.Default is not null)
            .MaxBy(ends => ends.Ambr(direction));

    /// <summary>Whether the other slices are watched meanwhile; the quick plan has time for the uplink alone.</summary>
    private bool IsWatched(string direction) => direction == "uplink" || !_draft.IsQuick;

    private void OmitDirection(string direction)
    {
        (string key, string zh) = direction == "uplink" ? ("ul", "上行") : ("dl", "下行");
        _draft.Omit($"slice-load-{direction}",
            $"没有同时申报 sessionAmbrMbps.{key}、默认 QoS 流、终端与数据网络端点的切片，无法使{zh}过载；请在申报中补全",
            $"no slice claims sessionAmbrMbps.{key} and a default QoS flow and has a ue and a dn endpoint, so nothing "
                + $"overloads the {direction}: complete the claim",
            direction == "uplink" ? [Isolation, Classes] : [Isolation]);
    }

    private void Overloaded(SliceEnds loaded, string direction)
    {
        bool isUplink = direction == "uplink", isWatched = IsWatched(direction);
        SliceEnds[] watched = isWatched ? [.. _slices.Where(ends => ends != loaded)] : [];
        if (!isUplink && watched.Length == 0 && !_draft.Wants(Rates)) return;
        string[] shows = isWatched ? Requirements : Rates;
        decimal ambr = loaded.Ambr(direction)!.Value;
        QosFlow own = loaded.Flows.Default!;
        QosFlow[] guaranteed = [.. loaded.Flows.Filtered.Where(flow => flow.GfbrMbps > 0)];
        if (ExceedsLimit($"slice-load-{direction}", Overload * ambr + guaranteed.Sum(flow => flow.GfbrMbps!.Value),
            shows)) return;
        LoadRhythm rhythm = isUplink || watched.Length > 0 ? Watched : Unwatched;
        LoadPhase phase = new($"slice-load-{direction}-{loaded.Slice.Name}", rhythm);
        _phases.AddLoad(phase, loaded, direction, new(own, "ambr", ambr, Overload * ambr), shows);
        foreach (QosFlow flow in guaranteed)
            _phases.AddLoad(
                phase, loaded, direction, new(flow, "gfbr", flow.GfbrMbps!.Value, flow.GfbrMbps.Value), Rates);
        foreach (SliceEnds other in watched) Watch(phase, loaded, other);
        if (isUplink) Compare(phase, loaded, own);
        _phases.Finish(
            phase, isUplink ? "切片上行过载" : "切片下行过载", $"{direction} overload of slice {loaded.Slice.Name}");
    }

    private void Watch(LoadPhase phase, SliceEnds loaded, SliceEnds other)
    {
        if (other.Flows.Default is { } flow)
            _phases.AddWitness(phase, loaded.Slice, other, flow, "other", WitnessRatePps, Isolation);
        else
            _draft.Omit($"stamp-witness {other.Slice.Name}",
                $"切片 {other.Slice.Name} 没有唯一的默认 QoS 流（不带过滤规则），过载时无法观察该切片；请在申报中补全",
                $"slice {other.Slice.Name} claims not exactly one QoS flow without a filter, so it cannot be watched "
                    + "in an overload: complete the claim", Isolation);
    }

    /// <summary>Two flows of the loaded slice, so that who goes first in its queue shows.</summary>
    private void Compare(LoadPhase phase, SliceEnds loaded, QosFlow own)
    {
        if (Upper(loaded, own) is { } upper)
        {
            _phases.AddWitness(phase, loaded.Slice, loaded, upper, "upper", FlowRatePps, Classes);
            _phases.AddWitness(phase, loaded.Slice, loaded, own, "lower", FlowRatePps, Classes);
        }
        else
            _draft.Omit("stamp-witness", $"切片 {loaded.Slice.Name} 没有申报带过滤规则的更高等级 QoS 流，无从比较优先级",
                $"slice {loaded.Slice.Name} claims no QoS flow of a higher class with a filter to compare priorities",
                Classes);
    }

    /// <summary>The flow of the highest class above the default one; null when no claimed priority differs.</summary>
    private static QosFlow? Upper(SliceEnds loaded, QosFlow own) =>
        FiveQiPriority.Of(own.FiveQi) is not { } below ? null
            : loaded.Flows.Filtered.Where(flow => FiveQiPriority.Of(flow.FiveQi) < below)
                .MinBy(flow => FiveQiPriority.Of(flow.FiveQi));

    /// <summary>
    /// As much at once as the claim's limit leaves room for, and the rest after it: a rate that is claimed is loaded.
    /// </summary>
    private void OtherLimits()
    {
        List<LoadPhase> phases = [];
        decimal total = 0;
        foreach (string direction in Directions)
        {
            SliceEnds? loaded = Largest(direction);
            foreach (SliceEnds ends in _slices.OrderBy(ends => ends == loaded))
                foreach (List<LoadOffer> together in
                    Offers(ends, direction, ends != loaded).Where(offers => offers.Count > 0))
                {
                    decimal mbps = together.Sum(offer => offer.Mbps);
                    string flows = string.Join(", ", together.Select(offer => offer.Flow.Qfi));
                    if (ExceedsLimit($"slice-limits {ends.Slice.Name} QFI {flows}", mbps, Rates)) continue;
                    if (phases.Count == 0 || total + mbps > _draft.LimitMbps)
                    {
                        string name = phases.Count == 0 ? "slice-limits" : $"slice-limits-{phases.Count + 1}";
                        phases.Add(new(name, Unwatched));
                        total = 0;
                    }
                    total += mbps;
                    foreach (LoadOffer offer in together) _phases.AddLoad(phases[^1], ends, direction, offer, Rates);
                }
        }
        foreach (LoadPhase phase in phases.Where(phase => phase.Tests.Count > 0))
            _phases.Finish(phase, "其他限速", "the other limits");
    }

    /// <summary>
    /// What is to be offered to a slice at the same time: a guarantee shows beside the overload of the slice's other
    /// traffic alone, so those stay together where all of it is more than the claim allows.
    /// </summary>
    private List<List<LoadOffer>> Offers(SliceEnds ends, string direction, bool withAmbr)
    {
        QosFlow[] guaranteed = withAmbr ? [.. ends.Flows.Filtered.Where(flow => flow.GfbrMbps > 0)] : [];
        List<LoadOffer> most =
        [
            .. ends.Flows.Filtered.Where(flow => flow.MfbrMbps > 0).Select(
                flow => new LoadOffer(flow, "mfbr", flow.MfbrMbps!.Value, Overload * flow.MfbrMbps.Value)),
        ];
        if (!withAmbr || ends.Ambr(direction) is not > 0 || ends.Flows.Default is not { } own)
        {
            if (guaranteed.Length > 0) OmitGuarantees(ends.Slice, direction);
            return Fits(most) ? [most] : OneByOne(most);
        }
        decimal ambr = ends.Ambr(direction)!.Value;
        LoadOffer overload = new(own, "ambr", ambr, Overload * ambr);
        List<LoadOffer> all =
            [.. most, .. guaranteed.Where(flow => flow.MfbrMbps is not > 0).Select(Guarantee), overload];
        if (Fits(all)) return [all];
        List<LoadOffer> beside = [.. guaranteed.Select(Guarantee), overload];
        return Fits(beside) || guaranteed.Length == 0 ? [beside, .. OneByOne(most)]
            : [beside, [overload], .. OneByOne(most)];

        bool Fits(List<LoadOffer> offers) => offers.Sum(offer => offer.Mbps) <= _draft.LimitMbps;
        static LoadOffer Guarantee(QosFlow flow) => new(flow, "gfbr", flow.GfbrMbps!.Value, flow.GfbrMbps.Value);
        static List<List<LoadOffer>> OneByOne(List<LoadOffer> offers) =>
            [.. offers.Select(offer => new List<LoadOffer> { offer })];
    }

    private void OmitGuarantees(Slice slice, string direction)
    {
        (string key, string zh) = direction == "uplink" ? ("ul", "上行") : ("dl", "下行");
        _draft.Omit($"slice-limits {slice.Name} GFBR {direction}",
            $"切片 {slice.Name} 申报了 GFBR 而未申报 sessionAmbrMbps.{key} 与默认 QoS 流，无法在其{zh}过载时检验保障；请在申报中补全",
            $"slice {slice.Name} claims a GFBR without sessionAmbrMbps.{key} and a default QoS flow, so no {direction} "
                + "overload can stand beside it: complete the claim", Rates[0]);
    }

    private bool ExceedsLimit(string what, decimal mbps, string[] shows)
    {
        if (mbps <= _draft.LimitMbps) return false;
        _draft.Omit(what, $"申报的 limits.mbps={_draft.LimitMbps} 小于所需的 {mbps:0.###} Mbit/s，请调高",
            $"the claim's limits.mbps={_draft.LimitMbps} is below the {mbps:0.###} Mbit/s that it takes: raise it",
            shows);
        return true;
    }
}
