using System.Buffers.Binary;
using System.Text;
using Testbed.Wire.Packets;

namespace Testbed.Wire.Files;

/// <summary>
/// Writes one pcapng section: interfaces with name and nanosecond times, enhanced packet blocks, interface statistics.
/// Little-endian. Blocks gather in a buffer; <see cref="Flush"/> hands them to the stream, and making them durable is
/// the stream owner's business. Not for use by several threads at once.
/// </summary>
/// <param name="leaveOpen">Whether <see cref="Dispose"/> leaves the stream open; it flushes in any case.</param>
public sealed class PcapNgWriter(Stream stream, string application = "testbed", bool leaveOpen = false) : IDisposable
{
    private const int BufferLength = CaptureFileSource.FrameLengthMax + 1024;
    private const byte Nanoseconds = 9;
    private const int PacketFixedLength = 28;
    // Room for a block's options besides its text: all of ours together take less.
    private const int OptionsRoom = 64;
    private const int TextLengthMax = 1024;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferLength);
    private int _used;
    private int _interfaceCount;
    private long _flushedBytes;
    private bool _hasSection;

    /// <summary>Bytes of the file so far, those still in the buffer included.</summary>
    public long Length => _flushedBytes + _used;
    /// <summary>Packets written so far.</summary>
    public long PacketCount { get; private set; }

    /// <summary>Describes an interface and returns its index, which packets name.</summary>
    /// <param name="snapLength">Most bytes kept of a frame; 0 when not limited.</param>
    /// <param name="description">What it is, for people who open the file; may be empty.</param>
    public int AddInterface(string name, LinkType linkType, int snapLength = 0, string description = "")
    {
        BeginSection();
        int start = Begin(PcapNgBlock.InterfaceDescription, TextLengthMax + OptionsRoom);
        Put16((ushort)linkType);
        Put16(0);
        Put32((uint)snapLength);
        PutOption(PcapNgBlock.InterfaceName, Encoding.UTF8.GetBytes(name));
        PutOption(PcapNgBlock.InterfaceDescriptionText, Encoding.UTF8.GetBytes(description));
        PutOption(PcapNgBlock.InterfaceTimeResolution, [Nanoseconds]);
        EndOptions();
        End(start);
        return _interfaceCount++;
    }

    /// <summary>Appends one frame. Allocates nothing.</summary>
    /// <param name="timestampNs">Nanoseconds since the Unix epoch; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such interface, or a frame over 256 KiB.</exception>
    public void WriteFrame(int interfaceIndex, long timestampNs, int originalLength, ReadOnlySpan<byte> frame)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)interfaceIndex, (uint)_interfaceCount);
        ArgumentOutOfRangeException.ThrowIfNegative(timestampNs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frame.Length, CaptureFileSource.FrameLengthMax);
        int padded = (frame.Length + 3) & ~3, length = PacketFixedLength + padded + sizeof(uint);
        if (BufferLength - _used < length) Drain();
        // One span and fixed places: this runs once for every frame of a live capture.
        Span<byte> block = _buffer.AsSpan(_used, length);
        BinaryPrimitives.WriteUInt32LittleEndian(block, PcapNgBlock.EnhancedPacket);
        BinaryPrimitives.WriteInt32LittleEndian(block[4..], length);
        BinaryPrimitives.WriteInt32LittleEndian(block[8..], interfaceIndex);
        BinaryPrimitives.WriteUInt32LittleEndian(block[12..], (uint)(timestampNs >> 32));
        BinaryPrimitives.WriteUInt32LittleEndian(block[16..], (uint)timestampNs);
        BinaryPrimitives.WriteInt32LittleEndian(block[20..], frame.Length);
        BinaryPrimitives.WriteInt32LittleEndian(block[24..], originalLength);
        // The last word of the frame's place first, so that its padding is clear.
        if (padded > 0) BinaryPrimitives.WriteUInt32LittleEndian(block[(PacketFixedLength + padded - 4)..], 0);
        frame.CopyTo(block[PacketFixedLength..]);
        BinaryPrimitives.WriteInt32LittleEndian(block[(PacketFixedLength + padded)..], length);
        _used += length;
        PacketCount++;
    }

    /// <summary>
    /// Appends what an interface received and lost since the capture began; null leaves a counter out.
    /// </summary>
    public void WriteStatistics(
        int interfaceIndex, long timestampNs, ulong? received, ulong? droppedByInterface, ulong? droppedByOs)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)interfaceIndex, (uint)_interfaceCount);
        int start = Begin(PcapNgBlock.InterfaceStatistics, OptionsRoom);
        Put32((uint)interfaceIndex);
        PutTime(timestampNs);
        PutCounter(PcapNgBlock.StatisticsReceived, received);
        PutCounter(PcapNgBlock.StatisticsDroppedByInterface, droppedByInterface);
        PutCounter(PcapNgBlock.StatisticsDroppedByOs, droppedByOs);
        EndOptions();
        End(start);
    }

    /// <summary>Hands all blocks to the stream.</summary>
    public void Flush()
    {
        BeginSection();
        Drain();
        stream.Flush();
    }

    private void Drain()
    {
        stream.Write(_buffer, 0, _used);
        _flushedBytes += _used;
        _used = 0;
    }

    /// <summary>Flushes, and disposes of the stream unless it is to be left open.</summary>
    public void Dispose()
    {
        Flush();
        if (!leaveOpen) stream.Dispose();
    }

    private void BeginSection()
    {
        if (_hasSection) return;
        _hasSection = true;
        int start = Begin(PcapNgBlock.SectionHeader, TextLengthMax + OptionsRoom);
        Put32(PcapNgBlock.ByteOrderMagic);
        Put16(1);
        Put16(0);
        // The section's length is not known while it is written: -1.
        Put32(uint.MaxValue);
        Put32(uint.MaxValue);
        PutOption(PcapNgBlock.SectionApplication, Encoding.UTF8.GetBytes(application));
        EndOptions();
        End(start);
    }

    private int Begin(uint type, int room)
    {
        if (BufferLength - _used < room) Drain();
        int start = _used;
        Put32(type);
        Put32(0);
        return start;
    }

    private void End(int start)
    {
        Put32(0);
        uint length = (uint)(_used - start);
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(start + 4), length);
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(_used - 4), length);
    }

    private void PutOption(ushort code, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) return;
        if (value.Length > TextLengthMax / 2) value = value[..(TextLengthMax / 2)];
        Put16(code);
        Put16((ushort)value.Length);
        PutPadded(value);
    }

    private void PutCounter(ushort code, ulong? value)
    {
        if (value is null) return;
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value.Value);
        PutOption(code, bytes);
    }

    private void EndOptions() => Put32(PcapNgBlock.OptionEnd);

    private void PutTime(long timestampNs)
    {
        Put32((uint)(timestampNs >> 32));
        Put32((uint)timestampNs);
    }

    private void PutPadded(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_used));
        _used += bytes.Length;
        int padding = -bytes.Length & 3;
        _buffer.AsSpan(_used, padding).Clear();
        _used += padding;
    }

    private void Put16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.AsSpan(_used), value);
        _used += 2;
    }

    private void Put32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(_used), value);
        _used += 4;
    }
}
