using System.Net.Sockets;
using Testbed.Conformance.Claims;

namespace Testbed.Server.Planning.Security;

/// <summary>A slice in which a UE and its data network can be tested, over IPv4.</summary>
internal sealed record TrialPath(Slice Slice, TestEndpoint Ue, TestEndpoint Far)
{
    /// <summary>
    /// One path for each UPF that serves a slice: one that is hardened says nothing of the next. A UPF that has none is
    /// left out, and that is said.
    /// </summary>
    public static IReadOnlyList<TrialPath> Each(PlanDraft draft, string what, params string[] requirements)
    {
        List<TrialPath> paths = [];
        List<string> lacking = [];
        foreach (IGrouping<string, Slice> upf in draft.Claim.Slices.GroupBy(slice => slice.Upf))
        {
            if (upf.Select(slice => In(draft, slice)).FirstOrDefault(path => path is not null) is { } found)
                paths.Add(found);
            else lacking.Add(upf.Key);
        }
        if (paths.Count == 0)
            draft.Omit(what, "没有同一切片的 IPv4 终端与数据网端点", "no slice has both a ue and a dn endpoint with IPv4",
                requirements);
        else
            foreach (string upf in lacking)
                draft.Omit(what, $"{upf} 的切片都没有 IPv4 的终端与数据网端点，该 UPF 未经检验；请为其切片申报 ue 与 dn 端点",
                    $"no slice of {upf} has both a ue and a dn endpoint with IPv4, so this UPF was not examined; name "
                        + "them for a slice of it", requirements);
        return paths;
    }

    private static TrialPath? In(PlanDraft draft, Slice slice) =>
        draft.Ue(slice.Name) is { } ue && draft.FarEnd("dn", slice.Name) is { } far
        && ue.Address.AddressFamily is AddressFamily.InterNetwork
        && far.Address.AddressFamily is AddressFamily.InterNetwork ? new(slice, ue, far) : null;

    /// <summary>Whoever writes down and answers at the data network.</summary>
    public PlanTask Listener(PlanDraft draft, int port) => draft.Task("trial-listener", Far.Kit, 0,
        ("address", Far.Address), ("port", port), ("listener", draft.Trials.Next()));
}

/// <summary>Numbers of a plan's trials and their listeners, from 1.</summary>
internal sealed class TrialNumbers
{
    private int _last;

    public int Next() => ++_last;
}
