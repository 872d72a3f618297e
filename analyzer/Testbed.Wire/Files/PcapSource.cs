using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Testbed.Wire.Packets;

namespace Testbed.Wire.Files;

/// <summary>
/// A classic pcap file (draft-ietf-opsawg-pcap), microseconds or nanoseconds, either byte order.
/// <code>
///  file   | magic | major, minor | zone | accuracy | snap length | link type |
///  record | seconds | fraction | captured length | original length | frame
/// </code>
/// </summary>
internal sealed class PcapSource : CaptureFileSource
{
    private const uint Microseconds = 0xA1B2C3D4;
    private const uint Nanoseconds = 0xA1B23C4D;
    // Kuznetzov's patched libpcap. Two layouts of its records are about under this one magic number.
    private const uint Patched = 0xA1B2CD34;
    private const int FileHeaderLength = 24;
    private const int RecordHeaderLength = 16;
    private const long SecondNs = 1_000_000_000;
    private readonly bool _isBigEndian;
    private readonly int _fractionNs;
    private int _peekedLength;

    private PcapSource(ReadAhead input, uint magic, bool isBigEndian) : base(input)
    {
        _isBigEndian = isBigEndian;
        _fractionNs = magic == Nanoseconds ? 1 : 1000;
    }

    internal static PcapSource Open(ReadAhead input)
    {
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(input.Available);
        bool isBigEndian = !IsMagic(magic);
        if (isBigEndian) magic = BinaryPrimitives.ReverseEndianness(magic);
        if (!input.Ensure(FileHeaderLength))
            throw new CaptureFileException(
                input.Name, 0, $"a pcap file header of {FileHeaderLength} bytes", $"{input.Available.Length} bytes");
        PcapSource source = new(input, magic, isBigEndian);
        ReadOnlySpan<byte> header = input.Available;
        int major = source.UInt16(header[4..]);
        if (major != 2) throw new CaptureFileException(input.Name, 4, "pcap version 2", $"version {major}");
        // The upper half holds the length of the frame check sequence, and flags.
        LinkType linkType = (LinkType)(source.UInt32(header[20..]) & 0xFFFF);
        source.AddInterface("", linkType, source.UInt32(header[16..]));
        input.Advance(FileHeaderLength);
        return source;
    }

    private static bool IsMagic(uint magic) => magic is Microseconds or Nanoseconds;

    /// <summary>The first four bytes are those of a pcap file of either byte order.</summary>
    internal static bool IsOne(ReadAhead input)
    {
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(input.Available);
        return IsMagic(magic) || IsMagic(BinaryPrimitives.ReverseEndianness(magic));
    }

    internal static CaptureFileException NoCapture(ReadAhead input)
    {
        ReadOnlySpan<byte> start = input.Available[..4];
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(start);
        string found = magic == Patched || BinaryPrimitives.ReverseEndianness(magic) == Patched
            ? "A1B2CD34, a modified pcap whose record layout cannot be known; convert it with editcap -F pcap"
            : $"bytes {Convert.ToHexString(start)}";
        return new(
            input.Name, 0, "the first bytes of a pcap (A1B2C3D4, A1B23C4D), pcapng (0A0D0D0A) or ERF file", found);
    }

    private protected override bool TryPeek(out CapturedFrame frame)
    {
        frame = default;
        if (!Input.Ensure(RecordHeaderLength)) return EndOfFile();
        ReadOnlySpan<byte> record = Input.Available;
        uint captured = UInt32(record[8..]);
        uint original = UInt32(record[12..]);
        if (captured > FrameLengthMax || original > int.MaxValue)
            return End(CaptureEndingKind.CorruptBlock, $"a frame of {captured} bytes, {original} on the wire");
        int length = RecordHeaderLength + (int)captured;
        if (!Input.Ensure(length)) return EndOfFile();
        record = Input.Available[..length];
        long timestampNs = UInt32(record) * SecondNs + (long)UInt32(record[4..]) * _fractionNs;
        _peekedLength = length;
        frame = new(record[RecordHeaderLength..], (int)original, timestampNs, 0);
        return true;
    }

    private protected override int Scan(Span<PacketSlot> slots, out ReadOnlySpan<byte> slab)
    {
        ReadOnlySpan<byte> bytes = slab = Input.Available;
        if (_isBigEndian) return 0;
        int at = 0, count = 0;
        long number = FrameCount;
        ref byte start = ref MemoryMarshal.GetReference(bytes);
        while (count < slots.Length && bytes.Length - at >= RecordHeaderLength)
        {
            ref byte record = ref Unsafe.Add(ref start, at);
            uint captured = RawBytes.UInt32Little(ref record, 8), original = RawBytes.UInt32Little(ref record, 12);
            if (captured > FrameLengthMax || original > int.MaxValue
                || bytes.Length - at - RecordHeaderLength < (int)captured) break;
            long timestampNs = RawBytes.UInt32Little(ref record, 0) * SecondNs
                + (long)RawBytes.UInt32Little(ref record, 4) * _fractionNs;
            slots[count++] = new(at + RecordHeaderLength, (int)captured, (int)original, timestampNs, 0, ++number);
            at += RecordHeaderLength + (int)captured;
        }
        FrameCount = number;
        Input.Advance(at);
        return count;
    }

    private protected override void Leave() => Input.Advance(_peekedLength);

    private bool EndOfFile() => Input.Available.IsEmpty
        ? End(CaptureEndingKind.Complete, null)
        : End(CaptureEndingKind.TruncatedBlock, "the file ends inside a record");

    private bool End(CaptureEndingKind kind, string? reason)
    {
        Ending = new(kind, Input.Offset, reason);
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint UInt32(ReadOnlySpan<byte> bytes) => _isBigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
        : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private int UInt16(ReadOnlySpan<byte> bytes) => _isBigEndian
        ? BinaryPrimitives.ReadUInt16BigEndian(bytes)
        : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
