using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;
using Testbed.Conformance.Statistics;

namespace Testbed.Server.Planning;

/// <summary>
/// Authenticated STAMP streams: one a slice and far end that a delay or reliability scenario names, which serves
/// all its figures and the proof of the path; and a short one in each other slice, so that each carries traffic.
/// </summary>
internal static class StampPlanner
{
    private static readonly string[] OfScenarios =
        ["SCN-LAT-001", "SCN-LAT-002", "SCN-LAT-003", "SCN-REL-001", "SCN-REL-002"];
    /// <summary>Any stream serves these.</summary>
    private static readonly string[] OfTraffic =
    [
        "E2E-001", "E2E-003", "E2E-004", "E2E-006", "E2E-007", "E2E-009", "SLC-001", "SLC-002", "KIT-001", "KIT-003",
    ];

    /// <summary>What E2E-004 asks for, and a fifth more for what a network may lose.</summary>
    private const int PathProofCount = 1_200;
    private const int PathProofRatePps = 1_200;
    /// <summary>p99.9 with a one-sided 95 % bound takes 2,995 samples; the catalogue asks for 10,000.</summary>
    private const int DelayCount = 12_000;
    private const int QuickRatePps = 3_000;
    private const int FullRatePps = 1_000;
    private const int QuickSecondsMax = 30;
    private const int FullSecondsMax = 1_800;
    /// <summary>Late or lost packets that still let a network pass that is as good as it claims.</summary>
    private const int QuickFailures = 2;
    private const int FullFailures = 10;
    /// <summary>
    /// Above this share of packets that a kit disturbed the phase is measured again. An idle kit on two cores disturbs
    /// 0.6 to 2.5 % at 3,000 packets a second (docs/decisions/0006).
    /// </summary>
    private const decimal DisturbedShareMax = 0.03m;
    private const string DisturbedShare = "disturbed-packet-share";
    private const int QuickRetests = 1;
    private const int FullRetests = 2;
    private const int PacketBytesDefault = 64;
    private const int DeadlineMsDefault = 1_000;

    public static void Plan(PlanDraft draft)
    {
        if (!draft.Wants([.. OfScenarios, .. OfTraffic])
            && !draft.Claim.Slices.Any(slice => draft.WantsProfileOf(slice.Name))) return;
        List<Stream> streams = [.. draft.Claim.Scenarios
            .Where(each => each.Type is "low-latency" or "high-reliability")
            .GroupBy(each => (each.Slice, each.To))
            .Select(group => Measured(draft, group.Key.Slice, group.Key.To, [.. group]))];
        foreach (Slice slice in draft.Claim.Slices.Where(each => streams.All(stream => stream.Slice != each.Name)))
            streams.Insert(0, new(slice.Name, "dn", PathProofCount, PathProofRatePps, PacketBytesDefault,
                DeadlineMsDefault, 0));
        bool isAny = false;
        foreach (Stream stream in streams) isAny |= Planned(draft, stream);
        if (!isAny)
            draft.Omit("stamp-sender", "没有切片同时具备终端与数据网端点", "no slice has both a ue and a far endpoint", OfTraffic);
    }

    private sealed record Stream(
        string Slice, string To, long Count, int RatePps, int PacketBytes, decimal DeadlineMs, int Retests);

    private static Stream Measured(PlanDraft draft, string slice, string to, Scenario[] scenarios)
    {
        long count = DelayCount;
        int rate = draft.IsQuick ? QuickRatePps : FullRatePps;
        long countMax = (long)rate * (draft.IsQuick ? QuickSecondsMax : FullSecondsMax);
        if (scenarios.FirstOrDefault(each => each.Figures.ContainsKey("ratio")) is { } reliability
            && reliability.Figures["ratio"] is > 0 and < 1 and var ratio)
            count = Math.Max(count, ClopperPearson.TrialsNeeded(
                ratio, draft.IsQuick ? QuickFailures : FullFailures));
        if (count > countMax)
        {
            draft.Omit("stamp-sender", $"所需 {count} 个样本超过本计划的 {countMax} 个；请用 --plan full",
                $"{count} samples are needed and this plan has time for {countMax}; use --plan full", "SCN-REL-001");
            count = countMax;
        }
        if (Availability(draft, scenarios) is { } seconds)
        {
            long needed = (long)Math.Ceiling(seconds * rate);
            if (needed > countMax)
                draft.Omit("stamp-sender",
                    $"按申报的可用性与生存时间需观察 {seconds:0} 秒，超过本计划的 {countMax / rate} 秒；请用 --plan full",
                    $"the claimed availability and survival time take {seconds:0} s to show and this plan has time for "
                        + $"{countMax / rate} s; use --plan full", "SCN-REL-002");
            count = Math.Min(Math.Max(count, needed), countMax);
        }
        return new(slice, to, count, rate,
            (int)Figure(scenarios, "packetBytes", PacketBytesDefault), Figure(scenarios, "withinMs", DeadlineMsDefault),
            draft.IsQuick ? QuickRetests : FullRetests);
    }

    /// <summary>Seconds that it takes to show the claimed availability: one look a survival time.</summary>
    private static decimal? Availability(PlanDraft draft, Scenario[] scenarios)
    {
        Scenario? claimed = scenarios.FirstOrDefault(
            each => each.Figures.GetValueOrDefault("availability") is > 0 and < 1);
        if (claimed is null || !claimed.Figures.TryGetValue("survivalMs", out decimal survivalMs)) return null;
        // One look more than the interval needs: the first message is where looking begins.
        long looks = ClopperPearson.TrialsNeeded(
            claimed.Figures["availability"], draft.IsQuick ? 0 : FullFailures) + 1;
        return looks * survivalMs / 1_000;
    }

    private static decimal Figure(Scenario[] scenarios, string key, decimal otherwise) =>
        scenarios.Where(each => each.Figures.ContainsKey(key)).Select(each => each.Figures[key])
            .DefaultIfEmpty(otherwise).Max();

    private static bool Planned(PlanDraft draft, Stream stream)
    {
        if (draft.Ue(stream.Slice) is not { } ue || draft.FarEnd(stream.To, stream.Slice) is not { } far)
        {
            draft.Omit("stamp-sender", $"切片 {stream.Slice} 缺少终端或{stream.To}端点",
                $"slice {stream.Slice} lacks a ue or {stream.To} endpoint", OfScenarios);
            return false;
        }
        PlanPhase phase = Attempt(
            draft, stream, ue, far, draft.NextStampSession(), $"stamp-{stream.Slice}-{stream.To}");
        List<PlanPhase> retests = [];
        for (int i = 1; i <= stream.Retests; i++)
            retests.Add(Attempt(draft, stream, ue, far, draft.NextStampSession(), $"{phase.Name}-retest-{i}"));
        draft.Phases.Add(retests.Count == 0 ? phase
            : phase with { Retest = new(DisturbedShare, DisturbedShareMax, retests) });
        return true;
    }

    private static PlanPhase Attempt(
        PlanDraft draft, Stream stream, TestEndpoint ue, TestEndpoint far, int session, string name)
    {
        int rate = RateWithin(draft.LimitMbps, stream);
        int seconds = (int)((stream.Count + rate - 1) / rate) + 1;
        int port = draft.Ports.Next();
        string path = PathScope.Of(stream.Slice, stream.To);
        return new(name, new($"时延与可靠性（{path}）", $"delay and reliability ({path})"), seconds, false,
            [draft.Task("stamp-reflector", far.Kit, 0,
                ("address", far.Address), ("port", port), ("session", session))],
            [draft.Task("stamp-sender", ue.Kit, seconds,
                ("localAddress", ue.Address), ("localPort", draft.Ports.Next()), ("remoteAddress", far.Address),
                ("port", port), ("session", session), ("slice", stream.Slice), ("farEnd", stream.To),
                ("count", stream.Count),
                ("ratePps", rate), ("packetBytes", stream.PacketBytes), ("deadlineMs", stream.DeadlineMs))]);
    }

    private static int RateWithin(decimal limitMbps, Stream stream)
    {
        // Authenticated STAMP is never shorter than 112 bytes (RFC 8762 §4.2.2) plus UDP and IPv6 headers.
        int bytes = Math.Max(stream.PacketBytes, 112) + 48;
        return (int)Math.Clamp(limitMbps * 1_000_000 / (bytes * 8), 1, stream.RatePps);
    }
}
