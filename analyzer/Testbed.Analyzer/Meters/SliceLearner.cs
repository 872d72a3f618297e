using Testbed.Conformance.Claims;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters;

/// <summary>A UE whose slice N4 and the claim tell differently.</summary>
internal sealed record SliceContradiction(HostAddress Ue, string ByPfcp, string ByClaim, string Evidence);

/// <summary>Fills the slice map from PFCP sessions and notes where they contradict the claim.</summary>
internal static class SliceLearner
{
    public static List<SliceContradiction> Learn(SliceMap slices, Claim? claim, PfcpSessions sessions)
    {
        List<SliceContradiction> contradictions = [];
        foreach (PfcpSession session in sessions.All)
        {
            int slice = Find(slices, claim, session);
            if (slice == SliceMap.Unknown) continue;
            foreach (HostAddress ue in session.UeAddresses)
            {
                int byPool = slices.OfPool(ue);
                if (byPool != SliceMap.Unknown && byPool != slice)
                    contradictions.Add(new(ue, slices.Name(slice), slices.Name(byPool), session.Evidence));
                slices.Learn(ue, slice);
            }
            if (slices.Claimed(slice) is { } claimed && DnnOf(session) is { } dnn && session.Snssai is not null
                && !SameName(claimed.Dnn, dnn) && claim!.Slices.Any(other => SameName(other.Dnn, dnn)))
                contradictions.Add(new(
                    session.UeAddresses.FirstOrDefault(), $"{slices.Name(slice)} (DNN {dnn})", claimed.Dnn,
                    session.Evidence));
        }
        return contradictions;
    }

    private static int Find(SliceMap slices, Claim? claim, PfcpSession session)
    {
        string? dnn = DnnOf(session);
        if (claim is not null)
        {
            for (int i = 0; i < claim.Slices.Count; i++)
                if (session.Snssai is { } snssai && claim.Slices[i].Snssai.Sst == snssai.SliceType
                    && claim.Slices[i].Snssai.Sd == (uint?)snssai.Differentiator) return i;
            for (int i = 0; i < claim.Slices.Count; i++)
                if (session.Snssai is null && dnn is not null && SameName(claim.Slices[i].Dnn, dnn)) return i;
        }
        // A slice that the claim does not name still has a name on N4.
        string? name = session.Snssai is { } own ? own.ToString() : claim is null ? dnn : null;
        return name is null ? SliceMap.Unknown : slices.Named(name);
    }

    private static string? DnnOf(PfcpSession session) =>
        session.Dnn ?? session.NetworkInstances.Values.Order(StringComparer.Ordinal).FirstOrDefault();

    private static bool SameName(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
