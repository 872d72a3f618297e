using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Details.Traffic;

/// <summary>Whose traffic it is that N6 shows under a translated address, as pairs have shown.</summary>
internal sealed class TranslatedEnds
{
    /// <summary>The UE's end as N6 has it, and the far end; the same for both directions.</summary>
    private readonly record struct N6Ends(
        HostAddress Ue, ushort UePort, HostAddress Remote, ushort RemotePort, byte Protocol);

    private readonly AddressRoles _roles;
    private readonly Dictionary<N6Ends, HostAddress> _ues = [];

    public TranslatedEnds(AnalysisContext context)
    {
        _roles = context.Roles;
        for (int tap = 0; tap < context.Taps.Count; tap++)
        {
            TapCapture capture = context.Taps[tap];
            if (capture.Role is TapRole.N3) continue;
            bool[] isKnown = new bool[capture.Decoder.Flows.Count];
            for (int i = 0; i < capture.Records.Count; i++)
            {
                ref PacketRecord record = ref capture.Records[i];
                int partner = context.Outcomes[tap].PartnerRecord[i];
                if (partner < 0 || record.Kind is not RecordKind.Plain || isKnown[record.Flow]) continue;
                isKnown[record.Flow] = true;
                TapCapture n3 = context.Taps[context.Outcomes[tap].PartnerTap[i]];
                HostAddress ue = AnalysisContext.UeOf(n3.Flow(n3.Records[partner]), record.Direction);
                FlowKey flow = capture.Flow(record);
                if (ue != AnalysisContext.UeOf(flow, record.Direction)) _ues[Ends(flow, record.Direction)] = ue;
            }
        }
    }

    /// <summary>"None" where neither a pair nor the address itself tells.</summary>
    public HostAddress UeOf(in FlowKey flow, PacketDirection direction)
    {
        if (_ues.TryGetValue(Ends(flow, direction), out HostAddress ue)) return ue;
        HostAddress own = AnalysisContext.UeOf(flow, direction);
        return _roles.IsUe(own) ? own : default;
    }

    private static N6Ends Ends(in FlowKey flow, PacketDirection direction) =>
        direction is PacketDirection.Downlink
            ? new(flow.Destination, flow.DestinationPort, flow.Source, flow.SourcePort, flow.Protocol)
            : new(flow.Source, flow.SourcePort, flow.Destination, flow.DestinationPort, flow.Protocol);
}
