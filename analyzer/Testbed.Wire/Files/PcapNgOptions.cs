using System.Buffers.Binary;

namespace Testbed.Wire.Files;

/// <summary>
/// Walks the options at the end of a pcapng block with <c>foreach</c>; stops at the first damaged one.
/// </summary>
internal ref struct PcapNgOptions(ReadOnlySpan<byte> options, bool isBigEndian)
{
    private ReadOnlySpan<byte> _rest = options;

    internal readonly ref struct Option(int code, ReadOnlySpan<byte> value)
    {
        public int Code { get; } = code;
        public ReadOnlySpan<byte> Value { get; } = value;
    }

    public Option Current { get; private set; }

    public readonly PcapNgOptions GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.Length < 4) return false;
        int code = UInt16(_rest);
        int length = UInt16(_rest[2..]);
        if (code == PcapNgBlock.OptionEnd || length > _rest.Length - 4) return false;
        Current = new(code, _rest.Slice(4, length));
        int step = Math.Min(4 + ((length + 3) & ~3), _rest.Length);
        _rest = _rest[step..];
        return true;
    }

    private readonly int UInt16(ReadOnlySpan<byte> bytes) => isBigEndian
        ? BinaryPrimitives.ReadUInt16BigEndian(bytes)
        : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
