using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Conformance.Results;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Slicing;

/// <summary>
/// On which QoS flow N3 shows the packets of a witness: a class that is compared with another must be the claimed one,
/// and a flow without rates of its own has no load to show it.
/// </summary>
internal sealed class WitnessFlow
{
    private long _packets, _others;
    private int _otherQfi = -1;
    private string? _evidence, _otherEvidence;

    /// <summary>The share on another QFI than claimed, one figure for each direction that N3 shows.</summary>
    public static IEnumerable<KpiResult> Mappings(
        AnalysisContext context, WitnessContext witness, string id, string source)
    {
        foreach (PacketDirection direction in Figures.Directions)
        {
            WitnessFlow seen = new();
            foreach (TapCapture tap in context.Taps)
                if (tap.Role is not TapRole.N6) seen.Add(tap, witness, direction);
            if (seen._packets > 0) yield return seen.Result(witness, direction, id, source);
        }
    }

    private void Add(TapCapture tap, WitnessContext witness, PacketDirection direction)
    {
        HostAddress ue = HostAddress.From(witness.Session.UeAddress);
        HostAddress remote = HostAddress.From(witness.Session.RemoteAddress);
        for (int i = 0; i < tap.Records.Count; i++)
        {
            ref PacketRecord record = ref tap.Records[i];
            if (record.Kind is not RecordKind.Gpdu || record.Direction != direction || record.Flow < 0) continue;
            FlowKey flow = tap.Flow(record);
            (HostAddress near, HostAddress far, ushort port) = direction is PacketDirection.Uplink
                ? (flow.Source, flow.Destination, flow.DestinationPort)
                : (flow.Destination, flow.Source, flow.SourcePort);
            if (flow.Protocol != IpProtocol.Udp || near != ue || far != remote || port != witness.Session.RemotePort)
                continue;
            _packets++;
            _evidence ??= tap.Evidence(record);
            if (record.Qfi == witness.Qfi) continue;
            _others++;
            if (_otherEvidence is null) (_otherEvidence, _otherQfi) = (tap.Evidence(record), record.Qfi);
        }
    }

    private KpiResult Result(WitnessContext witness, PacketDirection direction, string id, string source) =>
        Figures.Exact(id, Figures.Ratio((double)_others / _packets), _packets, source) with
        {
            Direction = Figures.Of(direction), Layer = Layer.Outer, Scope = witness.Session.Slice,
            Evidence = [_otherEvidence ?? _evidence!],
            Findings =
            [
                _others == 0
                    ? new($"QFI {witness.Qfi} 的 {_packets} 个 STAMP 报文均在该 QFI 上",
                        $"all {_packets} STAMP packets of QFI {witness.Qfi} are on it")
                    : new($"QFI {witness.Qfi} 的 {_packets} 个 STAMP 报文中 {_others} 个在别的 QFI 上，如 {_otherQfi}",
                        $"of {_packets} STAMP packets of QFI {witness.Qfi}, {_others} were on others, as {_otherQfi}"),
            ],
        };
}
