using System.Buffers.Binary;
using System.Text;

namespace Testbed.Capture.Recording;

/// <summary>
/// Lays pcapng blocks into a buffer, little-endian, nanosecond stamps.
/// <code>
///  block  | type 4 | total length 4 | body, padded to 4 | total length 4 |
///  option | code 2 | length 2 | value, padded to 4 |
/// </code>
/// </summary>
/// <remarks>draft-ietf-opsawg-pcapng §§4.1–4.3, 4.6.</remarks>
internal ref struct PcapNgBlocks(Span<byte> buffer)
{
    /// <summary>Bytes of an enhanced packet block beside its frame and padding.</summary>
    public const int PacketOverhead = 32;
    /// <summary>Enough for every block but a packet: names and texts are cut to fit.</summary>
    public const int OtherBlockMax = 2_048;

    private const uint SectionHeader = 0x0A0D0D0A, InterfaceDescription = 1, InterfaceStatistics = 5, EnhancedPacket = 6;
    private const uint ByteOrderMagic = 0x1A2B3C4D;
    private const int TextBytesMax = 400;
    private readonly Span<byte> _buffer = buffer;
    private int _blockStart;

    public int Length { get; private set; }

    public void Section(string application)
    {
        Begin(SectionHeader);
        UInt32(ByteOrderMagic);
        UInt32(1); // Version 1.0: major, then minor.
        UInt64(ulong.MaxValue); // Section length not told.
        Text(4, application);
        EndOptions();
    }

    public void Interface(int linkType, int snapLength, string name, string description)
    {
        const int NanosecondsPower = 9;
        Begin(InterfaceDescription);
        UInt32((ushort)linkType);
        UInt32((uint)snapLength);
        Text(2, name);
        Text(3, description);
        Option(9, [NanosecondsPower]);
        EndOptions();
    }

    public void Packet(ReadOnlySpan<byte> frame, int originalLength, long timestampNs)
    {
        Begin(EnhancedPacket);
        UInt32(0);
        Stamp(timestampNs);
        UInt32((uint)frame.Length);
        UInt32((uint)originalLength);
        Bytes(frame);
        End();
    }

    /// <param name="counters">Since the capture's start, as the specification wants it.</param>
    public void Statistics(in CaptureCounters counters, long startNs, long endNs)
    {
        Begin(InterfaceStatistics);
        UInt32(0);
        Stamp(endNs);
        StampOption(2, startNs);
        StampOption(3, endNs);
        CountOption(4, counters.Received);
        if (counters.InterfaceCountersKnown) CountOption(5, counters.InterfaceDropped);
        CountOption(7, counters.OsDropped);
        CountOption(8, counters.Captured);
        EndOptions();
    }

    private void Begin(uint type)
    {
        _blockStart = Length;
        UInt32(type);
        UInt32(0);
    }

    private void End()
    {
        uint total = (uint)(Length - _blockStart + 4);
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer[(_blockStart + 4)..], total);
        UInt32(total);
    }

    private void EndOptions()
    {
        UInt32(0);
        End();
    }

    private void Text(int code, string text)
    {
        Span<byte> utf8 = stackalloc byte[TextBytesMax];
        Encoding.UTF8.TryGetBytes(text.Length > TextBytesMax / 4 ? text[..(TextBytesMax / 4)] : text, utf8, out int used);
        if (used > 0) Option(code, utf8[..used]);
    }

    private void CountOption(int code, long count)
    {
        Span<byte> value = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(value, count);
        Option(code, value);
    }

    private void StampOption(int code, long timestampNs)
    {
        Span<byte> value = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(value, (uint)((ulong)timestampNs >> 32));
        BinaryPrimitives.WriteUInt32LittleEndian(value[4..], (uint)timestampNs);
        Option(code, value);
    }

    private void Option(int code, scoped ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer[Length..], (ushort)code);
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer[(Length + 2)..], (ushort)value.Length);
        Length += 4;
        Bytes(value);
    }

    private void Bytes(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer[Length..]);
        int padding = -bytes.Length & 3;
        _buffer.Slice(Length + bytes.Length, padding).Clear();
        Length += bytes.Length + padding;
    }

    private void Stamp(long timestampNs)
    {
        UInt32((uint)((ulong)timestampNs >> 32));
        UInt32((uint)timestampNs);
    }

    private void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer[Length..], value);
        Length += 4;
    }

    private void UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer[Length..], value);
        Length += 8;
    }
}
