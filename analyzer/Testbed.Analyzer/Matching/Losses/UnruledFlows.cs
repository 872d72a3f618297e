using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Meters.Provenance;
using Testbed.Analyzer.Meters.Sessions;
using Testbed.Conformance.Claims;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Matching.Losses;

/// <summary>
/// Tells the uplink QoS flows that a UPF has no rule for, so that it has to drop their packets. The claim alone may not
/// say so, or a list without the flow in use would excuse whatever that flow loses.
/// </summary>
internal sealed class UnruledFlows(IReadOnlyList<TapCapture> taps, MatchedFacts matched, AnalysisPlan plan)
{
    private readonly Dictionary<(HostAddress Ue, byte Qfi), bool> _toldByN4 = [];

    public bool Hold(int tap, in PacketRecord record, HostAddress ue)
    {
        byte qfi = record.Qfi;
        int slice = plan.Slices.Of(ue);
        return qfi != PacketRecord.NoQfi && slice != SliceMap.Unknown
            && plan.Slices.Claimed(slice) is { Flows.Count: > 0 } claimed && !Claims(claimed, qfi)
            && !matched.HasCrossedUp(slice, qfi) && !IsTold(tap, record, ue);
    }

    private static bool Claims(Slice slice, byte qfi)
    {
        foreach (QosFlow flow in slice.Flows)
            if (flow.Qfi == qfi) return true;
        return false;
    }

    private bool IsTold(int tap, in PacketRecord record, HostAddress ue)
    {
        byte qfi = record.Qfi;
        if (!_toldByN4.TryGetValue((ue, qfi), out bool told))
            _toldByN4[(ue, qfi)] = told = plan.ControlPlane.Sessions.All.Any(
                session => session.UeAddresses.Contains(ue) && session.Qfis.Contains(qfi));
        if (told || record.Tunnel < 0) return told;
        TunnelKey tunnel = taps[tap].Tunnel(record);
        TunnelEnd end = new(tunnel.Destination, tunnel.Teid);
        return plan.ControlPlane.Sessions.Index.Find(end).Concat(plan.ControlPlane.NgapSessions.Index.Find(end))
            .Any(session => session.Qfis.Contains(qfi));
    }
}
