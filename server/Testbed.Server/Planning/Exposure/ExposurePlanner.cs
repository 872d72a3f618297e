using Testbed.Conformance.Claims;

namespace Testbed.Server.Planning.Exposure;

/// <summary>The exposure tests that need no traffic: access, life cycle, discovery, bad bodies.</summary>
internal static class ExposurePlanner
{
    private const int AccessSeconds = 3, InterfaceSeconds = 3;
    private const int BadBodiesQuick = 240, BadBodiesFull = 2_000;
    /// <summary>An answer takes a few milliseconds.</summary>
    private const int BadBodiesPerSecond = 80;

    public static void Plan(PlanDraft draft)
    {
        if (ExposureDraft.Of(draft, ["EXP-001", "EXP-003", "EXP-007", "EXP-009"]) is not { } exposure) return;
        PlanAccess(exposure);
        PlanInterfaces(exposure);
        PlanBadBodies(exposure);
    }

    private static void PlanAccess(ExposureDraft exposure)
    {
        if (!exposure.Draft.Wants("EXP-001")) return;
        exposure.Draft.Phases.Add(new("exposure-access", new("能力开放安全接入", "secure access to exposure"),
            AccessSeconds, false, [], [exposure.Task("exposure-access", AccessSeconds)]));
    }

    private static void PlanInterfaces(ExposureDraft exposure)
    {
        PlanDraft draft = exposure.Draft;
        List<PlanTask> responders = [], tests = [];
        if (draft.Wants("EXP-003") && LifeCycle(exposure, responders) is { } lifeCycle) tests.Add(lifeCycle);
        if (draft.Wants("EXP-007"))
        {
            if (exposure.Capif is not null) tests.Add(exposure.Task("exposure-discovery", InterfaceSeconds));
            else draft.Omit("exposure-discovery", "声明未给出 CAPIF", "the claim names no CAPIF", "EXP-007");
        }
        if (tests.Count == 0) return;
        draft.Phases.Add(new("exposure-interfaces", new("能力开放接口", "exposure interfaces"), InterfaceSeconds, false,
            responders, tests));
    }

    private static PlanTask? LifeCycle(ExposureDraft exposure, List<PlanTask> responders)
    {
        PlanDraft draft = exposure.Draft;
        if (!exposure.Offers("as-session-with-qos"))
        {
            draft.Omit("exposure-qos-life-cycle", "声明的接口中没有 as-session-with-qos",
                "the claim's APIs do not hold as-session-with-qos", "EXP-003");
            return null;
        }
        if (OnDemandFlows.ByReference(draft.Claim) is not { Slice: var slice, Flow: var flow }
            || ExposureFlow.In(draft, slice.Name) is not { } test)
        {
            draft.Omit("exposure-qos-life-cycle", "没有带 qosReference 的流，或其切片缺少 ue、dn 端点",
                "no flow has a qosReference, or its slice lacks a ue or dn endpoint", "EXP-003");
            return null;
        }
        // A UE that does not speak may have no session, and a network then nothing to put the flow into.
        responders.AddRange(test.Tasks(draft, 1, 10 * InterfaceSeconds));
        return exposure.Task("exposure-qos-life-cycle", InterfaceSeconds,
            [.. test.Parameters, ("qosReference", flow.QosReference!), ("listenPort", draft.Ports.Next())]);
    }

    private static void PlanBadBodies(ExposureDraft exposure)
    {
        PlanDraft draft = exposure.Draft;
        if (!draft.Wants("EXP-009")) return;
        if (!draft.Consents("malformed"))
        {
            draft.Omit("exposure-bad-bodies", "声明未同意发送畸形请求（consent: malformed）",
                "the claim gives no consent to malformed requests (consent: malformed)", "EXP-009");
            return;
        }
        // A body that nobody accepts needs no real UE: any documentation address would do where the claim has none.
        Slice? slice = draft.Claim.Slices.FirstOrDefault(each => draft.Ue(each.Name) is not null
            && draft.FarEnd("dn", each.Name) is not null);
        if (slice is null || ExposureFlow.In(draft, slice.Name) is not { } test)
        {
            draft.Omit("exposure-bad-bodies", "没有同时具备 ue 与 dn 端点的切片", "no slice has both a ue and a dn endpoint",
                "EXP-009");
            return;
        }
        int count = draft.IsQuick ? BadBodiesQuick : BadBodiesFull, seconds = count / BadBodiesPerSecond;
        draft.Phases.Add(new("exposure-bad-bodies", new("接口健壮性", "robustness of the interfaces"), seconds, false, [],
        [
            exposure.Task("exposure-bad-bodies", seconds,
            [
                .. test.Parameters, ("count", count),
                ("qosReference", OnDemandFlows.ByReference(draft.Claim)?.Flow.QosReference ?? "none"),
                ("qosProfile", OnDemandFlows.ByProfile(draft.Claim)?.Flow.QosProfile ?? "none"),
                ("dnai", OnDemandFlows.Dnai(draft.Claim) ?? "none"),
                ("group", exposure.Nef.UeGroup ?? "none@example.com"),
            ]),
        ]));
    }
}
