using Testbed.Conformance.Claims;

namespace Testbed.Server.Planning.Edge;

/// <summary>Calls to the MEC platform from the kit that stands at the edge, as applications call.</summary>
internal static class MecPlanner
{
    private const int RegistrySeconds = 3;
    private const int RefusalSeconds = 1;
    private const int LocationSeconds = 1;
    private static readonly string[] Requirements = ["EDG-004", "EDG-005", "EDG-007"];

    public static void Plan(PlanDraft draft)
    {
        if (!draft.Wants(Requirements) || draft.Claim.Endpoints.All(each => each.Role != "edge")) return;
        foreach (EdgeHost host in draft.Claim.Edge)
            if (KitAt(draft, host) is { } kit) PlanHost(draft, host, kit);
        OmitWhatIsNotClaimed(draft);
    }

    /// <summary>The endpoint on the host itself, else any at the edge.</summary>
    private static TestEndpoint? KitAt(PlanDraft draft, EdgeHost host) =>
        draft.Claim.Endpoints.Where(each => each.Role == "edge")
            .OrderBy(each => each.Address.Equals(host.Address) ? 0 : 1).FirstOrDefault();

    private static void PlanHost(PlanDraft draft, EdgeHost host, TestEndpoint kit)
    {
        List<PlanTask> tests = [];
        if (host.Mec011 is { } services && draft.Wants("EDG-004"))
            tests.Add(Task(draft, host, kit, "mec-service-registry", services, RegistrySeconds,
                ("listenAddress", kit.Address), ("listenPort", draft.Ports.Next())));
        if (host.Mec013 is { } location && draft.Wants("EDG-005") && EdgeEnds.UeOf(draft) is { } ue)
            tests.Add(Task(draft, host, kit, "mec-location", location, LocationSeconds, ("ueAddress", ue.Address)));
        if (tests.Count > 0)
            draft.Phases.Add(new($"mec-{host.Name}", new($"MEC平台（{host.Name}）", $"MEC platform ({host.Name})"),
                tests.Max(test => test.Seconds), false, [], tests));
        // Each claimed interface, in whichever entry it stands: one that nobody asks may be open. By itself: what an
        // open one lets in makes a service, and who removes it removes all of the run's.
        if ((host.Mec011 ?? host.Mec013) is { } guarded && draft.Wants("EDG-007"))
            draft.Phases.Add(new($"mec-refusals-{host.Name}",
                new($"MEC接口鉴权（{host.Name}）", $"access to MEC interfaces ({host.Name})"), RefusalSeconds, false, [],
                [
                    Task(draft, host, kit, "mec-refusals", guarded, RefusalSeconds,
                        ("services", host.Mec011 is null ? "false" : "true"),
                        ("location", host.Mec013?.AbsoluteUri ?? "")),
                ]));
    }

    private static PlanTask Task(
        PlanDraft draft, EdgeHost host, TestEndpoint kit, string kind, Uri root, int seconds,
        params (string Name, object Value)[] parameters) =>
        draft.Task(kind, kit.Kit, seconds,
        [
            ("root", root.AbsoluteUri), ("token", host.Token ?? ""), ("ca", draft.EdgeCa(host)),
            ("app", host.AppInstance ?? host.Name), .. parameters,
        ]);

    private static void OmitWhatIsNotClaimed(PlanDraft draft)
    {
        if (draft.Claim.Edge.All(host => host.Mec011 is null))
            draft.Omit("mec-service-registry", "申报未给出 MEC 011 接口（edge.mec011）",
                "the claim names no MEC 011 interface (edge.mec011)", "EDG-004");
        if (draft.Claim.Edge.All(host => host.Mec011 is null && host.Mec013 is null))
            draft.Omit("mec-refusals", "申报未给出 MEC 接口（edge.mec011、edge.mec013）",
                "the claim names no MEC interface (edge.mec011, edge.mec013)", "EDG-007");
        if (draft.Claim.Edge.All(host => host.Mec013 is null))
            draft.Omit("mec-location", "申报未给出位置接口（edge.mec013）",
                "the claim names no location interface (edge.mec013)", "EDG-005");
    }
}
