using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Testbed.Wire.Ethernet;

/// <summary>
/// The VLAN tags, PPPoE header and MPLS labels between a link header and the network packet, already walked over.
/// Shared by all link types that carry an EtherType, for the Linux cooked ones may hold tags as well.
/// </summary>
public readonly struct TagStack
{
    /// <summary>More tags or labels than any network stacks; a longer chain is damage or an attack.</summary>
    public const int DepthMax = 8;
    private const int TagLength = 4;
    private const int LabelLength = 4;
    private readonly ushort _outerTci;
    private readonly ushort _innerTci;
    private readonly uint _topLabel;

    private TagStack(ushort etherType, int end, int vlans, int labels, ushort outerTci, ushort innerTci, uint topLabel)
    {
        EtherTypeInside = etherType;
        End = end;
        VlanCount = vlans;
        LabelCount = labels;
        _outerTci = outerTci;
        _innerTci = innerTci;
        _topLabel = topLabel;
    }

    /// <summary>
    /// EtherType of what follows the tags; for MPLS the one that the first nibble tells, else 0x8847; for PPPoE the one
    /// that the PPP protocol tells, else 0x8864.
    /// </summary>
    public ushort EtherTypeInside { get; }
    /// <summary>Offset in the frame of the first byte after tags and labels.</summary>
    public int End { get; }
    public int VlanCount { get; }
    public int LabelCount { get; }
    /// <summary>12-bit VLAN id of the first tag; 0 when there is none, or when it is a priority tag.</summary>
    public int OuterVlanId => _outerTci & 0x0FFF;
    /// <summary>12-bit VLAN id of the last tag; equal to the outer one when there is only one tag.</summary>
    public int InnerVlanId => _innerTci & 0x0FFF;
    /// <summary>Priority code point of the first tag.</summary>
    public int PriorityCodePoint => _outerTci >> 13;
    /// <summary>20-bit label at the top of the stack; 0 when there is none.</summary>
    public int TopLabel => (int)(_topLabel >> 12);

    /// <summary>Walks from <paramref name="offset"/>, the first byte after the EtherType field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static DecodeStatus Read(ReadOnlySpan<byte> frame, int offset, ushort etherType, out TagStack stack)
    {
        if (etherType is EtherType.Ipv4 or EtherType.Ipv6)
        {
            stack = new(etherType, offset, 0, 0, 0, 0, 0);
            return DecodeStatus.Ok;
        }
        return ReadTagged(frame, offset, etherType, out stack);
    }

    private static DecodeStatus ReadTagged(
        ReadOnlySpan<byte> frame, int offset, ushort etherType, out TagStack stack)
    {
        stack = default;
        int vlans = 0;
        ushort outer = 0, inner = 0;
        while (IsVlan(etherType))
        {
            if (vlans == DepthMax) return DecodeStatus.TooDeep;
            if (frame.Length - offset < TagLength) return DecodeStatus.Truncated;
            inner = BinaryPrimitives.ReadUInt16BigEndian(frame[offset..]);
            if (vlans++ == 0) outer = inner;
            etherType = BinaryPrimitives.ReadUInt16BigEndian(frame[(offset + 2)..]);
            offset += TagLength;
        }
        if (etherType == EtherType.PppoeSession)
        {
            DecodeStatus status = PppoeHeader.Read(frame[offset..], out PppoeHeader pppoe);
            if (status is not DecodeStatus.Ok) return status;
            etherType = pppoe.EtherTypeInside;
            offset += pppoe.Length;
        }
        int labels = 0;
        uint top = 0;
        if (etherType is EtherType.MplsUnicast or EtherType.MplsMulticast)
        {
            DecodeStatus status = ReadLabels(frame, ref offset, ref etherType, out labels, out top);
            if (status is not DecodeStatus.Ok) return status;
        }
        stack = new(etherType, offset, vlans, labels, outer, inner, top);
        return DecodeStatus.Ok;
    }

    // RFC 3032 §2.1: 20 bits of label, 3 of traffic class, 1 that ends the stack, 8 of TTL. Nothing says what
    // follows; the first nibble tells IP from the rest (RFC 4385 §3: a pseudowire starts with 0 or 1).
    private static DecodeStatus ReadLabels(
        ReadOnlySpan<byte> frame, ref int offset, ref ushort etherType, out int labels, out uint top)
    {
        labels = 0;
        top = 0;
        uint label;
        do
        {
            if (labels == DepthMax) return DecodeStatus.TooDeep;
            if (frame.Length - offset < LabelLength) return DecodeStatus.Truncated;
            label = BinaryPrimitives.ReadUInt32BigEndian(frame[offset..]);
            if (labels++ == 0) top = label;
            offset += LabelLength;
        }
        while ((label & 0x100) == 0);
        if (frame.Length == offset) return DecodeStatus.Truncated;
        etherType = (frame[offset] >> 4) switch
        {
            4 => EtherType.Ipv4,
            6 => EtherType.Ipv6,
            _ => etherType,
        };
        return DecodeStatus.Ok;
    }

    private static bool IsVlan(ushort etherType) =>
        etherType is EtherType.Vlan or EtherType.ServiceVlan or EtherType.OldServiceVlan;
}
