using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Testbed.Wire.Ethernet;
using Testbed.Wire.Packets;

namespace Testbed.Wire.Link;

/// <summary>
/// A frame of any link type, walked to the network packet. <see cref="EtherTypeInside"/> says what it is, also
/// for link types that say it in another way.
/// </summary>
public readonly ref struct LinkFrame
{
    private const int SllLength = 16;
    private const int Sll2Length = 20;
    private const int FamilyLength = 4;
    private readonly ReadOnlySpan<byte> _frame;

    private LinkFrame(ReadOnlySpan<byte> frame, TagStack tags)
    {
        _frame = frame;
        Tags = tags;
    }

    public TagStack Tags { get; }
    /// <summary>
    /// EtherType of the payload. Below 0x0600 it is no EtherType, but an 802.3 length or a Linux pseudo type.
    /// </summary>
    public ushort EtherTypeInside => Tags.EtherTypeInside;
    public bool IsIp => EtherTypeInside is EtherType.Ipv4 or EtherType.Ipv6;
    /// <summary>Offset of the network packet in the frame.</summary>
    public int PayloadOffset => Tags.End;
    public ReadOnlySpan<byte> Payload => _frame[Tags.End..];

    /// <summary>
    /// Reads the link header, tags and labels. <see cref="DecodeStatus.Unsupported"/> for link types that this
    /// product does not read; a payload that is not IP is no error here.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeStatus Read(LinkType linkType, ReadOnlySpan<byte> frame, out LinkFrame link)
    {
        link = default;
        DecodeStatus status;
        TagStack tags;
        if (linkType is LinkType.Ethernet)
        {
            if (frame.Length < EthernetHeader.LengthMin) return DecodeStatus.Truncated;
            ushort etherType = BinaryPrimitives.ReadUInt16BigEndian(frame[12..]);
            status = TagStack.Read(frame, EthernetHeader.LengthMin, etherType, out tags);
        }
        else
        {
            status = ReadOther(linkType, frame, out tags);
        }
        if (status is DecodeStatus.Ok) link = new(frame, tags);
        return status;
    }

    private static DecodeStatus ReadOther(LinkType linkType, ReadOnlySpan<byte> frame, out TagStack tags)
    {
        tags = default;
        switch (linkType)
        {
            case LinkType.LinuxSll:
                if (frame.Length < SllLength) return DecodeStatus.Truncated;
                return TagStack.Read(
                    frame, SllLength, BinaryPrimitives.ReadUInt16BigEndian(frame[14..]), out tags);
            case LinkType.LinuxSll2:
                if (frame.Length < Sll2Length) return DecodeStatus.Truncated;
                return TagStack.Read(frame, Sll2Length, BinaryPrimitives.ReadUInt16BigEndian(frame), out tags);
            case LinkType.Null:
            case LinkType.Loop:
                return ReadFamily(frame, out tags);
            case LinkType.Erf:
                return ReadErf(frame, out tags);
            case LinkType.Raw:
            case LinkType.RawBsd:
            case LinkType.RawOpenBsd:
            case LinkType.Ipv4:
            case LinkType.Ipv6:
                return ReadRaw(linkType, frame, out tags);
            default:
                return DecodeStatus.Unsupported;
        }
    }

    // The family is in the byte order of the host that captured, which need not be ours nor the file's. All
    // families are below 256, so the order shows in which end is zero.
    private static DecodeStatus ReadFamily(ReadOnlySpan<byte> frame, out TagStack tags)
    {
        tags = default;
        if (frame.Length < FamilyLength) return DecodeStatus.Truncated;
        uint family = BinaryPrimitives.ReadUInt32BigEndian(frame);
        if (family > 0xFFFF) family = BinaryPrimitives.ReverseEndianness(family);
        return family switch
        {
            2 => TagStack.Read(frame, FamilyLength, EtherType.Ipv4, out tags),
            // Linux; NetBSD and OpenBSD; FreeBSD; macOS.
            10 or 24 or 28 or 30 => TagStack.Read(frame, FamilyLength, EtherType.Ipv6, out tags),
            _ => DecodeStatus.Unsupported,
        };
    }

    private static DecodeStatus ReadErf(ReadOnlySpan<byte> frame, out TagStack tags)
    {
        tags = default;
        DecodeStatus status = ErfHeader.Read(frame, out ErfHeader erf);
        if (status is not DecodeStatus.Ok) return status;
        if (erf.EtherTypeInside != 0) return TagStack.Read(frame, erf.FrameOffset, erf.EtherTypeInside, out tags);
        int payload = erf.FrameOffset + EthernetHeader.LengthMin;
        if (frame.Length < payload) return DecodeStatus.Truncated;
        return TagStack.Read(frame, payload, BinaryPrimitives.ReadUInt16BigEndian(frame[(payload - 2)..]), out tags);
    }

    private static DecodeStatus ReadRaw(LinkType linkType, ReadOnlySpan<byte> frame, out TagStack tags)
    {
        tags = default;
        if (frame.IsEmpty) return DecodeStatus.Truncated;
        int version = frame[0] >> 4;
        bool allowed = linkType switch
        {
            LinkType.Ipv4 => version == 4,
            LinkType.Ipv6 => version == 6,
            _ => version is 4 or 6,
        };
        if (!allowed) return DecodeStatus.BadVersion;
        return TagStack.Read(frame, 0, version == 4 ? EtherType.Ipv4 : EtherType.Ipv6, out tags);
    }
}
