namespace Testbed.Fuzz.Targets;

/// <summary>
/// Touches what a decoder gave out, so that a view beyond the input shows and no compiler drops the read.
/// </summary>
internal static class Sink
{
    [ThreadStatic]
    private static long _sum;

    public static void Eat(long value) => _sum += value;

    public static void Eat(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        // Both ends: what lies between them cannot be outside.
        _sum += bytes[0] + bytes[^1] + bytes.Length;
    }
}
