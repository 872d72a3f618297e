using Testbed.Conformance.Json;

namespace Testbed.Evidence.Segments;

/// <summary>What is promised about one capture segment before its bytes have travelled.</summary>
/// <param name="Tap">Kit and interface, e.g. <c>kit-a/n3u</c>.</param>
/// <param name="Seq">From 0 for each tap, without a gap.</param>
/// <param name="Previous">SHA-256 of the tap's previous record in canonical JSON; 64 zeros on the first.</param>
/// <param name="Sha256">SHA-256 of the segment file, lower-case hex.</param>
/// <param name="OsDrops">Packets that the kernel dropped during this segment.</param>
/// <param name="InterfaceDrops">Packets that the network card dropped during this segment.</param>
/// <param name="FirstNs">First packet's time, nanoseconds since 1970 by the capturing host.</param>
/// <param name="LastNs">As above; equal to <paramref name="FirstNs"/> or later. Both 0 in an empty segment.</param>
/// <param name="BootId">The capturing host's boot: a restart in the middle of a run cannot hide.</param>
public sealed record SegmentRecord(
    string Tap, long Seq, string Previous, string Sha256, long Bytes, long Packets, long OsDrops,
    long InterfaceDrops, long FirstNs, long LastNs, string BootId)
{
    public static string NoPrevious { get; } = new('0', 64);

    /// <summary>SHA-256 of the record itself: what the next record carries as <see cref="Previous"/>.</summary>
    public string Digest => CanonicalJson.DigestHex(ToJson());

    public JsonObject ToJson() => new()
    {
        { "tap", Tap }, { "seq", Seq }, { "previous", Previous }, { "sha256", Sha256 }, { "bytes", Bytes },
        { "packets", Packets }, { "osDrops", OsDrops }, { "interfaceDrops", InterfaceDrops },
        { "firstNs", (decimal)FirstNs }, { "lastNs", (decimal)LastNs }, { "bootId", BootId },
    };

    /// <exception cref="CanonicalJsonException"/>
    public static SegmentRecord FromJson(JsonObject json) => new(
        json.GetString("tap"), json.GetInteger("seq"), json.GetString("previous"), json.GetString("sha256"),
        json.GetInteger("bytes"), json.GetInteger("packets"), json.GetInteger("osDrops"),
        json.GetInteger("interfaceDrops"), json.GetLongText("firstNs"), json.GetLongText("lastNs"),
        json.GetString("bootId"));
}
