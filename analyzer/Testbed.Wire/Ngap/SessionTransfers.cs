using Testbed.Wire.Aper;
using Testbed.Wire.Ip;
using Testbed.Wire.Pfcp;

namespace Testbed.Wire.Ngap;

/// <summary>
/// What SMF and radio node say to each other through the AMF: PDU Session Resource Setup Request Transfer and
/// Response Transfer (TS 38.413 §9.3.4.1 and §9.3.4.2).
/// </summary>
internal static class SessionTransfers
{
    /// <summary>maxnoofMultiConnectivityMinusOne.</summary>
    private const int MoreTunnelsMax = 3;
    private const int FlowsMax = 64;
    /// <summary>IPv4, IPv6, or both one after the other (TS 38.414 §5.3).</summary>
    private const int AddressBitsMax = 160;

    public static PduSessionOrder ReadOrder(ref AperReader reader, byte id, Snssai slice, out int others)
    {
        List<GtpTunnel> tunnels = [];
        List<QosFlowOrder> flows = [];
        others = 0;
        AperSequence sequence = reader.Begin(0);
        for (int left = NgapSyntax.Elements(ref reader); left > 0; left--)
        {
            if (!NgapSyntax.Next(ref reader, out int type, out AperReader value)) break;
            switch (type)
            {
                case NgapElementType.UplinkTunnel: ReadTunnel(ref value, tunnels); break;
                case NgapElementType.AdditionalUplinkTunnels: ReadTunnels(ref value, tunnels); break;
                case NgapElementType.QosFlowSetupRequestList: QosFlows.ReadOrders(ref value, flows); break;
                default: others++; break;
            }
            if (value.IsOk) continue;
            reader.Fail(value.Status);
            break;
        }
        NgapSyntax.End(ref reader, sequence);
        return new(id, slice, tunnels, flows);
    }

    public static PduSessionGrant ReadGrant(ref AperReader reader, byte id)
    {
        List<GtpTunnel> tunnels = [];
        List<byte> qfis = [];
        AperSequence sequence = reader.Begin(4);
        ReadFlowsOfTunnel(ref reader, tunnels, qfis);
        // What follows the additional tunnels tells nothing that is asked for here, and stands at the end.
        if (sequence.Has(0))
        {
            for (int left = reader.Count(1, MoreTunnelsMax); left > 0 && reader.IsOk; left--)
            {
                AperSequence item = reader.Begin(1);
                ReadFlowsOfTunnel(ref reader, tunnels, qfis);
                NgapSyntax.End(ref reader, item);
            }
        }
        return new(id, tunnels, qfis);
    }

    // QosFlowPerTNLInformation: a tunnel and the flows that go through it.
    private static void ReadFlowsOfTunnel(ref AperReader reader, List<GtpTunnel> tunnels, List<byte> qfis)
    {
        AperSequence sequence = reader.Begin(1);
        ReadTunnel(ref reader, tunnels);
        for (int left = reader.Count(1, FlowsMax); left > 0 && reader.IsOk; left--)
        {
            AperSequence item = reader.Begin(2);
            byte qfi = QosFlows.Qfi(ref reader);
            if (item.Has(0)) reader.Enumerated(2, isExtensible: true);
            NgapSyntax.End(ref reader, item);
            if (reader.IsOk) qfis.Add(qfi);
        }
        NgapSyntax.End(ref reader, sequence);
    }

    private static void ReadTunnels(ref AperReader reader, List<GtpTunnel> into)
    {
        for (int left = reader.Count(1, MoreTunnelsMax); left > 0 && reader.IsOk; left--)
        {
            AperSequence item = reader.Begin(1);
            ReadTunnel(ref reader, into);
            NgapSyntax.End(ref reader, item);
        }
    }

    // UPTransportLayerInformation ::= CHOICE { gTPTunnel, choice-Extensions } (TS 38.413 §9.3.2.2).
    private static void ReadTunnel(ref AperReader reader, List<GtpTunnel> into)
    {
        if (reader.Constrained(0, 1) != 0)
        {
            reader.Fail(DecodeStatus.Unsupported);
            return;
        }
        AperSequence sequence = reader.Begin(1);
        ReadOnlySpan<byte> address = reader.BitString(1, AddressBitsMax, isExtensible: true, out int bits);
        uint teid = NgapSyntax.BitNumber(reader.Octets(4), 32);
        NgapSyntax.End(ref reader, sequence);
        if (!reader.IsOk) return;
        switch (bits)
        {
            case 32 or 128: into.Add(new(HostAddress.From(address), default, teid)); break;
            case 160: into.Add(new(HostAddress.From(address[..4]), HostAddress.From(address[4..]), teid)); break;
            default: reader.Fail(DecodeStatus.BadField); break;
        }
    }
}
