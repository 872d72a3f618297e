using System.Globalization;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Profiles;
using Testbed.Conformance.Results;

namespace Testbed.Server.Planning;

/// <summary>Search for the largest rate that gets through, downlink and uplink: overload on purpose.</summary>
internal static class CapacityPlanner
{
    /// <summary>
    /// Stays below a 1400-byte N3 with GTP-U, UDP and IP around it, so that no fragment distorts the rate.
    /// </summary>
    public const int PayloadBytes = 1200;

    /// <summary>
    /// What shows a claim with room for the search to overshoot; the kit's ceiling is held to the same.
    /// </summary>
    private const decimal Headroom = 1.2m;

    /// <summary>A quick plan's length; what the other tests leave of it goes to the capacity runs.</summary>
    private const int QuickSecondsMax = 90;
    /// <summary>
    /// Three are enough for an interval; a fourth narrows Student's t from 2.5 to 1.6 standard deviations.
    /// </summary>
    private const int QuickRuns = 4;
    private const int QuickRunSecondsMin = 3;
    private const int QuickRunSecondsMax = 5;
    /// <remarks>RFC 9097 §8: ten seconds a search; ten runs give a Student-t interval worth printing.</remarks>
    private const int FullRuns = 10;
    private const int FullRunSeconds = 10;
    /// <summary>
    /// Above this share of trials in which a kit stood still the search is made again (docs/decisions/0006): one of a
    /// quick plan's four, or more than one of a full plan's ten.
    /// </summary>
    private const decimal DisturbedShareMax = 0.1m;
    /// <summary>Set-up and tear-down of all runs of one search, in seconds.</summary>
    private const int OverheadSeconds = 2;

    public static void Plan(PlanDraft draft)
    {
        List<(Scenario Scenario, string Direction, decimal ClaimedMbps)> searches = [];
        foreach (Scenario scenario in draft.Claim.Scenarios.Where(each => each.Type == "large-bandwidth"))
        {
            bool forProfile = draft.WantsProfileOf(scenario.Slice);
            if ((forProfile || draft.Wants("SCN-BW-001"))
                && scenario.Figures.TryGetValue("dlMbps", out decimal downlink))
                searches.Add((scenario, "downlink", downlink));
            if ((forProfile || draft.Wants("SCN-BW-002"))
                && scenario.Figures.TryGetValue("ulMbps", out decimal uplink))
                searches.Add((scenario, "uplink", uplink));
        }
        if (searches.Count == 0) return;
        int seconds = draft.IsQuick
            ? Math.Clamp(((QuickSecondsMax - draft.Seconds) / searches.Count - OverheadSeconds) / QuickRuns,
                QuickRunSecondsMin, QuickRunSecondsMax)
            : FullRunSeconds;
        foreach ((Scenario scenario, string direction, decimal claimed) in searches)
            PlanSearch(draft, scenario, direction, claimed, seconds);
    }

    private static void PlanSearch(
        PlanDraft draft, Scenario scenario, string direction, decimal claimedMbps, int runSeconds)
    {
        string requirement = direction == "downlink" ? "SCN-BW-001" : "SCN-BW-002";
        if (draft.Ue(scenario.Slice) is not { } ue || draft.FarEnd(scenario.To, scenario.Slice) is not { } far)
        {
            draft.Omit("capacity-client", $"切片 {scenario.Slice} 缺少终端或{scenario.To}端点",
                $"slice {scenario.Slice} lacks a ue or {scenario.To} endpoint", requirement);
            return;
        }
        KpiRule[] rules = [.. (draft.Criteria?.Requirements ?? []).SelectMany(each => each.Kpis)
            .Where(rule => rule.Id == $"{direction}-capacity")];
        // Held to the floor where the claim is weaker: a search that ends below it fails any network.
        decimal heldMbps = Math.Max(claimedMbps, rules.Max(rule => rule.Floor) ?? 0);
        if (Obstacle(draft, direction == "downlink" ? "dlMbps" : "ulMbps", heldMbps) is var (zh, en))
        {
            draft.Omit("capacity-client", zh, en, requirement);
            return;
        }
        decimal wantedMbps = Math.Max(heldMbps, Promised(draft, scenario.Slice, rules)) * Headroom;
        decimal max = draft.IsQuick ? Math.Min(draft.LimitMbps, wantedMbps) : draft.LimitMbps;
        Search search = new(scenario, direction, ue, far, max, draft.IsQuick ? QuickRuns : FullRuns, runSeconds);
        PlanPhase first = Attempt(draft, search, search.Name);
        draft.Phases.Add(first with
        {
            Retest = new($"{direction}-disturbed-trial-share", DisturbedShareMax,
                [Attempt(draft, search, $"{search.Name}-retest-1")]),
        });
    }

    private sealed record Search(
        Scenario Scenario, string Direction, TestEndpoint Ue, TestEndpoint Far, decimal MaxMbps, int Runs,
        int RunSeconds)
    {
        public string Name => $"capacity-{Direction}-{Scenario.Slice}{(Scenario.To == "dn" ? "" : "-" + Scenario.To)}";
    }

    private static PlanPhase Attempt(PlanDraft draft, Search search, string name)
    {
        string direction = search.Direction, path = PathScope.Of(search.Scenario.Slice, search.Scenario.To);
        int port = draft.Ports.Next();
        int seconds = search.Runs * search.RunSeconds + OverheadSeconds;
        return new(name,
            new($"{(direction == "downlink" ? "下行" : "上行")}容量（{path}）", $"{direction} capacity ({path})"),
            seconds, true,
            [draft.Task("capacity-server", search.Far.Kit, 0, ("address", search.Far.Address), ("port", port))],
            [draft.Task("capacity-client", search.Ue.Kit, seconds,
                ("localAddress", search.Ue.Address), ("localPort", draft.Ports.Next()),
                ("remoteAddress", search.Far.Address), ("port", port),
                ("slice", search.Scenario.Slice), ("farEnd", search.Scenario.To), ("direction", direction),
                ("runs", search.Runs), ("seconds", search.RunSeconds),
                ("maxMbps", search.MaxMbps.ToString("0.###", CultureInfo.InvariantCulture)),
                ("payloadBytes", PayloadBytes))]);
    }

    /// <summary>The largest rate of this direction in the slice's ServiceProfile (SLC-008), in Mbit/s.</summary>
    private static decimal Promised(PlanDraft draft, string slice, KpiRule[] rules) =>
        (from each in draft.Claim.Slices
         where each.Name == slice && each.ServiceProfile is not null
         from figure in each.ServiceProfile!.Figures
         join rule in rules on figure.Path equals rule.Field
         select (figure.Value ?? 0) * rule.Factor).DefaultIfEmpty(0).Max();

    private static (string Zh, string En)? Obstacle(PlanDraft draft, string key, decimal mbps)
    {
        if (!draft.Consents("load"))
            return ("声明未同意施加负载（consent: load）", "the claim gives no consent to load (consent: load)");
        // A search that may not go beyond what it is to show would only show the limit.
        decimal takes = mbps * Limits.RateRoom;
        if (takes <= draft.LimitMbps) return null;
        if (draft.LimitMbps == ProductLimits.Mbps)
            return ($"{key}：证明 {mbps:0.###} Mbit/s 需发送 {takes:0.###}，超过套件的上限 {ProductLimits.Mbps} Mbit/s",
                $"{key}: a search for {mbps:0.###} Mbit/s takes {takes:0.###}, more than the {ProductLimits.Mbps} "
                    + "that a kit sends");
        return ($"limits.mbps={draft.LimitMbps} 不足以证明 {mbps:0.###} Mbit/s：至少需 {takes:0.###}，请提高 limits.mbps",
            $"limits.mbps={draft.LimitMbps} leaves a search for {mbps:0.###} Mbit/s no room: it takes "
                + $"{takes:0.###}, so raise limits.mbps");
    }
}
