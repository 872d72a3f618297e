using System.Text;

namespace Testbed.Wire.Pfcp;

/// <summary>
/// Writes a <see cref="PfcpMessage"/>, elements in the order of the tables of TS 29.244 §7.4 and §7.5.
/// </summary>
internal static class PfcpMessageWriter
{
    public static int Write(PfcpMessage message, Span<byte> destination)
    {
        PfcpWriter writer = new(destination, message.Type, message.SequenceNumber, message.Seid);
        message.NodeId?.Write(ref writer);
        if (message.Cause is { } cause) writer.Add(PfcpElementType.Cause, (byte)cause);
        if (message.OffendingElement is { } offending) writer.Add(PfcpElementType.OffendingElement, offending);
        if (message.RecoveryTimeStamp is { } time) writer.Add(PfcpElementType.RecoveryTimeStamp, time);
        if (message.UpFunctionFeatures is { } up) writer.Add(PfcpElementType.UpFunctionFeatures, up);
        if (message.CpFunctionFeatures is { } cp) writer.Add(PfcpElementType.CpFunctionFeatures, cp);
        message.FSeid?.Write(ref writer);
        WriteRemovals(message, ref writer);
        foreach (PacketDetectionRule rule in message.CreatePdrs)
            WritePdr(rule, PfcpElementType.CreatePdr, ref writer);
        foreach (ForwardingActionRule rule in message.CreateFars)
            WriteFar(rule, PfcpElementType.CreateFar, PfcpElementType.ForwardingParameters, ref writer);
        foreach (QosEnforcementRule rule in message.CreateQers)
            WriteQer(rule, PfcpElementType.CreateQer, ref writer);
        foreach (TrafficEndpoint endpoint in message.CreateTrafficEndpoints)
            WriteEndpoint(endpoint, PfcpElementType.CreateTrafficEndpoint, ref writer);
        foreach (CreatedPdr rule in message.CreatedPdrs) WriteCreatedPdr(rule, PfcpElementType.CreatedPdr, ref writer);
        foreach (PacketDetectionRule rule in message.UpdatePdrs)
            WritePdr(rule, PfcpElementType.UpdatePdr, ref writer);
        foreach (ForwardingActionRule rule in message.UpdateFars)
            WriteFar(rule, PfcpElementType.UpdateFar, PfcpElementType.UpdateForwardingParameters, ref writer);
        foreach (QosEnforcementRule rule in message.UpdateQers)
            WriteQer(rule, PfcpElementType.UpdateQer, ref writer);
        foreach (TrafficEndpoint endpoint in message.UpdateTrafficEndpoints)
            WriteEndpoint(endpoint, PfcpElementType.UpdateTrafficEndpoint, ref writer);
        foreach (TrafficEndpoint endpoint in message.CreatedTrafficEndpoints)
            WriteEndpoint(endpoint, PfcpElementType.CreatedTrafficEndpoint, ref writer);
        foreach (CreatedPdr rule in message.UpdatedPdrs) WriteCreatedPdr(rule, PfcpElementType.UpdatedPdr, ref writer);
        if (message.PdnType is { } pdnType) writer.Add(PfcpElementType.PdnType, pdnType);
        WriteName(PfcpElementType.ApnDnn, message.Dnn, ref writer);
        message.Snssai?.Write(ref writer);
        return writer.Finish();
    }

    private static void WriteRemovals(PfcpMessage message, ref PfcpWriter writer)
    {
        foreach (ushort id in message.RemovePdrs)
        {
            int begin = writer.Begin(PfcpElementType.RemovePdr);
            writer.Add(PfcpElementType.PdrId, id);
            writer.End(begin);
        }
        foreach (uint id in message.RemoveFars)
        {
            int begin = writer.Begin(PfcpElementType.RemoveFar);
            writer.Add(PfcpElementType.FarId, id);
            writer.End(begin);
        }
        foreach (uint id in message.RemoveQers)
        {
            int begin = writer.Begin(PfcpElementType.RemoveQer);
            writer.Add(PfcpElementType.QerId, id);
            writer.End(begin);
        }
    }

    private static void WritePdr(PacketDetectionRule rule, ushort type, ref PfcpWriter writer)
    {
        int begin = writer.Begin(type);
        writer.Add(PfcpElementType.PdrId, rule.Id);
        if (rule.Precedence is { } precedence) writer.Add(PfcpElementType.Precedence, precedence);
        if (rule.HasDetection) WriteDetection(rule, ref writer);
        if (rule.OuterHeaderRemoval is { } removal) writer.Add(PfcpElementType.OuterHeaderRemoval, removal);
        if (rule.FarId is { } far) writer.Add(PfcpElementType.FarId, far);
        foreach (uint qer in rule.QerIds) writer.Add(PfcpElementType.QerId, qer);
        writer.End(begin);
    }

    private static void WriteDetection(PacketDetectionRule rule, ref PfcpWriter writer)
    {
        int begin = writer.Begin(PfcpElementType.Pdi);
        if (rule.SourceInterface is { } source) writer.Add(PfcpElementType.SourceInterface, (byte)source);
        rule.FTeid?.Write(ref writer);
        WriteName(PfcpElementType.NetworkInstance, rule.NetworkInstance, ref writer);
        rule.UeAddress?.Write(ref writer);
        if (rule.TrafficEndpointId is { } endpoint) writer.Add(PfcpElementType.TrafficEndpointId, endpoint);
        foreach (string flow in rule.FlowDescriptions) WriteSdfFilter(flow, ref writer);
        foreach (byte qfi in rule.Qfis) writer.Add(PfcpElementType.Qfi, qfi);
        if (rule.InterfaceType is { } type) writer.Add(PfcpElementType.InterfaceType, type);
        writer.End(begin);
    }

    private static void WriteSdfFilter(string flowDescription, ref PfcpWriter writer)
    {
        byte[] text = Encoding.UTF8.GetBytes(flowDescription);
        int begin = writer.Begin(PfcpElementType.SdfFilter);
        writer.Put((ushort)0x0100);
        writer.Put(checked((ushort)text.Length));
        writer.Put(text);
        writer.End(begin);
    }

    private static void WriteCreatedPdr(CreatedPdr rule, ushort type, ref PfcpWriter writer)
    {
        int begin = writer.Begin(type);
        writer.Add(PfcpElementType.PdrId, rule.Id);
        rule.FTeid?.Write(ref writer);
        rule.UeAddress?.Write(ref writer);
        writer.End(begin);
    }

    private static void WriteEndpoint(TrafficEndpoint endpoint, ushort type, ref PfcpWriter writer)
    {
        int begin = writer.Begin(type);
        writer.Add(PfcpElementType.TrafficEndpointId, endpoint.Id);
        endpoint.FTeid?.Write(ref writer);
        WriteName(PfcpElementType.NetworkInstance, endpoint.NetworkInstance, ref writer);
        endpoint.UeAddress?.Write(ref writer);
        foreach (byte qfi in endpoint.Qfis) writer.Add(PfcpElementType.Qfi, qfi);
        writer.End(begin);
    }

    private static void WriteFar(ForwardingActionRule rule, ushort type, ushort parametersType, ref PfcpWriter writer)
    {
        int begin = writer.Begin(type);
        writer.Add(PfcpElementType.FarId, rule.Id);
        if (rule.ApplyAction is { } action) writer.Add(PfcpElementType.ApplyAction, action);
        if (rule.HasParameters)
        {
            int parameters = writer.Begin(parametersType);
            if (rule.DestinationInterface is { } to) writer.Add(PfcpElementType.DestinationInterface, (byte)to);
            WriteName(PfcpElementType.NetworkInstance, rule.NetworkInstance, ref writer);
            rule.OuterHeaderCreation?.Write(ref writer);
            // Type of service and its mask.
            if (rule.Dscp is { } dscp)
                writer.Add(PfcpElementType.TransportLevelMarking, (ushort)(dscp << 10 | 0xFC));
            if (rule.InterfaceType is { } interfaceType) writer.Add(PfcpElementType.InterfaceType, interfaceType);
            writer.End(parameters);
        }
        writer.End(begin);
    }

    private static void WriteQer(QosEnforcementRule rule, ushort type, ref PfcpWriter writer)
    {
        int begin = writer.Begin(type);
        writer.Add(PfcpElementType.QerId, rule.Id);
        if (rule.GateStatus is { } gate) writer.Add(PfcpElementType.GateStatus, gate);
        WriteRate(PfcpElementType.Mbr, rule.MaximumBitRate, ref writer);
        WriteRate(PfcpElementType.Gbr, rule.GuaranteedBitRate, ref writer);
        if (rule.Qfi is { } qfi) writer.Add(PfcpElementType.Qfi, qfi);
        writer.End(begin);
    }

    private static void WriteRate(ushort type, PfcpBitRate? rate, ref PfcpWriter writer)
    {
        if (rate is not { } kbps) return;
        int begin = writer.Begin(type);
        writer.Put((byte)(kbps.UplinkKbps >> 32));
        writer.Put((uint)kbps.UplinkKbps);
        writer.Put((byte)(kbps.DownlinkKbps >> 32));
        writer.Put((uint)kbps.DownlinkKbps);
        writer.End(begin);
    }

    private static void WriteName(ushort type, string? name, ref PfcpWriter writer)
    {
        if (name is null) return;
        int begin = writer.Begin(type);
        PfcpName.Put(ref writer, name);
        writer.End(begin);
    }
}
