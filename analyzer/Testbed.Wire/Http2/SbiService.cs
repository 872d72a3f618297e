using System.Text;

namespace Testbed.Wire.Http2;

/// <summary>
/// The service of a service-based interface's resource (TS 29.501 §4.4.1): the path segment before the version, as
/// <c>nsmf-pdusession</c> in <c>/nsmf-pdusession/v1/sm-contexts</c>. What follows may name a subscriber and is dropped.
/// </summary>
public static class SbiService
{
    /// <summary>Of a path that is no such resource.</summary>
    public const string Other = "other";
    private const int LengthMax = 40;
    private const int PrefixSegmentsMax = 4;

    public static string Of(ReadOnlySpan<byte> path)
    {
        int segments = 0;
        ReadOnlySpan<byte> previous = default;
        // An API root may have a prefix of its own, so the version is looked for, not counted.
        while (path.Length > 0 && path[0] == '/' && segments++ <= PrefixSegmentsMax)
        {
            path = path[1..];
            int end = path.IndexOfAny((byte)'/', (byte)'?');
            ReadOnlySpan<byte> segment = end < 0 ? path : path[..end];
            path = end < 0 ? default : path[end..];
            if (IsVersion(segment) && IsName(previous)) return Encoding.ASCII.GetString(previous);
            previous = segment;
        }
        return Other;
    }

    private static bool IsVersion(ReadOnlySpan<byte> segment) =>
        segment.Length is 2 or 3 && segment[0] == 'v' && segment[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    private static bool IsName(ReadOnlySpan<byte> segment)
    {
        if (segment.Length is < 2 or > LengthMax || segment[0] is < (byte)'a' or > (byte)'z') return false;
        foreach (byte letter in segment)
            if (letter is not ((>= (byte)'a' and <= (byte)'z') or (>= (byte)'0' and <= (byte)'9') or (byte)'-'))
                return false;
        return true;
    }
}
