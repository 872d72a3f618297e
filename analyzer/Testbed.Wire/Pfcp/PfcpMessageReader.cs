using System.Buffers.Binary;

namespace Testbed.Wire.Pfcp;

/// <summary>Turns elements into a <see cref="PfcpMessage"/>; two levels deep and no deeper.</summary>
internal static class PfcpMessageReader
{
    public static DecodeStatus Read(in PfcpHeader header, out PfcpMessage? message)
    {
        message = null;
        PfcpMessage reading = new(header.MessageType, header.SequenceNumber)
        {
            Seid = header.HasSeid ? header.Seid : null,
        };
        PfcpElements elements = header.Elements;
        while (elements.MoveNext())
        {
            DecodeStatus status = ReadElement(reading, elements.Current);
            if (status is not DecodeStatus.Ok) return status;
        }
        if (elements.Status is DecodeStatus.Ok) message = reading;
        return elements.Status;
    }

    private static DecodeStatus ReadElement(PfcpMessage message, in PfcpElement element)
    {
        ReadOnlySpan<byte> value = element.Value;
        switch (element.Type)
        {
            case PfcpElementType.NodeId:
                return Keep(NodeId.Read(value, out NodeId node), () => message.NodeId = node);
            case PfcpElementType.FSeid:
                return Keep(FSeid.Read(value, out FSeid fSeid), () => message.FSeid = fSeid);
            case PfcpElementType.Snssai:
                return Keep(Snssai.Read(value, out Snssai snssai), () => message.Snssai = snssai);
            case PfcpElementType.Cause:
                return Keep(TryUInt8(value, out byte cause), () => message.Cause = (PfcpCause)cause);
            case PfcpElementType.RecoveryTimeStamp:
                return Keep(TryUInt32(value, out uint time), () => message.RecoveryTimeStamp = time);
            case PfcpElementType.OffendingElement:
                return Keep(TryUInt16(value, out ushort type), () => message.OffendingElement = type);
            case PfcpElementType.PdnType:
                return Keep(TryUInt8(value, out byte pdn), () => message.PdnType = (byte)(pdn & 7));
            case PfcpElementType.ApnDnn:
                return Keep(TryName(value, out string dnn), () => message.Dnn = dnn);
            case PfcpElementType.UpFunctionFeatures:
                message.UpFunctionFeatures = value.ToArray();
                return DecodeStatus.Ok;
            case PfcpElementType.CpFunctionFeatures:
                message.CpFunctionFeatures = value.ToArray();
                return DecodeStatus.Ok;
            default:
                return ReadRule(message, element);
        }
    }

    private static DecodeStatus ReadRule(PfcpMessage message, in PfcpElement element)
    {
        switch (element.Type)
        {
            case PfcpElementType.CreatePdr:
                return PfcpRuleReader.ReadPdr(element.Elements, message.CreatePdrs);
            case PfcpElementType.UpdatePdr:
                return PfcpRuleReader.ReadPdr(element.Elements, message.UpdatePdrs);
            case PfcpElementType.CreatedPdr:
                return PfcpRuleReader.ReadCreatedPdr(element.Elements, message.CreatedPdrs);
            case PfcpElementType.UpdatedPdr:
                return PfcpRuleReader.ReadCreatedPdr(element.Elements, message.UpdatedPdrs);
            case PfcpElementType.CreateFar:
                return PfcpRuleReader.ReadFar(element.Elements, message.CreateFars);
            case PfcpElementType.UpdateFar:
                return PfcpRuleReader.ReadFar(element.Elements, message.UpdateFars);
            case PfcpElementType.CreateQer:
                return PfcpRuleReader.ReadQer(element.Elements, message.CreateQers);
            case PfcpElementType.UpdateQer:
                return PfcpRuleReader.ReadQer(element.Elements, message.UpdateQers);
            case PfcpElementType.CreateTrafficEndpoint:
                return PfcpRuleReader.ReadTrafficEndpoint(element.Elements, message.CreateTrafficEndpoints);
            case PfcpElementType.UpdateTrafficEndpoint:
                return PfcpRuleReader.ReadTrafficEndpoint(element.Elements, message.UpdateTrafficEndpoints);
            case PfcpElementType.CreatedTrafficEndpoint:
                return PfcpRuleReader.ReadTrafficEndpoint(element.Elements, message.CreatedTrafficEndpoints);
            case PfcpElementType.RemovePdr:
                return Keep(
                    PfcpRuleReader.FindPdrId(element.Elements, out ushort pdr),
                    () => message.RemovePdrs.Add(pdr));
            case PfcpElementType.RemoveFar:
                return Keep(
                    PfcpRuleReader.FindUInt32(element.Elements, PfcpElementType.FarId, out uint far),
                    () => message.RemoveFars.Add(far));
            case PfcpElementType.RemoveQer:
                return Keep(
                    PfcpRuleReader.FindUInt32(element.Elements, PfcpElementType.QerId, out uint qer),
                    () => message.RemoveQers.Add(qer));
            default:
                message.OtherElementCount++;
                return DecodeStatus.Ok;
        }
    }

    // The control plane is rare, so a delegate a field is affordable and keeps the tables above readable.
    internal static DecodeStatus Keep(DecodeStatus status, Action keep)
    {
        if (status is DecodeStatus.Ok) keep();
        return status;
    }

    // Elements may grow at their end in later releases (TS 29.244 §8.1.1), so a longer value is no error.
    internal static DecodeStatus TryUInt8(ReadOnlySpan<byte> value, out byte number)
    {
        number = value.Length >= 1 ? value[0] : (byte)0;
        return value.Length >= 1 ? DecodeStatus.Ok : DecodeStatus.BadLength;
    }

    internal static DecodeStatus TryUInt16(ReadOnlySpan<byte> value, out ushort number) =>
        BinaryPrimitives.TryReadUInt16BigEndian(value, out number) ? DecodeStatus.Ok : DecodeStatus.BadLength;

    internal static DecodeStatus TryUInt32(ReadOnlySpan<byte> value, out uint number) =>
        BinaryPrimitives.TryReadUInt32BigEndian(value, out number) ? DecodeStatus.Ok : DecodeStatus.BadLength;

    internal static DecodeStatus TryName(ReadOnlySpan<byte> value, out string name) =>
        PfcpName.TryRead(value, out name) ? DecodeStatus.Ok : DecodeStatus.BadLength;
}
