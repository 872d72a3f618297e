using System.Globalization;
using Testbed.Conformance.Claims;

namespace Testbed.Server.Planning.Slices;

/// <summary>A slice and the two endpoints that its tests run between.</summary>
internal sealed record SliceEnds(Slice Slice, TestEndpoint Ue, TestEndpoint Far, SliceFlows Flows)
{
    /// <summary>Claimed session AMBR, Mbit/s; null where none is claimed in this direction.</summary>
    public decimal? Ambr(string direction) => direction == "uplink" ? Slice.AmbrUlMbps : Slice.AmbrDlMbps;
}

/// <param name="Blocks">Loaded; alone before, between and after.</param>
internal sealed record LoadRhythm(int Blocks, int OnMs, int OffMs)
{
    public int Milliseconds => Blocks * OnMs + (Blocks + 1) * OffMs;
    public int Seconds => (Milliseconds + 999) / 1000;
}

/// <summary>Loads and witnesses that are to run together.</summary>
internal sealed record LoadPhase(string Name, LoadRhythm Rhythm)
{
    public List<PlanTask> Responders { get; } = [];
    public List<PlanTask> Tests { get; } = [];
}

/// <summary>Writes loads, the STAMP beside them and their retests into a plan, with numbers that come once.</summary>
internal sealed class LoadPhases(PlanDraft draft)
{
    private const int PayloadBytes = CapacityPlanner.PayloadBytes;
    private const int FirstSession = 2_001;
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

    private int _number;
    private int _session = FirstSession - 1;

    /// <param name="shows">Ids of what stays open where no port leads to the flow.</param>
    public void AddLoad(
        LoadPhase phase, SliceEnds ends, string direction, LoadOffer offer, params string[] shows)
    {
        QosFlow flow = offer.Flow;
        if (ends.Flows.Draw(flow) is not { } ports)
        {
            OmitFlow(ends.Slice, flow, shows);
            return;
        }
        int number = ++_number;
        bool isUplink = direction == "uplink";
        (TestEndpoint from, int fromPort, TestEndpoint to, int toPort) = isUplink
            ? (ends.Ue, ports.UePort, ends.Far, ports.RemotePort)
            : (ends.Far, ports.RemotePort, ends.Ue, ports.UePort);
        phase.Responders.Add(isUplink
            ? draft.Task("slice-load-sink", to.Kit, 0, ("address", to.Address), ("port", toPort), ("number", number))
            : draft.Task("slice-load-sink", to.Kit, 0, ("address", to.Address), ("port", toPort), ("number", number),
                ("remoteAddress", from.Address), ("remotePort", fromPort)));
        phase.Tests.Add(draft.Task("slice-load", from.Kit, phase.Rhythm.Seconds,
            ("localAddress", from.Address), ("localPort", fromPort), ("remoteAddress", to.Address), ("port", toPort),
            ("number", number), ("direction", direction), ("mbps", Text(offer.Mbps)), ("payloadBytes", PayloadBytes),
            ("blocks", phase.Rhythm.Blocks), ("onMs", phase.Rhythm.OnMs), ("offMs", phase.Rhythm.OffMs),
            ("slice", ends.Slice.Name), ("phase", phase.Name), ("part", offer.Part), ("qfi", flow.Qfi),
            ("limitMbps", Text(offer.LimitMbps))));
    }

    /// <inheritdoc cref="AddLoad"/>
    public void AddWitness(
        LoadPhase phase, Slice loaded, SliceEnds ends, QosFlow flow, string part, int ratePps, params string[] shows)
    {
        if (ends.Flows.Draw(flow) is not { } ports)
        {
            OmitFlow(ends.Slice, flow, shows);
            return;
        }
        int session = ++_session;
        int count = (int)((long)ratePps * phase.Rhythm.Milliseconds / 1000);
        phase.Responders.Add(draft.Task("stamp-reflector", ends.Far.Kit, 0,
            ("address", ends.Far.Address), ("port", ports.RemotePort), ("session", session)));
        phase.Tests.Add(draft.Task("stamp-witness", ends.Ue.Kit, phase.Rhythm.Seconds + SettleSeconds,
            ("localAddress", ends.Ue.Address), ("localPort", ports.UePort), ("remoteAddress", ends.Far.Address),
            ("port", ports.RemotePort), ("session", session), ("slice", ends.Slice.Name), ("count", count),
            ("ratePps", ratePps), ("packetBytes", WitnessBytes), ("deadlineMs", DeadlineMs), ("phase", phase.Name),
            ("part", part), ("loadedSlice", loaded.Name), ("qfi", flow.Qfi)));
    }

    public void Finish(LoadPhase built, string zh, string en)
    {
        PlanPhase phase = new(
            built.Name, new(zh, en), built.Rhythm.Seconds + 1, true, built.Responders, built.Tests);
        draft.Phases.Add(phase with
        {
            Retest = new("load-disturbed-share", DisturbedShareMax,
                [.. Enumerable.Range(1, draft.IsQuick ? QuickRetests : FullRetests).Select(i => Again(phase, i))]),
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

        PlanTask Copy(PlanTask task) => draft.Task(task.Kind, task.Kit, task.Seconds,
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

    private void OmitFlow(Slice slice, QosFlow flow, string[] shows) =>
        draft.Omit($"slice-load {slice.Name} QFI {flow.Qfi}",
            $"切片 {slice.Name} 的 QFI {flow.Qfi} 的过滤规则没有可用的 UDP 端口",
            $"the filters of slice {slice.Name} leave no UDP ports for QFI {flow.Qfi}", shows);

    private static string Text(decimal number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}

/// <summary>A load of its own, and what it is to show.</summary>
/// <param name="Part"><c>ambr</c>, <c>mfbr</c> or <c>gfbr</c>.</param>
internal readonly record struct LoadOffer(QosFlow Flow, string Part, decimal LimitMbps, decimal Mbps);
