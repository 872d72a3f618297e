using System.Buffers.Binary;

namespace Testbed.Benchmarks.Traffic;

/// <summary>
/// Classic pcap with nanoseconds (magic A1B23C4D, little-endian): what tools without pcapng read. One interface.
/// </summary>
internal sealed class ClassicPcapFile : ICaptureWriter
{
    private const int FileHeaderLength = 24, RecordHeaderLength = 16;
    private const uint NanosecondMagic = 0xA1B2_3C4D;
    private const long SecondNs = 1_000_000_000;
    private readonly FileStream _stream;
    private readonly byte[] _buffer = new byte[256 * 1024];
    private int _used;

    public ClassicPcapFile(string path, int snapLength)
    {
        _stream = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, 0);
        Span<byte> header = _buffer.AsSpan(0, FileHeaderLength);
        BinaryPrimitives.WriteUInt32LittleEndian(header, NanosecondMagic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], snapLength);
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], (int)Wire.Packets.LinkType.Ethernet);
        _used = FileHeaderLength;
    }

    public void Write(int interfaceIndex, long timestampNs, int originalLength, ReadOnlySpan<byte> frame)
    {
        if (_buffer.Length - _used < RecordHeaderLength + frame.Length) Flush();
        Span<byte> record = _buffer.AsSpan(_used);
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)(timestampNs / SecondNs));
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)(timestampNs % SecondNs));
        BinaryPrimitives.WriteInt32LittleEndian(record[8..], frame.Length);
        BinaryPrimitives.WriteInt32LittleEndian(record[12..], originalLength);
        frame.CopyTo(record[RecordHeaderLength..]);
        _used += RecordHeaderLength + frame.Length;
    }

    public void Flush()
    {
        _stream.Write(_buffer, 0, _used);
        _used = 0;
    }

    public void Dispose()
    {
        Flush();
        _stream.Dispose();
    }
}
