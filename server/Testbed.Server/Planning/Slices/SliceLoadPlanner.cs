using System.Globalization;
using Testbed.Conformance.Claims;

namespace Testbed.Server.Planning.Slices;

/// <summary>
/// Loads above what is claimed, with STAMP beside them: first the largest slice uplink in blocks, while the others and
/// two of its own flows are watched; then the same downlink; then all other limits at once.
/// </summary>
internal sealed class SliceLoadPlanner
{
    private static readonly string[] Requirements = ["SLC-004", "SLC-005", "SLC-006"];

    /// <summary>Of the limit: what the catalogue asks for, so that a limit shows.</summary>
    private const decimal Overload = 1.5m;
    private const int PayloadBytes = CapacityPlanner.PayloadBytes;
    private const int FirstSession = 2_001;
    /// <summary>
    /// Two losses in so many packets still let 1e-3 pass at 97.5 %: two blocks of 2 s give 8,000 at this rate.
    /// </summary>
    private const int WitnessRatePps = 2_000;
    private const int FlowRatePps = 300;
    private const int WitnessBytes = 112;
    private const int DeadlineMs = 1_000;
    private const int SettleSeconds = 3;
    /// <summary>
    /// Beside a load, kits on two cores disturb 3 to 5 % while their host is left alone and 8 to 24 % while it is not
    /// (docs/decisions/0006).
    /// </summary>
    private const decimal DisturbedShareMax = 0.05m;
    private const int QuickRetests = 1;
    private const int FullRetests = 2;

    private readonly PlanDraft _draft;
    private int _number;
    private int _session = FirstSession - 1;

    private SliceLoadPlanner(PlanDraft draft) => _draft = draft;

    private sealed record Ends(Slice Slice, TestEndpoint Ue, TestEndpoint Far, SliceFlows Flows);

    /// <param name="Blocks">Loaded; alone before, between and after.</param>
    private sealed record Rhythm(int Blocks, int OnMs, int OffMs)
    {
        public int Milliseconds => Blocks * OnMs + (Blocks + 1) * OffMs;
        public int Seconds => (Milliseconds + 999) / 1000;
    }

    private Rhythm Watched => _draft.IsQuick ? new(2, 2_500, 1_500) : new(5, 4_500, 4_500);
    private Rhythm Unwatched => _draft.IsQuick ? new(1, 2_500, 200) : new(3, 4_500, 500);

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
        List<Ends> slices = [];
        foreach (Slice slice in _draft.Claim.Slices)
            if (_draft.Ue(slice.Name) is { } ue && _draft.FarEnd("dn", slice.Name) is { } far)
                slices.Add(new(slice, ue, far, new(_draft, slice, ue, far)));
        Ends? loaded = slices.Where(ends => ends.Slice.AmbrUlMbps > 0 && ends.Flows.Default is not null)
            .MaxBy(ends => ends.Slice.AmbrUlMbps);
        if (loaded is null)
        {
            _draft.Omit("slice-load", "没有同时申报 sessionAmbrMbps、默认 QoS 流、终端与数据网络端点的切片",
                "no slice claims sessionAmbrMbps and a default QoS flow and has a ue and a dn endpoint", Requirements);
            return;
        }
        List<Ends> others = [.. slices.Where(ends => ends != loaded)];
        Overloaded(loaded, "uplink", others);
        if (loaded.Slice.AmbrDlMbps > 0) Overloaded(loaded, "downlink", _draft.IsQuick ? [] : others);
        if (_draft.Wants("SLC-005", "SLC-006")) OtherLimits(loaded, others);
    }

    private void Overloaded(Ends loaded, string direction, List<Ends> watched)
    {
        bool isUplink = direction == "uplink";
        if (!isUplink && watched.Count == 0 && !_draft.Wants("SLC-005", "SLC-006")) return;
        decimal ambr = (isUplink ? loaded.Slice.AmbrUlMbps : loaded.Slice.AmbrDlMbps)!.Value;
        QosFlow[] guaranteed = [.. loaded.Flows.Filtered.Where(flow => flow.GfbrMbps > 0)];
        if (ExceedsLimit($"slice-load-{direction}", Overload * ambr + guaranteed.Sum(flow => flow.GfbrMbps!.Value)))
            return;
        bool isWatched = isUplink || watched.Count > 0;
        Rhythm rhythm = isWatched ? Watched : Unwatched;
        Phase phase = new($"slice-load-{direction}-{loaded.Slice.Name}", rhythm);
        AddLoad(phase, loaded, loaded.Flows.Default!, direction, "ambr", ambr, Overload * ambr);
        foreach (QosFlow flow in guaranteed)
            AddLoad(phase, loaded, flow, direction, "gfbr", flow.GfbrMbps!.Value, flow.GfbrMbps.Value);
        foreach (Ends other in watched)
            if (other.Flows.Default is { } flow) AddWitness(phase, loaded, other, flow, "other", WitnessRatePps);
        QosFlow? upper = Upper(loaded);
        if (isUplink && upper is null)
            _draft.Omit("stamp-witness", $"切片 {loaded.Slice.Name} 没有申报带过滤规则的更高等级 QoS 流，无从比较优先级",
                $"slice {loaded.Slice.Name} claims no QoS flow of a higher class with a filter to compare priorities",
                "SLC-006");
        if (isUplink && upper is not null)
        {
            AddWitness(phase, loaded, loaded, upper, "upper", FlowRatePps);
            AddWitness(phase, loaded, loaded, loaded.Flows.Default!, "lower", FlowRatePps);
        }
        Finish(phase, isUplink ? "切片上行过载" : "切片下行过载", $"{direction} overload of slice {loaded.Slice.Name}");
    }

    /// <summary>The flow of the highest class above the default one; null when no claimed priority differs.</summary>
    private static QosFlow? Upper(Ends loaded) =>
        FiveQiPriority.Of(loaded.Flows.Default!.FiveQi) is not { } below ? null
            : loaded.Flows.Filtered.Where(flow => FiveQiPriority.Of(flow.FiveQi) < below)
                .MinBy(flow => FiveQiPriority.Of(flow.FiveQi));

    /// <summary>A load of its own, and what it is to show.</summary>
    private readonly record struct Offer(QosFlow Flow, string Part, decimal LimitMbps, decimal Mbps);

    /// <summary>
    /// As much at once as the claim's limit leaves room for, and the rest after it: a rate that is claimed is loaded.
    /// </summary>
    private void OtherLimits(Ends loaded, List<Ends> others)
    {
        List<Phase> phases = [];
        decimal total = 0;
        foreach (string direction in (string[])["uplink", "downlink"])
            foreach (Ends ends in others.Append(loaded))
                foreach (List<Offer> together in Offers(ends, direction, ends != loaded))
                {
                    decimal mbps = together.Sum(offer => offer.Mbps);
                    string flows = string.Join(", ", together.Select(offer => offer.Flow.Qfi));
                    if (ExceedsLimit($"slice-limits {ends.Slice.Name} QFI {flows}", mbps)) continue;
                    if (phases.Count == 0 || total + mbps > _draft.LimitMbps)
                    {
                        string name = phases.Count == 0 ? "slice-limits" : $"slice-limits-{phases.Count + 1}";
                        phases.Add(new(name, Unwatched));
                        total = 0;
                    }
                    total += mbps;
                    foreach (Offer offer in together)
                        AddLoad(phases[^1], ends, offer.Flow, direction, offer.Part, offer.LimitMbps, offer.Mbps);
                }
        foreach (Phase phase in phases.Where(phase => phase.Tests.Count > 0))
            Finish(phase, "其他限速", "the other limits");
    }

    /// <summary>
    /// What is to be offered to a slice at the same time: a guarantee shows beside the overload of the slice's other
    /// traffic alone. One by one where all of it is more than the claim allows.
    /// </summary>
    private IEnumerable<List<Offer>> Offers(Ends ends, string direction, bool withAmbr)
    {
        List<Offer> all = [];
        foreach (QosFlow flow in ends.Flows.Filtered)
        {
            if (flow.MfbrMbps is > 0 and var most) all.Add(new(flow, "mfbr", most, Overload * most));
            else if (withAmbr && flow.GfbrMbps is > 0 and var least) all.Add(new(flow, "gfbr", least, least));
        }
        decimal? ambr = direction == "uplink" ? ends.Slice.AmbrUlMbps : ends.Slice.AmbrDlMbps;
        if (withAmbr && ambr > 0 && ends.Flows.Default is { } own)
            all.Add(new(own, "ambr", ambr.Value, Overload * ambr.Value));
        if (all.Count == 0) return [];
        return all.Sum(offer => offer.Mbps) <= _draft.LimitMbps ? [all]
            : all.Select(offer => new List<Offer> { offer });
    }

    private bool ExceedsLimit(string what, decimal mbps)
    {
        if (mbps <= _draft.LimitMbps) return false;
        _draft.Omit(what, $"limits.mbps={_draft.LimitMbps} 小于所需的 {mbps:0.###} Mbit/s",
            $"limits.mbps={_draft.LimitMbps} is below the {mbps:0.###} Mbit/s that it takes", Requirements);
        return true;
    }

    private sealed record Phase(string Name, Rhythm Rhythm)
    {
        public List<PlanTask> Responders { get; } = [];
        public List<PlanTask> Tests { get; } = [];
    }

    private void Finish(Phase built, string zh, string en)
    {
        PlanPhase phase = new(
            built.Name, new(zh, en), built.Rhythm.Seconds + 1, true, built.Responders, built.Tests);
        _draft.Phases.Add(phase with
        {
            Retest = new("load-disturbed-share", DisturbedShareMax,
                [.. Enumerable.Range(1, _draft.IsQuick ? QuickRetests : FullRetests).Select(i => Again(phase, i))]),
        });
    }

    /// <summary>
    /// The same once more, with numbers and keys of its own. On the same ports, as a flow's filter may leave no others:
    /// the times of its blocks tell its packets from the first attempt's.
    /// </summary>
    private PlanPhase Again(PlanPhase phase, int retest)
    {
        string name = $"{phase.Name}-retest-{retest}";
        Dictionary<string, int> numbers = [], sessions = [];
        return phase with { Name = name, Responders = [.. phase.Responders.Select(Copy)],
            Tests = [.. phase.Tests.Select(Copy)] };

        PlanTask Copy(PlanTask task) => _draft.Task(task.Kind, task.Kit, task.Seconds,
            [.. task.Parameters.Select(each => (each.Key, (object)(each.Key switch
            {
                "phase" => name,
                "number" => Fresh(numbers, each.Value, ref _number),
                "session" => Fresh(sessions, each.Value, ref _session),
                _ => each.Value,
            })))]);

        // Both ends of a flow name the same.
        static string Fresh(Dictionary<string, int> given, string old, ref int last)
        {
            if (!given.TryGetValue(old, out int fresh)) given.Add(old, fresh = ++last);
            return fresh.ToString(CultureInfo.InvariantCulture);
        }
    }

    private void AddLoad(
        Phase phase, Ends ends, QosFlow flow, string direction, string part, decimal limitMbps, decimal mbps)
    {
        if (ends.Flows.Draw(flow) is not { } ports)
        {
            OmitFlow(ends.Slice, flow);
            return;
        }
        int number = ++_number;
        bool isUplink = direction == "uplink";
        (TestEndpoint from, int fromPort, TestEndpoint to, int toPort) = isUplink
            ? (ends.Ue, ports.UePort, ends.Far, ports.RemotePort)
            : (ends.Far, ports.RemotePort, ends.Ue, ports.UePort);
        phase.Responders.Add(isUplink
            ? _draft.Task("slice-load-sink", to.Kit, 0, ("address", to.Address), ("port", toPort), ("number", number))
            : _draft.Task("slice-load-sink", to.Kit, 0, ("address", to.Address), ("port", toPort), ("number", number),
                ("remoteAddress", from.Address), ("remotePort", fromPort)));
        phase.Tests.Add(_draft.Task("slice-load", from.Kit, phase.Rhythm.Seconds,
            ("localAddress", from.Address), ("localPort", fromPort), ("remoteAddress", to.Address), ("port", toPort),
            ("number", number), ("direction", direction), ("mbps", Text(mbps)), ("payloadBytes", PayloadBytes),
            ("blocks", phase.Rhythm.Blocks), ("onMs", phase.Rhythm.OnMs), ("offMs", phase.Rhythm.OffMs),
            ("slice", ends.Slice.Name), ("phase", phase.Name), ("part", part), ("qfi", flow.Qfi),
            ("limitMbps", Text(limitMbps))));
    }

    private void AddWitness(Phase phase, Ends loaded, Ends ends, QosFlow flow, string part, int ratePps)
    {
        if (ends.Flows.Draw(flow) is not { } ports)
        {
            OmitFlow(ends.Slice, flow);
            return;
        }
        int session = ++_session;
        int count = (int)((long)ratePps * phase.Rhythm.Milliseconds / 1000);
        phase.Responders.Add(_draft.Task("stamp-reflector", ends.Far.Kit, 0,
            ("address", ends.Far.Address), ("port", ports.RemotePort), ("session", session)));
        phase.Tests.Add(_draft.Task("stamp-witness", ends.Ue.Kit, phase.Rhythm.Seconds + SettleSeconds,
            ("localAddress", ends.Ue.Address), ("localPort", ports.UePort), ("remoteAddress", ends.Far.Address),
            ("port", ports.RemotePort), ("session", session), ("slice", ends.Slice.Name), ("count", count),
            ("ratePps", ratePps), ("packetBytes", WitnessBytes), ("deadlineMs", DeadlineMs), ("phase", phase.Name),
            ("part", part), ("loadedSlice", loaded.Slice.Name), ("qfi", flow.Qfi)));
    }

    private void OmitFlow(Slice slice, QosFlow flow) => _draft.Omit($"slice-load {slice.Name} QFI {flow.Qfi}",
        $"切片 {slice.Name} 的 QFI {flow.Qfi} 的过滤规则没有可用的 UDP 端口",
        $"the filters of slice {slice.Name} leave no UDP ports for QFI {flow.Qfi}", Requirements);

    private static string Text(decimal number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}
