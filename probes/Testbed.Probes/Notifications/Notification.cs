using System.Text.Json;
using Testbed.Probes.Http;

namespace Testbed.Probes.Notifications;

/// <summary>What a peer posted to one of the listener's addresses.</summary>
/// <param name="ReceivedNs">When its last byte was there: this kit's wall clock, ns since the Unix epoch.</param>
internal sealed record Notification(long ReceivedNs, string? MediaType, byte[] Body)
{
    /// <summary>The body as JSON; null when it is none. The caller disposes.</summary>
    public JsonDocument? Json() => PeerJson.Parse(Body);
}
