using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Testbed.Wire.Packets;

namespace Testbed.Wire.Files;

/// <summary>
/// A pcapng file (draft-ietf-opsawg-pcapng): several sections of either byte order, each with its own interfaces.
/// <code>
///  block | type | length | body, options, padded to 4 bytes | length |
/// </code>
/// </summary>
internal sealed class PcapNgSource : CaptureFileSource
{
    private const int SectionLengthMin = 28;
    private const int NameLengthMax = 256;
    /// <summary>Interface, time and both lengths, in front of a packet block's frame.</summary>
    private const int PacketFixedLength = 20;
    private readonly List<TimeResolution> _resolutions = [];
    private readonly Dictionary<int, CaptureStatistics> _statistics = [];
    private bool _isBigEndian;
    private int _sectionFirstInterface;
    private int _peekedLength;
    private bool _peekedUntimed;

    private PcapNgSource(ReadAhead input) : base(input)
    {
    }

    public override IReadOnlyCollection<CaptureStatistics> Statistics => _statistics.Values;

    internal static PcapNgSource Open(ReadAhead input)
    {
        PcapNgSource source = new(input);
        if (source.TryReadSection()) return source;
        string found = source.Ending.Reason ?? "the file's end";
        throw new CaptureFileException(input.Name, source.Ending.Offset, "a pcapng section header block", found);
    }

    private protected override bool TryPeek(out CapturedFrame frame)
    {
        frame = default;
        while (true)
        {
            if (!Input.Ensure(PcapNgBlock.HeaderLength)) return EndOfFile();
            uint type = UInt32(Input.Available);
            // Its byte order is that of the new section, so nothing else in it can be read yet.
            if (type == PcapNgBlock.SectionHeader)
            {
                if (!TryReadSection()) return false;
                continue;
            }
            if (!TryReadLength(PcapNgBlock.LengthMin, out int length)) return false;
            ReadOnlySpan<byte> body = Input.Available[PcapNgBlock.HeaderLength..(length - 4)];
            switch (type)
            {
                case PcapNgBlock.EnhancedPacket:
                case PcapNgBlock.OldPacket:
                    return TryReadPacket(type, body, length, out frame);
                case PcapNgBlock.SimplePacket:
                    return TryReadSimplePacket(body, length, out frame);
                case PcapNgBlock.InterfaceDescription:
                    if (!TryReadInterface(body)) return false;
                    break;
                case PcapNgBlock.InterfaceStatistics:
                    ReadStatistics(body);
                    break;
            }
            Input.Advance(length);
        }
    }

    private protected override int Scan(Span<PacketSlot> slots, out ReadOnlySpan<byte> slab)
    {
        ReadOnlySpan<byte> bytes = slab = Input.Available;
        if (_isBigEndian) return 0;
        int at = 0, count = 0;
        long number = FrameCount;
        uint lastLocal = uint.MaxValue, interfaces = (uint)(Interfaces.Count - _sectionFirstInterface);
        TimeResolution resolution = default;
        ref byte start = ref MemoryMarshal.GetReference(bytes);
        while (count < slots.Length && bytes.Length - at >= PacketFixedLength + PcapNgBlock.LengthMin)
        {
            ref byte block = ref Unsafe.Add(ref start, at);
            if (RawBytes.UInt32Little(ref block, 0) != PcapNgBlock.EnhancedPacket) break;
            uint length = RawBytes.UInt32Little(ref block, 4), local = RawBytes.UInt32Little(ref block, 8);
            uint captured = RawBytes.UInt32Little(ref block, 20), original = RawBytes.UInt32Little(ref block, 24);
            // The same checks as the long way makes one by one; it says which of them failed.
            if (length > (uint)(bytes.Length - at) || length % 4 != 0 || length > BlockLengthMax || local >= interfaces
                || captured > FrameLengthMax || captured + (PacketFixedLength + PcapNgBlock.LengthMin) > length
                || original > int.MaxValue
                || RawBytes.UInt32Little(ref block, (int)length - sizeof(uint)) != length) break;
            if (local != lastLocal)
                (lastLocal, resolution) = (local, _resolutions[_sectionFirstInterface + (int)local]);
            ulong units = (ulong)RawBytes.UInt32Little(ref block, 12) << 32 | RawBytes.UInt32Little(ref block, 16);
            slots[count++] = new(
                at + PcapNgBlock.HeaderLength + PacketFixedLength, (int)captured, (int)original,
                resolution.ToNs(units), _sectionFirstInterface + (int)local, ++number);
            at += (int)length;
        }
        FrameCount = number;
        Input.Advance(at);
        return count;
    }

    private protected override void Leave()
    {
        if (_peekedUntimed) UntimedCount++;
        Input.Advance(_peekedLength);
    }

    // Checks both length fields of the block and makes the whole of it available.
    private bool TryReadLength(int lengthMin, out int length)
    {
        uint stated = UInt32(Input.Available[4..]);
        length = 0;
        if (stated < lengthMin || stated > BlockLengthMax || stated % 4 != 0)
            return Corrupt($"a block of {stated} bytes");
        length = (int)stated;
        if (!Input.Ensure(length)) return EndOfFile();
        uint again = UInt32(Input.Available[(length - 4)..]);
        return again == stated || Corrupt($"a block of {stated} bytes that ends with a length of {again}");
    }

    private bool TryReadSection()
    {
        if (!Input.Ensure(PcapNgBlock.LengthMin)) return EndOfFile();
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(Input.Available[8..]);
        _isBigEndian = magic != PcapNgBlock.ByteOrderMagic;
        if (_isBigEndian && BinaryPrimitives.ReverseEndianness(magic) != PcapNgBlock.ByteOrderMagic)
            return Corrupt($"the byte-order magic {Convert.ToHexString(Input.Available[8..12])}");
        if (!TryReadLength(SectionLengthMin, out int length)) return false;
        int major = UInt16(Input.Available[12..]);
        if (major != 1) return Corrupt($"pcapng version {major}");
        _sectionFirstInterface = Interfaces.Count;
        Input.Advance(length);
        return true;
    }

    private bool TryReadInterface(ReadOnlySpan<byte> body)
    {
        if (body.Length < 8) return Corrupt("an interface description block without body");
        if (Interfaces.Count == InterfacesMax) return Corrupt($"more than {InterfacesMax} interfaces");
        string name = "";
        byte resolution = 6;
        long offsetSeconds = 0;
        foreach (PcapNgOptions.Option option in new PcapNgOptions(body[8..], _isBigEndian))
        {
            ReadOnlySpan<byte> value = option.Value;
            if (option.Code == PcapNgBlock.InterfaceName)
                name = Encoding.UTF8.GetString(value[..Math.Min(value.Length, NameLengthMax)]).TrimEnd('\0');
            else if (option.Code == PcapNgBlock.InterfaceTimeResolution && value.Length == 1)
                resolution = value[0];
            else if (option.Code == PcapNgBlock.InterfaceTimeOffset && value.Length == 8)
                offsetSeconds = (long)UInt64(value);
        }
        AddInterface(name, (LinkType)UInt16(body), UInt32(body[4..]));
        _resolutions.Add(new(resolution, offsetSeconds));
        return true;
    }

    // The old block differs only in its first four bytes: | interface (16) | drops (16) |.
    private bool TryReadPacket(uint type, ReadOnlySpan<byte> body, int blockLength, out CapturedFrame frame)
    {
        frame = default;
        if (body.Length < PacketFixedLength) return Corrupt("a packet block without its fixed fields");
        uint local = type == PcapNgBlock.EnhancedPacket ? UInt32(body) : (uint)UInt16(body);
        if (local >= Interfaces.Count - _sectionFirstInterface)
            return Corrupt($"a packet of interface {local}, which is not described");
        int index = _sectionFirstInterface + (int)local;
        ulong units = ((ulong)UInt32(body[4..]) << 32) | UInt32(body[8..]);
        uint captured = UInt32(body[12..]);
        uint original = UInt32(body[16..]);
        if (captured > body.Length - PacketFixedLength || captured > FrameLengthMax || original > int.MaxValue)
            return Corrupt($"a frame of {captured} bytes, {original} on the wire, in a block of {blockLength}");
        long timestampNs = _resolutions[index].ToNs(units);
        frame = new(body.Slice(PacketFixedLength, (int)captured), (int)original, timestampNs, index);
        _peekedLength = blockLength;
        _peekedUntimed = false;
        return true;
    }

    private bool TryReadSimplePacket(ReadOnlySpan<byte> body, int blockLength, out CapturedFrame frame)
    {
        frame = default;
        if (body.Length < 4) return Corrupt("a simple packet block without body");
        if (Interfaces.Count == _sectionFirstInterface)
            return Corrupt("a simple packet block before any interface description");
        uint original = UInt32(body);
        int snap = Interfaces[_sectionFirstInterface].SnapLength;
        uint captured = snap > 0 ? Math.Min(original, (uint)snap) : original;
        if (captured > body.Length - 4 || captured > FrameLengthMax)
            return Corrupt($"a frame of {captured} bytes in a block of {blockLength}");
        frame = new(body.Slice(4, (int)captured), (int)Math.Min(original, int.MaxValue), 0, _sectionFirstInterface);
        _peekedLength = blockLength;
        _peekedUntimed = true;
        return true;
    }

    private void ReadStatistics(ReadOnlySpan<byte> body)
    {
        if (body.Length < 12 || UInt32(body) >= Interfaces.Count - _sectionFirstInterface) return;
        int index = _sectionFirstInterface + (int)UInt32(body);
        ulong units = ((ulong)UInt32(body[4..]) << 32) | UInt32(body[8..]);
        CaptureStatistics statistics = new(index, _resolutions[index].ToNs(units), null, null, null);
        foreach (PcapNgOptions.Option option in new PcapNgOptions(body[12..], _isBigEndian))
        {
            if (option.Value.Length != 8) continue;
            ulong value = UInt64(option.Value);
            statistics = option.Code switch
            {
                PcapNgBlock.StatisticsReceived => statistics with { Received = value },
                PcapNgBlock.StatisticsDroppedByInterface => statistics with { DroppedByInterface = value },
                PcapNgBlock.StatisticsDroppedByOs => statistics with { DroppedByOs = value },
                _ => statistics,
            };
        }
        _statistics[index] = statistics;
    }

    private bool EndOfFile()
    {
        Ending = Input.Available.IsEmpty
            ? new(CaptureEndingKind.Complete, Input.Offset)
            : new(CaptureEndingKind.TruncatedBlock, Input.Offset, "the file ends inside a block");
        return false;
    }

    private bool Corrupt(string reason)
    {
        Ending = new(CaptureEndingKind.CorruptBlock, Input.Offset, reason);
        return false;
    }

    private ulong UInt64(ReadOnlySpan<byte> bytes) => _isBigEndian
        ? BinaryPrimitives.ReadUInt64BigEndian(bytes)
        : BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint UInt32(ReadOnlySpan<byte> bytes) => _isBigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
        : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private int UInt16(ReadOnlySpan<byte> bytes) => _isBigEndian
        ? BinaryPrimitives.ReadUInt16BigEndian(bytes)
        : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
