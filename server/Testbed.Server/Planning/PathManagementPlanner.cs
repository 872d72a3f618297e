using System.Net;
using Testbed.Conformance.Claims;

namespace Testbed.Server.Planning;

/// <summary>GTP-U echo and unknown TEID towards the claimed UPFs: speaks on N3, so only with consent.</summary>
internal static class PathManagementPlanner
{
    private const string Requirement = "E2E-005";

    public static void Plan(PlanDraft draft)
    {
        if (!draft.Wants(Requirement)) return;
        if (!draft.Consents("n3-active"))
        {
            draft.Omit("n3-path-management", "声明未同意在N3上主动发包（consent: n3-active）",
                "the claim gives no consent to speak on N3 (consent: n3-active)", Requirement);
            return;
        }
        IPAddress[] upfs = [.. draft.Claim.Network.Upfs.SelectMany(upf => upf.N3)];
        foreach (Tap tap in draft.Claim.Taps.Where(tap => tap.Point == "n3").DistinctBy(tap => tap.Kit))
        {
            if (draft.Kits.Near(tap.Kit, upfs[0]) is not { } local) continue;
            int seconds = draft.IsQuick ? 3 : 10;
            PlanTask test = draft.Task("n3-path-management", tap.Kit, seconds,
                ("localAddress", local), ("upfAddresses", string.Join(',', upfs.Select(each => each.ToString()))),
                ("seconds", seconds));
            draft.Phases.Add(new("n3-path-management", new("N3通道管理", "N3 path management"), seconds, false, [],
                [test]));
            return;
        }
        draft.Omit("n3-path-management", "没有套件在N3网段上有地址", "no kit has an address on the N3 network", Requirement);
    }
}
