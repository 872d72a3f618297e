using System.Net;
using System.Numerics;
using Testbed.Conformance.Claims;

namespace Testbed.Server.Planning.Exposure;

/// <summary>
/// The closed loops, all at once: each has a flow of its own, and what one asks for changes no other. Beside them the
/// refusals, which wait for a token to expire, and the events of other UEs.
/// </summary>
internal static class ExposureLoopPlanner
{
    private const int CyclesQuick = 5, CyclesFull = 20;
    /// <summary>As CycleTimes of the probe: of a quick plan's cycles one waits beyond the 5 s limit, twice.</summary>
    private const int ShortCycleSeconds = 4, LongCycleSeconds = 14;
    private const int ExpiryWaitQuick = 20, ExpiryWaitFull = 3_700;
    private const int RefusalSeconds = 12;
    /// <summary>As the session-cycle waits after its last event.</summary>
    private const int SettleSeconds = 6;
    private const int EventsQuick = 30, EventsFull = 100;
    /// <summary>First of the addresses from which UEs come and go: behind those of the density ramp.</summary>
    private const int FreshAddressOffset = 20_000;
    private static readonly string[] Requirements = ["EXP-002", "EXP-004", "EXP-005", "EXP-006", "EXP-008"];

    public static void Plan(PlanDraft draft)
    {
        if (ExposureDraft.Of(draft, Requirements) is not { } exposure) return;
        List<PlanTask> responders = [], tests = [];
        if (draft.Wants("EXP-002"))
            tests.Add(exposure.Task("exposure-refusals", RefusalSeconds,
                ("expiryWaitSeconds", draft.IsQuick ? ExpiryWaitQuick : ExpiryWaitFull),
                ("otherAfId", exposure.Nef.OtherAf?.AfId ?? ""),
                ("otherClientId", exposure.Nef.OtherAf?.ClientId ?? ""),
                ("otherSecret", exposure.Nef.OtherAf?.Secret ?? "")));
        if (draft.Wants("EXP-004") && Offered(exposure, "as-session-with-qos", "EXP-004"))
            AddQos(exposure, "exposure-qos-loop", "EXP-004", OnDemandFlows.ByReference(draft.Claim),
                flow => ("qosReference", flow.QosReference!), responders, tests);
        if (draft.Wants("EXP-008") && HasCamara(exposure))
            AddQos(exposure, "exposure-camara-loop", "EXP-008", OnDemandFlows.ByProfile(draft.Claim),
                flow => ("qosProfile", flow.QosProfile!), responders, tests);
        if (draft.Wants("EXP-005") && Offered(exposure, "traffic-influence", "EXP-005"))
            AddInfluence(exposure, responders, tests);
        if (draft.Wants("EXP-006") && Offered(exposure, "monitoring-event", "EXP-006"))
            AddEvents(exposure, responders, tests);
        if (tests.Count == 0) return;
        // Offered beyond their limits the flows lose packets on purpose.
        draft.Phases.Add(new("exposure-loops", new("能力开放闭环", "exposure, closed loops"),
            tests.Max(test => test.Seconds), true, responders, tests));
    }

    private static bool Offered(ExposureDraft exposure, string api, string requirement)
    {
        if (exposure.Offers(api)) return true;
        exposure.Draft.Omit(api, $"声明的接口中没有 {api}", $"the claim's APIs do not hold {api}", requirement);
        return false;
    }

    private static bool HasCamara(ExposureDraft exposure)
    {
        if (exposure.Camara is not null) return true;
        exposure.Draft.Omit(
            "exposure-camara-loop", "声明未给出 CAMARA 接口", "the claim names no CAMARA interface", "EXP-008");
        return false;
    }

    private static int LoopSeconds(PlanDraft draft) => draft.IsQuick
        ? (CyclesQuick - 1) * ShortCycleSeconds + LongCycleSeconds : CyclesFull * LongCycleSeconds;

    private static void AddQos(
        ExposureDraft exposure, string kind, string requirement, (Slice Slice, QosFlow Flow)? offer,
        Func<QosFlow, (string, object)> word, List<PlanTask> responders, List<PlanTask> tests)
    {
        PlanDraft draft = exposure.Draft;
        if (!draft.Consents("load"))
        {
            draft.Omit(kind, "声明未同意施加负载（consent: load）；闭环须以高于流限速的负载显示速率变化",
                "the claim gives no consent to load (consent: load); only more than a flow may carry shows its limit",
                requirement);
            return;
        }
        if (offer is not { Slice: var slice, Flow: var flow } || ExposureFlow.In(draft, slice.Name) is not { } test)
        {
            draft.Omit(kind, "没有可按需申请的流（qosReference 或 qosProfile），或其切片缺少 ue、dn 端点",
                "no flow can be asked for (qosReference or qosProfile), or its slice lacks a ue or dn endpoint",
                requirement);
            return;
        }
        decimal offered = OnDemandFlows.OfferedMbps(draft, slice, flow);
        responders.AddRange(test.Tasks(draft, ExposureFlow.AnswersFor(offered), 2 * LoopSeconds(draft)));
        tests.Add(Loop(exposure, kind, test, word(flow), ("qfi", flow.Qfi),
            ("mfbrMbps", OnDemandFlows.Text(flow.MfbrMbps)), ("gfbrMbps", OnDemandFlows.Text(flow.GfbrMbps))));
    }

    private static void AddInfluence(ExposureDraft exposure, List<PlanTask> responders, List<PlanTask> tests)
    {
        PlanDraft draft = exposure.Draft;
        string? dnai = OnDemandFlows.Dnai(draft.Claim);
        ExposureFlow? test = draft.Claim.Slices.Select(slice => ExposureFlow.In(draft, slice.Name))
            .FirstOrDefault(each => each is not null);
        if (dnai is null || test is null)
        {
            draft.Omit("exposure-influence-loop", "声明的边缘没有 dnai，或没有同时具备 ue 与 dn 端点的切片",
                "no claimed edge has a dnai, or no slice has both a ue and a dn endpoint", "EXP-005");
            return;
        }
        responders.AddRange(test.Tasks(draft, 0, 2 * LoopSeconds(draft)));
        tests.Add(Loop(exposure, "exposure-influence-loop", test, ("dnai", dnai)));
    }

    private static PlanTask Loop(
        ExposureDraft exposure, string kind, ExposureFlow test, params (string Name, object Value)[] parameters) =>
        exposure.Task(kind, LoopSeconds(exposure.Draft),
        [
            .. test.Parameters, ("listenPort", exposure.Draft.Ports.Next()),
            ("cycles", exposure.Draft.IsQuick ? CyclesQuick : CyclesFull), ("thorough", exposure.Draft.IsQuick ? 0 : 1),
            .. parameters,
        ]);

    private static void AddEvents(ExposureDraft exposure, List<PlanTask> responders, List<PlanTask> tests)
    {
        PlanDraft draft = exposure.Draft;
        int events = draft.IsQuick ? EventsQuick : EventsFull;
        if (exposure.Nef is not { UeGroup: { } group, UeGroupSlice: { } slice }
            || draft.Ue(slice) is not { } ue || draft.FarEnd("dn", slice) is not { } far)
        {
            draft.Omit("exposure-session-events", "声明的 NEF 没有 ueGroup，或其切片缺少 ue、dn 端点",
                "the claim's NEF has no ueGroup, or its slice lacks a ue or dn endpoint", "EXP-006");
            return;
        }
        if (ue.Emulated && First(draft, ue, events) is null)
        {
            draft.Omit("exposure-session-events", $"切片 {slice} 的地址池容不下 {events} 个新终端",
                $"the pool of slice {slice} has no room for {events} fresh UEs", "EXP-006");
            return;
        }
        int port = draft.Ports.Next();
        responders.Add(draft.Task("flow-responder", far.Kit, 0, ("address", far.Address), ("port", port)));
        responders.Add(exposure.Task("exposure-session-events", 0,
            ("group", group), ("slice", slice), ("listenPort", draft.Ports.Next())));
        tests.Add(draft.Task("session-cycle", ue.Kit, SettleSeconds + events / 4,
            ("firstAddress", ue.Emulated ? First(draft, ue, events)! : ue.Address), ("emulated", ue.Emulated ? 1 : 0),
            ("remoteAddress", far.Address), ("port", port), ("events", events), ("slice", slice)));
    }

    /// <summary>The first of so many fresh addresses of the UE's pool; null where they do not fit.</summary>
    private static IPAddress? First(PlanDraft draft, TestEndpoint ue, int count)
    {
        IReadOnlyList<IPNetwork> pools =
            draft.Claim.Slices.FirstOrDefault(slice => slice.Name == ue.Slice)?.UePools ?? [];
        IPAddress? first = Add(ue.Address, FreshAddressOffset), last = Add(ue.Address, FreshAddressOffset + count);
        return first is not null && last is not null && pools.Any(pool => pool.Contains(first) && pool.Contains(last))
            ? first : null;
    }

    private static IPAddress? Add(IPAddress address, int offset)
    {
        byte[] bytes = address.GetAddressBytes();
        byte[] sum = (new BigInteger(bytes, isUnsigned: true, isBigEndian: true) + offset)
            .ToByteArray(isUnsigned: true, isBigEndian: true);
        if (sum.Length > bytes.Length) return null;
        byte[] whole = new byte[bytes.Length];
        sum.CopyTo(whole.AsSpan(bytes.Length - sum.Length));
        return new(whole);
    }
}
