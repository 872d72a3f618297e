using Testbed.Conformance.Claims;

namespace Testbed.Server.Planning;

/// <summary>What the kits themselves can send and receive, before anyone blames the network.</summary>
internal static class CeilingPlanner
{
    /// <summary>As the probe takes.</summary>
    private const int AddressesMax = 16;

    public static void Plan(PlanDraft draft)
    {
        if (!draft.Wants("KIT-004")) return;
        // The figure stands for every kit that sends or answers load.
        IGrouping<string, TestEndpoint>[] kits =
        [
            .. draft.Claim.Scenarios.Where(each => each.Type == "large-bandwidth")
                .SelectMany(each => new[] { draft.Ue(each.Slice), draft.FarEnd(each.To, each.Slice) })
                .OfType<TestEndpoint>().GroupBy(each => each.Kit, StringComparer.Ordinal),
        ];
        int seconds = draft.IsQuick ? 1 : 5;
        // One after the other: kits may share a host, and would measure each other.
        foreach (IGrouping<string, TestEndpoint> ends in kits)
        {
            string kit = ends.Key;
            PlanTask test = draft.Task("kit-ceiling", kit, seconds,
                ("seconds", seconds), ("payloadBytes", CapacityPlanner.PayloadBytes),
                ("addresses", string.Join(',', ends.Select(each => each.Address).Distinct().Take(AddressesMax))));
            draft.Phases.Add(new($"kit-ceiling-{kit}",
                new($"套件测量上限（{kit}）", $"the kit's own ceiling ({kit})"), seconds + 1, false, [], [test]));
        }
    }
}
