using System.Net.Sockets;
using Testbed.Conformance.Claims;

namespace Testbed.Server.Planning.Security;

/// <summary>A slice in which a UE and its data network can be tested, over IPv4.</summary>
internal sealed record TrialPath(Slice Slice, TestEndpoint Ue, TestEndpoint Far)
{
    public static TrialPath? First(PlanDraft draft)
    {
        foreach (Slice slice in draft.Claim.Slices)
        {
            if (draft.Ue(slice.Name) is { } ue && draft.FarEnd("dn", slice.Name) is { } far
                && ue.Address.AddressFamily is AddressFamily.InterNetwork
                && far.Address.AddressFamily is AddressFamily.InterNetwork) return new(slice, ue, far);
        }
        return null;
    }

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
