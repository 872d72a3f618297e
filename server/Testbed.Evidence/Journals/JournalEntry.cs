using System.Security.Cryptography;
using Testbed.Conformance.Json;

namespace Testbed.Evidence.Journals;

/// <summary>One line of a journal: <c>{data, kind, prev, seq, timeUtcNs}</c> in canonical JSON.</summary>
/// <param name="Seq">From 0, without a gap.</param>
/// <param name="TimeUtcNs">Nanoseconds since 1970 by the writer's clock; not promised to be monotonic.</param>
/// <param name="Prev">SHA-256 of the previous line's bytes without its line feed; 64 zeros on the first.</param>
/// <param name="Sha256">SHA-256 of this line's bytes without its line feed; not part of the line.</param>
public sealed record JournalEntry(
    long Seq, long TimeUtcNs, string Kind, string Prev, JsonObject Data, string Sha256)
{
    public static string NoPrevious { get; } = new('0', 64);

    public DateTimeOffset TimeUtc => DateTimeOffset.UnixEpoch.AddTicks(TimeUtcNs / 100);

    internal static byte[] Encode(long seq, long timeUtcNs, string kind, string prev, JsonObject data) =>
        CanonicalJson.Write(new JsonObject
        {
            { "seq", seq }, { "timeUtcNs", (decimal)timeUtcNs }, { "kind", kind }, { "prev", prev }, { "data", data },
        });

    /// <exception cref="CanonicalJsonException">The line is not an entry.</exception>
    internal static JournalEntry Decode(ReadOnlySpan<byte> line)
    {
        JsonObject entry = CanonicalJson.ParseObject(line);
        if (entry.Count != 5) throw new CanonicalJsonException("an entry has exactly five members");
        return new JournalEntry(entry.GetInteger("seq"), entry.GetLongText("timeUtcNs"), entry.GetString("kind"),
            entry.GetString("prev"), entry.GetObject("data"), Digest(line));
    }

    internal static string Digest(ReadOnlySpan<byte> line) => Convert.ToHexStringLower(SHA256.HashData(line));
}
