using System.Globalization;
using Testbed.Conformance.Claims;

namespace Testbed.Server.Planning.Edge;

/// <summary>
/// Authenticated STAMP to the edge and to the central data network at the same time: where the packets leave, how much
/// nearer the edge is, and whether any of them is seen at the centre.
/// </summary>
internal static class EdgePathPlanner
{
    private static readonly string[] Requirements = ["EDG-001", "EDG-002", "EDG-006"];

    /// <summary>The 10,000 marked packets of EDG-006, and an eighth more for what a network may lose.</summary>
    private const int EdgeCount = 11_250;
    private const int EdgeCountFull = 30_000;
    private const int EdgeRatePps = 2_500;
    private const int EdgeRatePpsFull = 1_000;
    /// <summary>Enough for p95 and, at the same time, for the proof that the centre's tap was listening.</summary>
    private const int CentreRatePps = 500;
    private const int DeadlineMs = 1_000;
    /// <summary>UDP payload of a marked packet with its UDP and IPv4 headers, bytes.</summary>
    private const int PacketBytes = 132 + 28;
    /// <summary>As StampPlanner: an idle kit on two cores disturbs 0.6 to 2.5 % (docs/decisions/0006).</summary>
    private const decimal DisturbedShareMax = 0.03m;

    public static void Plan(PlanDraft draft)
    {
        if (!draft.Wants(Requirements) || draft.Claim.Endpoints.All(each => each.Role != "edge")) return;
        int number = 0;
        foreach (TestEndpoint edge in draft.Claim.Endpoints.Where(each => each.Role == "edge"))
        {
            if (EdgeEnds.At(draft, edge) is not { Centre: { } centre } ends)
            {
                draft.Omit($"edge-paths {edge.Address}", $"没有切片同时具备终端、边缘（{edge.Address}）与数据网端点",
                    $"no slice has a ue, an edge ({edge.Address}) and a dn endpoint", Requirements);
                continue;
            }
            string name = ++number == 1 ? "edge-paths" : $"edge-paths-{number}";
            PlanPhase phase = Attempt(draft, ends, centre, name);
            PlanPhase again = Attempt(draft, ends, centre, $"{name}-retest-1");
            draft.Phases.Add(phase with { Retest = new("edge-disturbed-share", DisturbedShareMax, [again]) });
        }
    }

    private static PlanPhase Attempt(PlanDraft draft, EdgeEnds ends, TestEndpoint centre, string name)
    {
        // What the limit leaves is shared out as the rates are.
        decimal share = Math.Min(1, draft.LimitMbps * 1_000_000 / (8 * PacketBytes * (EdgeRatePps + CentreRatePps)));
        int edgeRate = Math.Max(1, (int)((draft.IsQuick ? EdgeRatePps : EdgeRatePpsFull) * share));
        int centreRate = Math.Max(1, (int)(CentreRatePps * share));
        int edgeCount = draft.IsQuick ? EdgeCount : EdgeCountFull;
        int seconds = (edgeCount + edgeRate - 1) / edgeRate;
        int edgePort = draft.Ports.Next(), centrePort = draft.Ports.Next();
        int edgeSession = draft.NextStampSession(), centreSession = draft.NextStampSession();
        return new(name, new("边缘与中心路径", "paths to edge and centre"), seconds + 1, false,
            [
                Reflector(draft, ends.Edge, edgePort, edgeSession), Reflector(draft, centre, centrePort, centreSession),
            ],
            [draft.Task("edge-paths", ends.Ue.Kit, seconds + 1,
                ("localAddress", ends.Ue.Address), ("slice", ends.Slice), ("deadlineMs", DeadlineMs),
                ("edgeAddress", ends.Edge.Address), ("edgePort", edgePort), ("edgeLocalPort", draft.Ports.Next()),
                ("edgeSession", edgeSession), ("edgeCount", edgeCount), ("edgeRatePps", edgeRate),
                ("dnAddress", centre.Address), ("dnPort", centrePort), ("dnLocalPort", draft.Ports.Next()),
                ("dnSession", centreSession), ("dnCount", seconds * centreRate), ("dnRatePps", centreRate),
                ("claimedMs", ClaimedMs(draft, ends.Slice)))]);
    }

    private static PlanTask Reflector(PlanDraft draft, TestEndpoint far, int port, int session) =>
        draft.Task("stamp-reflector", far.Kit, 0, ("address", far.Address), ("port", port), ("session", session));

    /// <summary>A claimed p99 bounds the p95 as well; empty where the claim has none for the edge.</summary>
    private static string ClaimedMs(PlanDraft draft, string slice) =>
        draft.Claim.Scenarios
            .Where(each => each is { Type: ClaimWords.LowLatency, To: "edge" } && each.Slice == slice)
            .Select(each => each.Figures.TryGetValue("rttMsP99", out decimal limit) ? limit : (decimal?)null)
            .Min()?.ToString(CultureInfo.InvariantCulture) ?? "";
}

/// <summary>A UE, an edge endpoint that serves its slice, and the slice's central end where there is one.</summary>
internal sealed record EdgeEnds(string Slice, TestEndpoint Ue, TestEndpoint Edge, TestEndpoint? Centre)
{
    /// <summary>Of the first slice that has all, else of the first that lacks only the centre.</summary>
    public static EdgeEnds? Of(PlanDraft draft)
    {
        EdgeEnds[] all = [.. Candidates(draft)];
        return all.FirstOrDefault(ends => ends.Centre is not null) ?? all.FirstOrDefault();
    }

    /// <summary>A UE that may use the edge; any UE where no edge endpoint is claimed.</summary>
    public static TestEndpoint? UeOf(PlanDraft draft) =>
        Of(draft)?.Ue ?? draft.Claim.Endpoints.FirstOrDefault(each => each.Role == "ue");

    /// <summary>The same for one claimed edge endpoint: each host has to show where its traffic leaves.</summary>
    public static EdgeEnds? At(PlanDraft draft, TestEndpoint edge)
    {
        EdgeEnds[] all =
        [
            .. from slice in draft.Claim.Slices
               where edge.Slice is null || edge.Slice == slice.Name
               let ue = draft.Ue(slice.Name)
               where ue is not null
               select new EdgeEnds(slice.Name, ue, edge, draft.FarEnd("dn", slice.Name)),
        ];
        return all.FirstOrDefault(ends => ends.Centre is not null) ?? all.FirstOrDefault();
    }

    private static IEnumerable<EdgeEnds> Candidates(PlanDraft draft)
    {
        foreach (Slice slice in draft.Claim.Slices)
        {
            if (draft.Ue(slice.Name) is { } ue && draft.FarEnd("edge", slice.Name) is { } edge)
                yield return new(slice.Name, ue, edge, draft.FarEnd("dn", slice.Name));
        }
    }
}
