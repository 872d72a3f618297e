using System.Buffers.Binary;
using Testbed.Wire.Aper;

namespace Testbed.Wire.Ngap;

/// <summary>Encodes the PDU session lists of a message and the transfers in them.</summary>
internal static class SessionWriter
{
    /// <summary>A transfer of nothing but a cause: radio network, unspecified (TS 38.413 §9.3.1.2).</summary>
    private static readonly byte[] UnspecifiedCause = [0x00, 0x00];

    public static void Write(NgapMessage message, NgapMessageWriter.ElementList elements)
    {
        bool isContext = message.Procedure is NgapProcedure.InitialContextSetup;
        if (message.Orders.Count > 0)
        {
            bool isHandover = message.Procedure is NgapProcedure.HandoverResourceAllocation;
            elements.Add(
                isHandover ? NgapElementType.SessionsInHandoverRequest
                    : isContext ? NgapElementType.SessionsInContextRequest : NgapElementType.SessionsInSetupRequest,
                to => List(to, message.Orders, order => Order(to, order, hasNas: !isHandover)));
        }
        if (message.Grants.Count > 0)
            elements.Add(
                isContext ? NgapElementType.SessionsInContextResponse : NgapElementType.SessionsInSetupResponse,
                to => List(to, message.Grants, grant => Grant(to, grant)));
        if (message.FailedSessions.Count > 0)
            elements.Add(
                !isContext ? NgapElementType.SessionsFailedInSetupResponse
                    : message.Outcome is NgapOutcome.Unsuccessful ? NgapElementType.SessionsFailedInContextFailure
                    : NgapElementType.SessionsFailedInContextResponse,
                to => List(to, message.FailedSessions, id => WithCause(to, id)));
        if (message.ReleasedSessions.Count > 0)
            elements.Add(
                message.Outcome is NgapOutcome.Initiating
                    ? NgapElementType.SessionsToRelease : NgapElementType.SessionsReleased,
                to => List(to, message.ReleasedSessions, id => WithCause(to, id)));
    }

    private static void List<T>(AperWriter to, List<T> items, Action<T> write)
    {
        to.Constrained(items.Count, 1, 256);
        items.ForEach(write);
    }

    private static void WithCause(AperWriter to, byte id)
    {
        to.Begin(false);
        to.Constrained(id, 0, 255);
        to.Open(UnspecifiedCause);
    }

    private static void Order(AperWriter to, PduSessionOrder order, bool hasNas)
    {
        if (hasNas) to.Begin(false, false);
        else to.Begin(false);
        to.Constrained(order.Id, 0, 255);
        NgapMessageWriter.Slice(to, order.Snssai);
        NgapMessageWriter.ElementList elements = new();
        foreach (NgapElement further in order.Further) elements.Add(further);
        if (order.UplinkTunnels.Count > 0)
            elements.Add(NgapElementType.UplinkTunnel, into => Tunnel(into, order.UplinkTunnels[0]));
        if (order.UplinkTunnels.Count > 1)
            elements.Add(NgapElementType.AdditionalUplinkTunnels, into =>
            {
                into.Constrained(order.UplinkTunnels.Count - 1, 1, 3);
                foreach (GtpTunnel tunnel in order.UplinkTunnels.Skip(1))
                {
                    into.Begin(false);
                    Tunnel(into, tunnel);
                }
            });
        if (order.Flows.Count > 0)
            elements.Add(NgapElementType.QosFlowSetupRequestList, into =>
            {
                into.Constrained(order.Flows.Count, 1, 64);
                foreach (QosFlowOrder flow in order.Flows) Flow(into, flow);
            });
        AperWriter transfer = new();
        transfer.Begin();
        elements.Write(transfer);
        to.Open(transfer.ToArray());
    }

    private static void Grant(AperWriter to, PduSessionGrant grant)
    {
        to.Begin(false);
        to.Constrained(grant.Id, 0, 255);
        AperWriter transfer = new();
        bool hasMore = grant.DownlinkTunnels.Count > 1;
        transfer.Begin(hasMore, false, false, false);
        FlowsOfTunnel(transfer, grant.DownlinkTunnels[0], grant.Qfis);
        if (hasMore)
        {
            transfer.Constrained(grant.DownlinkTunnels.Count - 1, 1, 3);
            foreach (GtpTunnel tunnel in grant.DownlinkTunnels.Skip(1))
            {
                transfer.Begin(false);
                FlowsOfTunnel(transfer, tunnel, grant.Qfis);
            }
        }
        to.Open(transfer.ToArray());
    }

    private static void FlowsOfTunnel(AperWriter to, GtpTunnel tunnel, IReadOnlyList<byte> qfis)
    {
        to.Begin(false);
        Tunnel(to, tunnel);
        to.Constrained(qfis.Count, 1, 64);
        foreach (byte qfi in qfis)
        {
            to.Begin(false, false);
            to.Extensible(qfi, 0, 63);
        }
    }

    private static void Tunnel(AperWriter to, GtpTunnel tunnel)
    {
        to.Constrained(0, 0, 1);
        to.Begin(false);
        byte[] address = new byte[20];
        int length = tunnel.Address.Write(address);
        if (!tunnel.SecondAddress.IsNone) length += tunnel.SecondAddress.Write(address.AsSpan(length));
        to.BitString(address, 8 * length, 1, 160, isExtensible: true);
        Span<byte> teid = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(teid, tunnel.Teid);
        to.Octets(teid);
    }

    private static void Flow(AperWriter to, QosFlowOrder flow)
    {
        to.Begin(false, false);
        to.Extensible(flow.Qfi, 0, 63);
        to.Begin(flow.Gbr is not null, false, false, false);
        to.Constrained(flow.IsDynamic ? 1 : 0, 0, 2);
        if (flow.IsDynamic) Dynamic(to, flow.FiveQi);
        else
        {
            to.Begin(false, false, false, false);
            to.Extensible(flow.FiveQi ?? 0, 0, 255);
        }
        to.Begin(false);
        to.Constrained(flow.Priority, 1, 15);
        to.Enumerated(flow.MayPreempt ? 1 : 0, 2, isExtensible: true);
        to.Enumerated(flow.IsPreemptable ? 1 : 0, 2, isExtensible: true);
        if (flow.Gbr is not { } gbr) return;
        to.Begin(false, false, false, false);
        foreach (long rate in (ReadOnlySpan<long>)[gbr.MaximumDownlinkBps, gbr.MaximumUplinkBps,
            gbr.GuaranteedDownlinkBps, gbr.GuaranteedUplinkBps])
            to.Extensible(rate, 0, 4_000_000_000_000);
    }

    // The characteristics themselves are not kept by the reader; these are those of 5QI 9 (TS 23.501 table 5.7.4-1).
    private static void Dynamic(AperWriter to, int? fiveQi)
    {
        to.Begin(fiveQi is not null, false, false, false, false);
        to.Extensible(90, 1, 127);
        to.Extensible(600, 0, 1023);
        to.Begin(false);
        to.Extensible(1, 0, 9);
        to.Extensible(6, 0, 9);
        if (fiveQi is { } known) to.Extensible(known, 0, 255);
    }
}
