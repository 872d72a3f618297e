using System.Net;

namespace Testbed.Server.Planning;

/// <summary>GTP-U echo and unknown TEID towards the claimed UPFs: speaks on N3, so only with consent.</summary>
internal static class PathManagementPlanner
{
    private const string Requirement = "E2E-005";
    /// <summary>As the probe takes.</summary>
    private const int AddressesMax = 64;

    public static void Plan(PlanDraft draft)
    {
        if (!draft.Wants(Requirement)) return;
        if (!draft.Consents("n3-active"))
        {
            draft.Omit("n3-path-management", "声明未同意在N3上主动发包（consent: n3-active）",
                "the claim gives no consent to speak on N3 (consent: n3-active)", Requirement);
            return;
        }
        // One socket speaks one IP version, and so many addresses at a time; a kit may be near one network only.
        IPAddress[][] groups = [.. draft.Claim.Network.Upfs.SelectMany(upf => upf.N3).Distinct()
            .GroupBy(each => each.AddressFamily).SelectMany(family => family.Chunk(AddressesMax))];
        List<(string Kit, IPAddress Local, IPAddress[] Upfs)> tests = [];
        foreach (IPAddress[] upfs in groups)
        {
            (string Kit, IPAddress? Local) near = draft.Claim.Taps.Where(tap => tap.Point == "n3")
                .Select(tap => (tap.Kit, Local: draft.Kits.Near(tap.Kit, upfs[0])))
                .FirstOrDefault(each => each.Local is not null);
            if (near.Local is null)
            {
                // Those that can be asked would stand for the one that cannot.
                draft.Omit("n3-path-management", $"没有套件在 {upfs[0]} 所在的N3网段上有地址",
                    $"no kit has an address on the N3 network of {upfs[0]}", Requirement);
                return;
            }
            tests.Add((near.Kit, near.Local, upfs));
        }
        int seconds = draft.IsQuick ? 3 : 10;
        PlanTask[] tasks = [.. tests.Select(each => draft.Task("n3-path-management", each.Kit, seconds,
            ("localAddress", each.Local), ("upfAddresses", string.Join(',', each.Upfs.Select(upf => upf.ToString()))),
            ("seconds", seconds)))];
        if (tasks.Length == 0) return;
        draft.Phases.Add(
            new("n3-path-management", new("N3通道管理", "N3 path management"), seconds, false, [], tasks));
    }
}
