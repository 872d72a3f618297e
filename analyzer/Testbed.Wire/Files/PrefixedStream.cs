namespace Testbed.Wire.Files;

/// <summary>A stream with bytes before its own, such as those that were taken from it to look at.</summary>
internal sealed class PrefixedStream(ReadOnlySpan<byte> taken, Stream rest) : ForwardStream(rest)
{
    private readonly byte[] _taken = taken.ToArray();
    private int _at;

    public override int Read(Span<byte> buffer)
    {
        if (_at == _taken.Length) return Inner.Read(buffer);
        int count = Math.Min(buffer.Length, _taken.Length - _at);
        _taken.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }
}
