namespace Testbed.Server.Planning;

/// <summary>What the kits themselves can send and receive, before anyone blames the network.</summary>
internal static class CeilingPlanner
{
    public static void Plan(PlanDraft draft)
    {
        if (!draft.Wants("KIT-004")) return;
        // The figure stands for every kit that sends or answers load; one loop a kit, whatever it serves.
        string[] kits = [.. draft.Claim.Endpoints.Where(each => each.Role is "ue" or "dn").Select(each => each.Kit)
            .Distinct(StringComparer.Ordinal)];
        if (kits.Length == 0) return;
        int seconds = draft.IsQuick ? 1 : 5;
        List<PlanTask> tests = [];
        foreach (string kit in kits)
            tests.Add(draft.Task("kit-ceiling", kit, seconds,
                ("seconds", seconds), ("payloadBytes", CapacityPlanner.PayloadBytes)));
        draft.Phases.Add(new("kit-ceiling", new("套件测量上限", "the kits' own ceiling"), seconds + 1, false, [], tests));
    }
}
