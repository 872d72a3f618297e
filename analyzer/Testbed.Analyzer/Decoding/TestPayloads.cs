namespace Testbed.Analyzer.Decoding;

/// <summary>
/// The first bytes of test packets' payloads, by which they prove themselves. Kept for known ports only, so the
/// store grows with the test traffic and not with the capture.
/// </summary>
public sealed class TestPayloads
{
    /// <summary>An authenticated STAMP base packet (RFC 8762 §4.2.2).</summary>
    public const int Length = 112;
    private byte[] _bytes = [];

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(index * Length, Length);

    internal int Add(ReadOnlySpan<byte> payload)
    {
        if ((Count + 1) * Length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(Length * 64, _bytes.Length * 2));
        payload[..Length].CopyTo(_bytes.AsSpan(Count * Length));
        return Count++;
    }
}
