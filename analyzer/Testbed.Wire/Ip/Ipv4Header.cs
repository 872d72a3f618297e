using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Testbed.Wire.Ip;

/// <summary>
/// An IPv4 header (RFC 791 §3.1) over a packet of which the end may have been cut off by the capture.
/// <code>
///  0        1        2                 4                 6
///  |ver|ihl | tos    | total length    | identification  | flags, fragment offset
///  8        9        10                12                16
///  | ttl    |protocol| checksum        | source          | destination, options
/// </code>
/// </summary>
public readonly ref struct Ipv4Header
{
    public const int LengthMin = 20;
    private readonly ReadOnlySpan<byte> _packet;

    private Ipv4Header(ReadOnlySpan<byte> packet, int headerLength, int totalLength)
    {
        _packet = packet;
        Length = headerLength;
        TotalLength = totalLength;
    }

    /// <summary>Bytes of the header with its options, 20 to 60.</summary>
    public int Length { get; }
    /// <summary>
    /// Bytes of the packet on the wire, header included: the stated length, or the length on the wire where the
    /// header says 0, as in frames that the sender's card was to cut (TSO).
    /// </summary>
    public int TotalLength { get; }
    public int StatedTotalLength => BinaryPrimitives.ReadUInt16BigEndian(_packet[2..]);
    /// <summary>Differentiated services code point and ECN, one byte.</summary>
    public byte TrafficClass => _packet[1];
    public ushort Identification => BinaryPrimitives.ReadUInt16BigEndian(_packet[4..]);
    public bool DontFragment => (_packet[6] & 0x40) != 0;
    public bool MoreFragments => (_packet[6] & 0x20) != 0;
    /// <summary>Place of the payload in the original one, bytes.</summary>
    public int FragmentOffset => (BinaryPrimitives.ReadUInt16BigEndian(_packet[6..]) & 0x1FFF) * 8;
    /// <summary>Any fragment, the first one included.</summary>
    public bool IsFragment => (BinaryPrimitives.ReadUInt16BigEndian(_packet[6..]) & 0x3FFF) != 0;
    /// <summary>The payload does not start with a transport header.</summary>
    public bool IsLaterFragment => (BinaryPrimitives.ReadUInt16BigEndian(_packet[6..]) & 0x1FFF) != 0;
    public byte TimeToLive => _packet[8];
    public byte Protocol => _packet[9];
    public ushort HeaderChecksum => BinaryPrimitives.ReadUInt16BigEndian(_packet[10..]);
    public bool IsChecksumValid => Checksum.IsValid(_packet[..Length]);
    public ReadOnlySpan<byte> Source => _packet.Slice(12, 4);
    public ReadOnlySpan<byte> Destination => _packet.Slice(16, 4);
    public uint SourceBits => BinaryPrimitives.ReadUInt32BigEndian(_packet[12..]);
    public uint DestinationBits => BinaryPrimitives.ReadUInt32BigEndian(_packet[16..]);
    public ReadOnlySpan<byte> Options => _packet[LengthMin..Length];
    /// <summary>Payload bytes at hand: no padding, and fewer than on the wire when the capture cut them off.</summary>
    public ReadOnlySpan<byte> Payload => _packet[Length..];
    /// <summary>Payload bytes on the wire.</summary>
    public int PayloadLength => TotalLength - Length;
    public bool IsSnapped => _packet.Length < TotalLength;

    /// <summary>Reads the header at the start of <paramref name="packet"/>, which may end in padding.</summary>
    /// <param name="wireLength">
    /// Bytes on the wire from this header on, used only where the header states a length of 0; 0 means "as
    /// many as are in <paramref name="packet"/>".
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeStatus Read(ReadOnlySpan<byte> packet, out Ipv4Header header, int wireLength = 0)
    {
        header = default;
        if (packet.Length < LengthMin)
            return !packet.IsEmpty && packet[0] >> 4 != 4 ? DecodeStatus.BadVersion : DecodeStatus.Truncated;
        if (packet[0] >> 4 != 4) return DecodeStatus.BadVersion;
        int headerLength = (packet[0] & 0x0F) * 4;
        if (headerLength < LengthMin) return DecodeStatus.BadLength;
        int totalLength = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (totalLength == 0) totalLength = Math.Max(packet.Length, wireLength);
        if (totalLength < headerLength) return DecodeStatus.BadLength;
        if (packet.Length < headerLength) return DecodeStatus.Truncated;
        if (packet.Length > totalLength) packet = packet[..totalLength];
        header = new(packet, headerLength, totalLength);
        return DecodeStatus.Ok;
    }

    /// <summary>Writes a header without options, with its checksum, and returns its length.</summary>
    /// <param name="fragmentField">
    /// The flags and fragment offset field as it stands; 0x4000 is "don't fragment".
    /// </param>
    public static int Write(
        Span<byte> destination, uint source, uint target, byte protocol, int payloadLength,
        ushort identification = 0, byte trafficClass = 0, byte timeToLive = 64, ushort fragmentField = 0x4000)
    {
        Span<byte> header = destination[..LengthMin];
        header[0] = 0x45;
        header[1] = trafficClass;
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], checked((ushort)(LengthMin + payloadLength)));
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], identification);
        BinaryPrimitives.WriteUInt16BigEndian(header[6..], fragmentField);
        header[8] = timeToLive;
        header[9] = protocol;
        header[10] = 0;
        header[11] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(header[12..], source);
        BinaryPrimitives.WriteUInt32BigEndian(header[16..], target);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], Checksum.Compute(header));
        return LengthMin;
    }
}
