using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Testbed.Wire.Ethernet;

/// <summary>
/// An Ethernet II header with its VLAN tags and MPLS labels.
/// <code>
///  0            6            12          14
///  | destination | source    | EtherType | tags … payload
/// </code>
/// </summary>
public readonly ref struct EthernetHeader
{
    public const int LengthMin = 14;
    /// <summary>Bytes of a MAC address.</summary>
    public const int AddressLength = 6;
    private readonly ReadOnlySpan<byte> _frame;

    private EthernetHeader(ReadOnlySpan<byte> frame, TagStack tags)
    {
        _frame = frame;
        Tags = tags;
    }

    public ReadOnlySpan<byte> Destination => _frame[..AddressLength];
    public ReadOnlySpan<byte> Source => _frame.Slice(AddressLength, AddressLength);
    /// <summary>The type field right after the addresses: that of the first tag in a tagged frame.</summary>
    public ushort OuterEtherType => BinaryPrimitives.ReadUInt16BigEndian(_frame[12..]);
    /// <summary>The type of the payload, after all tags. Below 0x0600 it is an IEEE 802.3 length.</summary>
    public ushort EtherTypeInside => Tags.EtherTypeInside;
    public TagStack Tags { get; }
    /// <summary>Bytes of the header with its tags and labels.</summary>
    public int Length => Tags.End;
    /// <summary>What follows; may end with padding to 60 bytes or a frame check sequence.</summary>
    public ReadOnlySpan<byte> Payload => _frame[Tags.End..];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeStatus Read(ReadOnlySpan<byte> frame, out EthernetHeader header)
    {
        header = default;
        if (frame.Length < LengthMin) return DecodeStatus.Truncated;
        ushort etherType = BinaryPrimitives.ReadUInt16BigEndian(frame[12..]);
        DecodeStatus status = TagStack.Read(frame, LengthMin, etherType, out TagStack tags);
        if (status is DecodeStatus.Ok) header = new(frame, tags);
        return status;
    }

    /// <summary>Writes an untagged header and returns its length.</summary>
    public static int Write(
        Span<byte> destination, ReadOnlySpan<byte> destinationMac, ReadOnlySpan<byte> sourceMac, ushort etherType)
    {
        destinationMac[..AddressLength].CopyTo(destination);
        sourceMac[..AddressLength].CopyTo(destination[AddressLength..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination[12..], etherType);
        return LengthMin;
    }

    /// <summary>
    /// Writes one 802.1Q or 802.1ad tag's control information and the type that follows it, and returns 4. It
    /// belongs right after an EtherType that names a tag.
    /// </summary>
    public static int WriteTag(Span<byte> destination, int vlanId, int priority, ushort etherTypeInside)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)((priority << 13) | (vlanId & 0x0FFF)));
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], etherTypeInside);
        return 4;
    }
}
