using System.Buffers;

namespace Testbed.Server.Agents;

/// <summary>Which names evidence may have: nothing that an agent says can point outside the run folder.</summary>
internal static class EvidencePath
{
    public const int LengthMax = 200;
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>
    /// True for <c>captures/…</c> and <c>records/…</c> with at most one folder more, made of ASCII letters, digits,
    /// dot, dash and underline, no part beginning with a dot.
    /// </summary>
    public static bool IsAllowed(string name)
    {
        if (name.Length > LengthMax) return false;
        string[] parts = name.Split('/');
        return parts.Length is 2 or 3 && parts[0] is "captures" or "records"
            && parts.Skip(1).All(IsPart);
    }

    private static bool IsPart(string part) =>
        part.Length > 0 && part[0] != '.' && !part.EndsWith(".part", StringComparison.Ordinal)
        && part.AsSpan().IndexOfAnyExcept(Allowed) < 0;
}
