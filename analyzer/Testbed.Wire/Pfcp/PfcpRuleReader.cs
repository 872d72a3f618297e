using System.Buffers.Binary;
using System.Text;
using static Testbed.Wire.Pfcp.PfcpMessageReader;

namespace Testbed.Wire.Pfcp;

/// <summary>Reads the grouped elements that hold rules. A rule without its id is refused.</summary>
internal static class PfcpRuleReader
{
    public static DecodeStatus FindPdrId(PfcpElements elements, out ushort id)
    {
        id = 0;
        return elements.TryFind(PfcpElementType.PdrId, out PfcpElement element)
            ? TryUInt16(element.Value, out id)
            : DecodeStatus.BadField;
    }

    public static DecodeStatus FindUInt32(PfcpElements elements, ushort type, out uint id)
    {
        id = 0;
        return elements.TryFind(type, out PfcpElement element)
            ? TryUInt32(element.Value, out id)
            : DecodeStatus.BadField;
    }

    public static DecodeStatus ReadPdr(PfcpElements elements, List<PacketDetectionRule> into)
    {
        DecodeStatus status = FindPdrId(elements, out ushort id);
        PacketDetectionRule rule = new(id);
        while (status is DecodeStatus.Ok && elements.MoveNext())
            status = ReadPdrElement(rule, elements.Current);
        return Add(status, elements.Status, rule, into);
    }

    private static DecodeStatus ReadPdrElement(PacketDetectionRule rule, in PfcpElement element)
    {
        switch (element.Type)
        {
            case PfcpElementType.Pdi:
                PfcpElements detection = element.Elements;
                DecodeStatus status = DecodeStatus.Ok;
                while (status is DecodeStatus.Ok && detection.MoveNext())
                    status = ReadDetection(rule, detection.Current);
                return status is DecodeStatus.Ok ? detection.Status : status;
            case PfcpElementType.Precedence:
                return Keep(TryUInt32(element.Value, out uint precedence), () => rule.Precedence = precedence);
            case PfcpElementType.OuterHeaderRemoval:
                return Keep(TryUInt8(element.Value, out byte removal), () => rule.OuterHeaderRemoval = removal);
            case PfcpElementType.FarId:
                return Keep(TryUInt32(element.Value, out uint far), () => rule.FarId = far);
            case PfcpElementType.QerId:
                return Keep(TryUInt32(element.Value, out uint qer), () => rule.QerIds.Add(qer));
            default:
                return DecodeStatus.Ok;
        }
    }

    private static DecodeStatus ReadDetection(PacketDetectionRule rule, in PfcpElement element)
    {
        ReadOnlySpan<byte> value = element.Value;
        switch (element.Type)
        {
            case PfcpElementType.SourceInterface:
                return Keep(
                    TryUInt8(value, out byte source), () => rule.SourceInterface = (PfcpInterface)(source & 0x0F));
            case PfcpElementType.InterfaceType:
                return Keep(TryUInt8(value, out byte type), () => rule.InterfaceType = (byte)(type & 0x3F));
            case PfcpElementType.FTeid:
                return Keep(FTeid.Read(value, out FTeid fTeid), () => rule.FTeid = fTeid);
            case PfcpElementType.NetworkInstance:
                return Keep(TryName(value, out string name), () => rule.NetworkInstance = name);
            case PfcpElementType.UeIpAddress:
                return Keep(UeIpAddress.Read(value, out UeIpAddress address), () => rule.UeAddress = address);
            case PfcpElementType.TrafficEndpointId:
                return Keep(TryUInt8(value, out byte endpoint), () => rule.TrafficEndpointId = endpoint);
            case PfcpElementType.Qfi:
                return Keep(TryUInt8(value, out byte qfi), () => rule.Qfis.Add((byte)(qfi & 0x3F)));
            case PfcpElementType.SdfFilter:
                return ReadSdfFilter(value, rule.FlowDescriptions);
            default:
                return DecodeStatus.Ok;
        }
    }

    // TS 29.244 §8.2.5: | flags, the first for a flow description | spare | length (16) | flow description | … |
    private static DecodeStatus ReadSdfFilter(ReadOnlySpan<byte> value, List<string> into)
    {
        if (value.Length < 2) return DecodeStatus.BadLength;
        if ((value[0] & 0x01) == 0) return DecodeStatus.Ok;
        if (value.Length < 4) return DecodeStatus.BadLength;
        int length = BinaryPrimitives.ReadUInt16BigEndian(value[2..]);
        if (value.Length < 4 + length) return DecodeStatus.BadLength;
        into.Add(Encoding.UTF8.GetString(value.Slice(4, length)));
        return DecodeStatus.Ok;
    }

    public static DecodeStatus ReadCreatedPdr(PfcpElements elements, List<CreatedPdr> into)
    {
        DecodeStatus status = FindPdrId(elements, out ushort id);
        CreatedPdr rule = new(id);
        while (status is DecodeStatus.Ok && elements.MoveNext())
        {
            ReadOnlySpan<byte> value = elements.Current.Value;
            status = elements.Current.Type switch
            {
                PfcpElementType.FTeid => Keep(FTeid.Read(value, out FTeid fTeid), () => rule.FTeid = fTeid),
                PfcpElementType.UeIpAddress =>
                    Keep(UeIpAddress.Read(value, out UeIpAddress address), () => rule.UeAddress = address),
                _ => DecodeStatus.Ok,
            };
        }
        return Add(status, elements.Status, rule, into);
    }

    public static DecodeStatus ReadTrafficEndpoint(PfcpElements elements, List<TrafficEndpoint> into)
    {
        byte id = 0;
        DecodeStatus status = elements.TryFind(PfcpElementType.TrafficEndpointId, out PfcpElement found)
            ? TryUInt8(found.Value, out id)
            : DecodeStatus.BadField;
        TrafficEndpoint endpoint = new(id);
        while (status is DecodeStatus.Ok && elements.MoveNext())
        {
            ReadOnlySpan<byte> value = elements.Current.Value;
            status = elements.Current.Type switch
            {
                PfcpElementType.FTeid => Keep(FTeid.Read(value, out FTeid fTeid), () => endpoint.FTeid = fTeid),
                PfcpElementType.UeIpAddress =>
                    Keep(UeIpAddress.Read(value, out UeIpAddress address), () => endpoint.UeAddress = address),
                PfcpElementType.NetworkInstance =>
                    Keep(TryName(value, out string name), () => endpoint.NetworkInstance = name),
                PfcpElementType.Qfi => Keep(TryUInt8(value, out byte qfi), () => endpoint.Qfis.Add((byte)(qfi & 0x3F))),
                _ => DecodeStatus.Ok,
            };
        }
        return Add(status, elements.Status, endpoint, into);
    }

    public static DecodeStatus ReadFar(PfcpElements elements, List<ForwardingActionRule> into)
    {
        DecodeStatus status = FindUInt32(elements, PfcpElementType.FarId, out uint id);
        ForwardingActionRule rule = new(id);
        while (status is DecodeStatus.Ok && elements.MoveNext())
        {
            PfcpElement element = elements.Current;
            status = element.Type switch
            {
                PfcpElementType.ApplyAction =>
                    Keep(TryUInt8(element.Value, out byte action), () => rule.ApplyAction = action),
                PfcpElementType.ForwardingParameters or PfcpElementType.UpdateForwardingParameters =>
                    ReadForwarding(rule, element.Elements),
                _ => DecodeStatus.Ok,
            };
        }
        return Add(status, elements.Status, rule, into);
    }

    private static DecodeStatus ReadForwarding(ForwardingActionRule rule, PfcpElements elements)
    {
        DecodeStatus status = DecodeStatus.Ok;
        while (status is DecodeStatus.Ok && elements.MoveNext())
        {
            ReadOnlySpan<byte> value = elements.Current.Value;
            status = elements.Current.Type switch
            {
                PfcpElementType.DestinationInterface =>
                    Keep(TryUInt8(value, out byte to), () => rule.DestinationInterface = (PfcpInterface)(to & 0x0F)),
                PfcpElementType.InterfaceType =>
                    Keep(TryUInt8(value, out byte type), () => rule.InterfaceType = (byte)(type & 0x3F)),
                PfcpElementType.NetworkInstance =>
                    Keep(TryName(value, out string name), () => rule.NetworkInstance = name),
                PfcpElementType.TransportLevelMarking => Keep(
                    TryUInt16(value, out ushort marking),
                    () => rule.Dscp = (byte)((marking >> 8 & marking & 0xFC) >> 2)),
                PfcpElementType.OuterHeaderCreation => Keep(
                    OuterHeaderCreation.Read(value, out OuterHeaderCreation creation),
                    () => rule.OuterHeaderCreation = creation),
                _ => DecodeStatus.Ok,
            };
        }
        return status is DecodeStatus.Ok ? elements.Status : status;
    }

    public static DecodeStatus ReadQer(PfcpElements elements, List<QosEnforcementRule> into)
    {
        DecodeStatus status = FindUInt32(elements, PfcpElementType.QerId, out uint id);
        QosEnforcementRule rule = new(id);
        while (status is DecodeStatus.Ok && elements.MoveNext())
        {
            ReadOnlySpan<byte> value = elements.Current.Value;
            status = elements.Current.Type switch
            {
                PfcpElementType.GateStatus => Keep(TryUInt8(value, out byte gate), () => rule.GateStatus = gate),
                PfcpElementType.Qfi => Keep(TryUInt8(value, out byte qfi), () => rule.Qfi = (byte)(qfi & 0x3F)),
                PfcpElementType.Mbr => Keep(TryRate(value, out PfcpBitRate rate), () => rule.MaximumBitRate = rate),
                PfcpElementType.Gbr => Keep(TryRate(value, out PfcpBitRate rate), () => rule.GuaranteedBitRate = rate),
                _ => DecodeStatus.Ok,
            };
        }
        return Add(status, elements.Status, rule, into);
    }

    private static DecodeStatus TryRate(ReadOnlySpan<byte> value, out PfcpBitRate rate)
    {
        rate = default;
        if (value.Length < 10) return DecodeStatus.BadLength;
        long uplink = ((long)value[0] << 32) | BinaryPrimitives.ReadUInt32BigEndian(value[1..]);
        long downlink = ((long)value[5] << 32) | BinaryPrimitives.ReadUInt32BigEndian(value[6..]);
        rate = new(uplink, downlink);
        return DecodeStatus.Ok;
    }

    private static DecodeStatus Add<T>(DecodeStatus status, DecodeStatus walkStatus, T rule, List<T> into)
    {
        if (status is DecodeStatus.Ok) status = walkStatus;
        if (status is DecodeStatus.Ok) into.Add(rule);
        return status;
    }
}
