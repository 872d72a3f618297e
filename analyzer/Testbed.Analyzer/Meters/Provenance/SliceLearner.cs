using Testbed.Analyzer.Meters.Sessions;
using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Wire.Ip;
using Testbed.Wire.Ngap;

namespace Testbed.Analyzer.Meters.Provenance;

/// <summary>
/// Fills the slice map from N4 and N2, holds both against each other and against the claim, and notes where they
/// contradict. N4 knows UE addresses; N2 knows S-NSSAI and 5QI; the F-TEID at the UPF stands on both.
/// </summary>
internal sealed class SliceLearner(SliceMap slices, Claim? claim, ControlPlane control)
{
    /// <summary>How much later N2 may name a tunnel than N4 set it up, by differing clocks.</summary>
    private const long OrderSlackNs = 1_000_000_000;
    private readonly HashSet<NgapSession> _joined = [];
    private readonly HashSet<(int Slice, byte Qfi, int FiveQi)> _flowsTold = [];
    private readonly HashSet<(HostAddress, int)> _uesTold = [];

    public void LearnFromSignalling()
    {
        foreach (PfcpSession session in control.Sessions.All) Learn(session);
        foreach (NgapSession session in control.NgapSessions.All) Learn(session);
    }

    /// <summary>Where N4 does not tell a session's UE, its tunnels do.</summary>
    public void LearnFromTunnels(IReadOnlyList<TunnelUse> uses)
    {
        foreach (TunnelUse use in uses)
        {
            List<NgapSession> sessions =
                [.. control.NgapSessions.Index.Find(new(use.Destination, use.Teid)).Cast<NgapSession>()];
            if (sessions.Count == 0 || sessions.Exists(_joined.Contains)) continue;
            List<int> found = [.. sessions.Select(session => Find(session.Snssai, null)).Distinct()];
            // A tunnel end that was given out twice belongs to both: who used it when is not told apart here.
            if (found is not [var slice] || slice == SliceMap.Unknown) continue;
            foreach (HostAddress ue in use.Ues.Keys) LearnUe(ue, slice, SliceMap.FromNgap, sessions[0].Evidence);
        }
    }

    private void Learn(PfcpSession session)
    {
        // N2 has the slice's own name for a session that N4 shows with its data network alone.
        if (claim is null && session.Snssai is null && session.UplinkEnds.Any(IsNamedByN2)) return;
        int slice = Find(session.Snssai, session.DnnOrInstance);
        if (slice == SliceMap.Unknown) return;
        string source = session.Snssai is null ? SliceMap.FromDnn : SliceMap.FromPfcp;
        foreach (HostAddress ue in session.UeAddresses) LearnUe(ue, slice, source, session.Evidence);
        if (slices.Claimed(slice) is { } claimed && session.DnnOrInstance is { } dnn && session.Snssai is not null
            && !SameName(claimed.Dnn, dnn) && claim!.Slices.Any(other => SameName(other.Dnn, dnn)))
            Note(Same(session.UeAddresses.FirstOrDefault().ToString()),
                SliceStatement.N4($"{slices.Name(slice)} (DNN {dnn})"), SliceStatement.Claim(claimed.Dnn),
                session.Evidence);
    }

    private void Learn(NgapSession session)
    {
        int slice = Find(session.Snssai, null);
        if (slice == SliceMap.Unknown) return;
        CompareFlows(session, slice);
        if (Twin(session) is not { } twin) return;
        _joined.Add(session);
        if (twin.Snssai is { } byPfcp && byPfcp != session.Snssai)
        {
            Note(Same(session.UplinkEnds.First(twin.UplinkEnds.Contains).ToString()),
                SliceStatement.N2($"S-NSSAI {session.Snssai}"), SliceStatement.N4($"S-NSSAI {byPfcp}"),
                $"{session.Evidence}, {twin.Evidence}");
            return;
        }
        int byDnn = twin.Snssai is null && claim is not null ? Find(null, twin.DnnOrInstance) : SliceMap.Unknown;
        if (byDnn != SliceMap.Unknown && byDnn != slice)
        {
            Note(Same(session.UplinkEnds.First(twin.UplinkEnds.Contains).ToString()),
                SliceStatement.N2(slices.Name(slice)),
                SliceStatement.N4($"{slices.Name(byDnn)} (DNN {twin.DnnOrInstance})"),
                $"{session.Evidence}, {twin.Evidence}");
            return;
        }
        foreach (HostAddress ue in twin.UeAddresses) LearnUe(ue, slice, SliceMap.FromNgap, session.Evidence);
    }

    private bool IsNamedByN2(TunnelEnd end) =>
        control.NgapSessions.Index.Find(end).Any(session => session.Snssai is not null);

    /// <summary>The N4 session with the same F-TEID at the UPF: the last one before N2 named it.</summary>
    private PfcpSession? Twin(NgapSession session)
    {
        List<PfcpSession> candidates =
        [
            .. session.UplinkEnds.SelectMany(control.Sessions.Index.Find).Cast<PfcpSession>().Distinct()
                // The same end may also be what another UPF sends to (N9): that is another session.
                .Where(candidate => candidate.UplinkEnds.Overlaps(session.UplinkEnds))
                .OrderBy(candidate => candidate.EstablishedNs),
        ];
        return candidates.LastOrDefault(candidate => candidate.EstablishedNs <= session.EstablishedNs + OrderSlackNs)
            ?? candidates.FirstOrDefault();
    }

    private void LearnUe(HostAddress ue, int slice, string source, string evidence)
    {
        int byPool = slices.OfPool(ue);
        if (byPool != SliceMap.Unknown && byPool != slice && _uesTold.Add((ue, slice)))
        {
            string name = slices.Name(slice);
            Note(Same(ue.ToString()),
                source == SliceMap.FromNgap ? SliceStatement.N2(name) : SliceStatement.N4(name),
                SliceStatement.Claim(slices.Name(byPool)), evidence);
        }
        slices.Learn(ue, slice, source);
    }

    // A flow that the claim does not list contradicts nothing; nor does one whose characteristics are sent along.
    private void CompareFlows(NgapSession session, int slice)
    {
        if (slices.Claimed(slice) is not { } claimed) return;
        foreach (QosFlowOrder flow in session.Flows.Values.OrderBy(flow => flow.Qfi))
        {
            if (flow.FiveQi is not { } fiveQi
                || claimed.Flows.FirstOrDefault(other => other.Qfi == flow.Qfi) is not { } expected
                || expected.FiveQi == fiveQi || !_flowsTold.Add((slice, flow.Qfi, fiveQi))) continue;
            Note(new($"切片 {claimed.Name} 的 QFI {flow.Qfi}", $"QFI {flow.Qfi} of slice {claimed.Name}"),
                SliceStatement.N2($"5QI {fiveQi}"), SliceStatement.Claim($"5QI {expected.FiveQi}"), session.Evidence);
        }
    }

    private int Find(Wire.Pfcp.Snssai? known, string? dnn)
    {
        if (claim is not null)
        {
            for (int i = 0; i < claim.Slices.Count; i++)
                if (known is { } snssai && claim.Slices[i].Snssai.Sst == snssai.SliceType
                    && claim.Slices[i].Snssai.Sd == (uint?)snssai.Differentiator) return i;
            for (int i = 0; i < claim.Slices.Count; i++)
                if (known is null && dnn is not null && SameName(claim.Slices[i].Dnn, dnn)) return i;
        }
        // A slice that the claim does not name still has a name on N4 and N2.
        string? name = known is { } own ? own.ToString() : claim is null ? dnn : null;
        return name is null ? SliceMap.Unknown : slices.Named(name);
    }

    private void Note(LocalText subject, SliceStatement first, SliceStatement second, string evidence) =>
        control.Contradictions.Add(new(subject, first, second, evidence));

    private static LocalText Same(string text) => new(text, text);

    private static bool SameName(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
