using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Meters.Provenance;
using Testbed.Analyzer.Profiles;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Sessions;

/// <summary>
/// SCN-DEN-001: the most sessions that had traffic within one 10 s window, and that number over the declared area.
/// A session is a UE address with a G-PDU on N3; in a run also a tunnel of its own, as many addresses behind one tunnel
/// are one session. Sessions that a kit played are also counted apart from the others.
/// </summary>
internal sealed class ActiveSessionMeter : IMeter
{
    private const string Source = "active-session-meter";
    private const string ScenarioType = "massive-connection";
    private const long StepNs = SessionActivity.StepNs;
    private const int WindowSteps = SessionActivity.WindowSteps;
    private const long StepsMax = SessionActivity.StepsMax;

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (!context.HasN3) return;
        foreach (string slice in SlicesOf(context.Request.Claim))
        {
            List<KpiResult> kpis = FiguresOf(context, slice);
            foreach (string path in PathsOf(context.Request.Claim, slice))
                output.Kpis.AddRange(kpis.Select(kpi => kpi with { Scope = path }));
        }
    }

    /// <summary>Of the scenarios that ask for sessions; one empty name, for all, without any.</summary>
    public static List<string> SlicesOf(Claim? claim)
    {
        List<string> slices =
            [.. claim?.Scenarios.Where(one => one.Type == ScenarioType).Select(one => one.Slice).Distinct() ?? []];
        return slices.Count == 0 ? [""] : slices;
    }

    /// <summary>A slice's sessions are one number, whichever far end a scenario on it names.</summary>
    private static List<string> PathsOf(Claim? claim, string slice)
    {
        List<string> paths = [.. claim?.Scenarios.Where(one => one.Type == ScenarioType && one.Slice == slice)
            .Select(one => PathScope.Of(one.Slice, one.To)).Distinct() ?? []];
        return paths.Count == 0 ? [slice] : paths;
    }

    private static List<KpiResult> FiguresOf(AnalysisContext context, string slice)
    {
        Dictionary<HostAddress, int> numbers = [];
        SortedSet<(int Ue, int Step)> active = [];
        string? evidence;
        int most, endStep = 0, ues;
        if (context.Activity is { } activity) (most, evidence) = activity.Of(slice);
        else
        {
            long startNs = context.Taps.Min(tap => tap.Tally.FirstNs);
            active = Gather(context, slice, startNs, numbers, out evidence);
            (most, endStep) = Most(active);
        }
        ues = most;
        if (context.Request.Run is not null)
            most = Math.Min(ues, Math.Max(
                Tunnels(context, slice, PacketDirection.Uplink), Tunnels(context, slice, PacketDirection.Downlink)));
        // The samples are the packets looked at: a slice without a session on a busy N3 is a figure, and it is zero.
        long examined = context.Taps.Where(tap => tap.Role is not TapRole.N6).Sum(tap => tap.Profile.Records);
        KpiResult sessions = Figures.Exact("concurrent-active-sessions", most, examined, Source) with
        {
            Evidence = evidence is null ? [] : [evidence],
            CaptureLossHigh = Figures.Dropped(context, tap => tap.Role is not TapRole.N6),
            Findings = most == ues ? [] :
            [
                new($"{ues} 个终端地址只使用 {most} 条隧道；每个会话有自己的隧道",
                    $"{ues} UE addresses used only {most} tunnels; each session has a tunnel of its own"),
            ],
        };
        List<KpiResult> kpis = [sessions];
        if (context.Request.Run is { } run)
        {
            HashSet<int> busiest = [.. active.Where(one => one.Step <= endStep && one.Step > endStep - WindowSteps)
                .Select(one => one.Ue)];
            int emulated = Math.Min(
                most, numbers.Count(ue => busiest.Contains(ue.Value) && IsIn(run.EmulatedUes, ue.Key)));
            kpis.Add(Part("active-sessions-real", most - emulated));
            kpis.Add(Part("active-sessions-emulated", emulated));
        }
        if (context.Request.Claim is { Site.AreaKm2: > 0 } claim)
        {
            decimal density = decimal.Round(most / claim.Site.AreaKm2, 3);
            kpis.Add(sessions with
            {
                Id = "session-density", Unit = "1/km2", Value = density, Low = density, High = density,
                CaptureLossHigh = 0,
            });
        }
        return kpis;

        KpiResult Part(string id, int count) =>
            sessions with { Id = id, Value = count, Low = count, High = count, CaptureLossHigh = 0 };
    }

    private static bool IsIn(IReadOnlyList<AddressRange> ranges, HostAddress ue)
    {
        foreach (AddressRange range in ranges)
        {
            HostAddress first = HostAddress.From(range.First);
            if (ue.High == first.High && ue.Low - first.Low < (ulong)range.Count) return true;
        }
        return false;
    }

    private static SortedSet<(int, int)> Gather(
        AnalysisContext context, string slice, long startNs, Dictionary<HostAddress, int> numbers,
        out string? evidence)
    {
        evidence = null;
        SortedSet<(int, int)> active = [];
        foreach (TapCapture tap in context.Taps)
        {
            long[] lastStep = new long[tap.Decoder.Flows.Count];
            Array.Fill(lastStep, -1);
            for (int i = 0; i < tap.Records.Count; i++)
            {
                ref PacketRecord record = ref tap.Records[i];
                if (record.Kind is not RecordKind.Gpdu || record.Flow < 0 || record.TimeNs == 0
                    || record.Direction is PacketDirection.Unknown) continue;
                long step = (record.TimeNs - startNs) / StepNs;
                if (step == lastStep[record.Flow] || step is < 0 or >= StepsMax) continue;
                lastStep[record.Flow] = step;
                HostAddress ue = AnalysisContext.UeOf(tap.Flow(record), record.Direction);
                if (slice.Length > 0 && !IsOf(context, ue, slice)) continue;
                if (!numbers.TryGetValue(ue, out int number)) numbers[ue] = number = numbers.Count;
                evidence ??= tap.Evidence(record);
                active.Add((number, (int)step));
            }
        }
        return active;
    }

    /// <summary>The most tunnels of one direction, by receiving end, with a slice's traffic in one window.</summary>
    private static int Tunnels(AnalysisContext context, string slice, PacketDirection direction)
    {
        long startNs = context.Taps.Min(tap => tap.Tally.FirstNs);
        Dictionary<(HostAddress, uint), int> numbers = [];
        SortedSet<(int, int)> active = [];
        foreach (TapCapture tap in context.Taps)
        {
            long[] lastStep = new long[tap.Decoder.Tunnels.Count];
            Array.Fill(lastStep, -1);
            for (int i = 0; i < tap.Records.Count; i++)
            {
                ref PacketRecord record = ref tap.Records[i];
                if (record.Kind is not RecordKind.Gpdu || record.Flow < 0 || record.Tunnel < 0 || record.TimeNs == 0
                    || record.Direction != direction) continue;
                long step = (record.TimeNs - startNs) / StepNs;
                if (step == lastStep[record.Tunnel] || step is < 0 or >= StepsMax
                    || (slice.Length > 0 && !IsOf(context, AnalysisContext.UeOf(tap.Flow(record), direction), slice)))
                    continue;
                lastStep[record.Tunnel] = step;
                TunnelKey tunnel = tap.Tunnel(record);
                (HostAddress, uint) end = (tunnel.Destination, tunnel.Teid);
                if (!numbers.TryGetValue(end, out int number)) numbers[end] = number = numbers.Count;
                active.Add((number, (int)step));
            }
        }
        return Most(active).Count;
    }

    private static bool IsOf(AnalysisContext context, HostAddress ue, string slice) =>
        context.Slices.Of(ue) is var own && own != SliceMap.Unknown && context.Slices.Name(own) == slice;

    // A UE that was active in step s counts in the windows that end in s … s + 9; overlapping ones of a UE count once.
    private static (int Count, int EndStep) Most(SortedSet<(int Ue, int Step)> active)
    {
        if (active.Count == 0) return (0, 0);
        int[] change = new int[active.Max(one => one.Step) + WindowSteps + 1];
        int ue = -1, end = 0;
        foreach ((int number, int step) in active)
        {
            int from = number == ue ? Math.Max(step, end) : step;
            (ue, end) = (number, step + WindowSteps);
            change[from]++;
            change[end]--;
        }
        int most = 0, at = 0, now = 0;
        for (int step = 0; step < change.Length; step++)
        {
            now += change[step];
            if (now > most) (most, at) = (now, step);
        }
        return (most, at);
    }
}
