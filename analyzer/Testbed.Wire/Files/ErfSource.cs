using System.Buffers.Binary;
using Testbed.Wire.Link;
using Testbed.Wire.Packets;

namespace Testbed.Wire.Files;

/// <summary>
/// A file of ERF records without any file header, as capture cards write it. Frames keep their record's header and
/// have link type 197, as in a pcap file of such records. The two lowest bits of the flags number the card's ports.
/// </summary>
internal sealed class ErfSource : CaptureFileSource
{
    private const int PortCount = 4;
    /// <summary>Records that must look sound before bytes without a magic number are taken for ERF.</summary>
    private const int ProbeCount = 3;
    private const int PadRecord = 48;
    private const int TypeMax = 48;
    /// <remarks>1990 and 2100: a time outside of them is no capture's.</remarks>
    private const uint SecondsMin = 631_152_000;
    private const uint SecondsMax = 4_102_444_800;
    private const long SecondNs = 1_000_000_000;
    private int _peekedLength;

    private ErfSource(ReadAhead input) : base(input)
    {
        for (int port = 0; port < PortCount; port++) AddInterface($"port{port}", LinkType.Erf, 0);
    }

    /// <summary>Null when the file's first records are no ERF.</summary>
    internal static ErfSource? TryOpen(ReadAhead input)
    {
        int at = 0, count = 0;
        for (; count < ProbeCount; count++)
        {
            if (!input.Ensure(at + ErfHeader.LengthMin)) break;
            ReadOnlySpan<byte> record = input.Available[at..];
            int length = BinaryPrimitives.ReadUInt16BigEndian(record[10..]);
            if (!IsPlausible(record) || !input.Ensure(at + length)) return null;
            at += length;
        }
        // A file of fewer records must end with the last of them.
        return count == ProbeCount || (count > 0 && input.Available.Length == at) ? new(input) : null;
    }

    private static bool IsPlausible(ReadOnlySpan<byte> record)
    {
        uint seconds = BinaryPrimitives.ReadUInt32LittleEndian(record[4..]);
        int type = record[8] & 0x7F;
        return seconds is >= SecondsMin and <= SecondsMax && type is > 0 and <= TypeMax
            && BinaryPrimitives.ReadUInt16BigEndian(record[10..]) >= ErfHeader.LengthMin
            && (BinaryPrimitives.ReadUInt16BigEndian(record[14..]) > 0 || type == PadRecord);
    }

    private protected override bool TryPeek(out CapturedFrame frame)
    {
        while (true)
        {
            frame = default;
            if (!Input.Ensure(ErfHeader.LengthMin)) return EndOfFile();
            ReadOnlySpan<byte> record = Input.Available;
            int length = BinaryPrimitives.ReadUInt16BigEndian(record[10..]);
            if (length < ErfHeader.LengthMin) return End(CaptureEndingKind.CorruptBlock, $"a record of {length} bytes");
            if (!Input.Ensure(length)) return EndOfFile();
            record = Input.Available[..length];
            if ((record[8] & 0x7F) == PadRecord)
            {
                Input.Advance(length);
                continue;
            }
            _peekedLength = length;
            ulong time = BinaryPrimitives.ReadUInt64LittleEndian(record);
            long ns = (long)(time >> 32) * SecondNs + (long)(((time & uint.MaxValue) * SecondNs) >> 32);
            int offset = ErfHeader.Read(record, out ErfHeader header) is DecodeStatus.Ok
                ? header.FrameOffset : ErfHeader.LengthMin;
            int original = offset + BinaryPrimitives.ReadUInt16BigEndian(record[14..]);
            // The cards count the frame check sequence of Ethernet, and pad what they keep to 8 bytes.
            ReadOnlySpan<byte> kept = record[..Math.Min(record.Length, original)];
            frame = new(kept, original, ns, record[9] & (PortCount - 1));
            return true;
        }
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
}
