using System.Globalization;
using Testbed.Conformance.Claims;

namespace Testbed.Server.Planning.Slices;

/// <summary>Requests for sessions that a network has to refuse, through the UE's attach interface.</summary>
internal static class SliceAdmissionPlanner
{
    private const string Requirement = "SLC-007";
    /// <summary>Of each sort; the profile asks for ten answers in all.</summary>
    private const int Tries = 6;
    /// <summary>Where N4 is not tapped, only slices can be told, so there have to be ten of them.</summary>
    private const int TriesWithoutN4 = 11;
    private const int Seconds = 4;
    /// <summary>A modem takes its time to ask, and to let go again.</summary>
    private const int SecondsPerRequestMax = 3;
    /// <summary>Reserved for "no SD" (TS 23.003 §28.4.2).</summary>
    private const uint NoSd = 0xFF_FFFF;

    public static void Plan(PlanDraft draft)
    {
        if (!draft.Wants(Requirement)) return;
        TestEndpoint? ue = draft.Claim.Endpoints.FirstOrDefault(each => each is { Role: "ue", Attach: not null });
        Slice? slice = draft.Claim.Slices.FirstOrDefault(each => each.Name == ue?.Slice);
        if (ue is null || slice is null)
        {
            draft.Omit("slice-admission", "没有终端端点申报 attach 接口，无法请求未签约的会话",
                "no ue endpoint claims an attach interface, so no unsubscribed session can be asked for", Requirement);
            return;
        }
        int tries = draft.Claim.Taps.Any(tap => tap.Point == "n4") ? Tries : TriesWithoutN4;
        draft.Phases.Add(new("slice-admission", new("切片准入", "slice admission"), Seconds, false, [],
        [
            draft.Task("slice-admission", ue.Kit, 2 * (tries + 1) * SecondsPerRequestMax,
                ("attachAddress", ue.Attach!.Address), ("attachPort", ue.Attach.Port), ("slice", slice.Name),
                ("sst", slice.Snssai.Sst),
                ("sd", (slice.Snssai.Sd ?? NoSd).ToString("x6", CultureInfo.InvariantCulture)),
                ("dnn", slice.Dnn), ("tries", tries)),
        ]));
    }
}
