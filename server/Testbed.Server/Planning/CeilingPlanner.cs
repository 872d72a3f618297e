namespace Testbed.Server.Planning;

/// <summary>What the kits themselves can send and receive, before anyone blames the network.</summary>
internal static class CeilingPlanner
{
    public static void Plan(PlanDraft draft)
    {
        if (!draft.Wants("KIT-004")) return;
        // The figure stands for every kit that sends or answers load.
        string[] kits =
        [
            .. draft.Claim.Scenarios.Where(each => each.Type == "large-bandwidth")
                .SelectMany(each => new[] { draft.Ue(each.Slice)?.Kit, draft.FarEnd(each.To, each.Slice)?.Kit })
                .OfType<string>().Distinct(StringComparer.Ordinal),
        ];
        int seconds = draft.IsQuick ? 1 : 5;
        // One after the other: kits may share a host, and would measure each other.
        foreach (string kit in kits)
        {
            PlanTask test = draft.Task("kit-ceiling", kit, seconds,
                ("seconds", seconds), ("payloadBytes", CapacityPlanner.PayloadBytes));
            draft.Phases.Add(new($"kit-ceiling-{kit}",
                new($"套件测量上限（{kit}）", $"the kit's own ceiling ({kit})"), seconds + 1, false, [], [test]));
        }
    }
}
