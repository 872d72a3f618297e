using Testbed.Analyzer.Decoding;

namespace Testbed.Analyzer.Details.Tcp;

/// <summary>
/// Tells a packet that a capture holds twice from one that was sent twice. Both look the same to TCP; the fingerprint
/// covers the IP id, which a sender counts on when it sends again.
/// </summary>
internal sealed class CopyFinder(IReadOnlyList<TapCapture> taps)
{
    /// <summary>Segments of the conversation that are looked back at.</summary>
    private const int LookBackMax = 512;
    private const long LookBackNs = 1_000_000_000;
    /// <remarks>
    /// Where there is no IP id (IPv6; IPv4 senders that leave it 0, RFC 6864 §4.1): no retransmission timer is as
    /// short, and a mirror's copies follow within it.
    /// </remarks>
    private const long SamePlaceNs = 1_000_000;

    /// <param name="segments">The conversation's, by time.</param>
    /// <param name="at">The segment in question.</param>
    public bool IsCopy(ReadOnlySpan<SegmentPlace> segments, int at)
    {
        ref PacketRecord record = ref taps[segments[at].Tap].Records[segments[at].Record];
        if (record.Fingerprint == 0) return false;
        bool wasElsewhere = false;
        for (int i = at - 1; i >= 0 && i >= at - LookBackMax; i--)
        {
            ref PacketRecord earlier = ref taps[segments[i].Tap].Records[segments[i].Record];
            if (record.TimeNs - earlier.TimeNs > LookBackNs) break;
            if (earlier.Fingerprint != record.Fingerprint || earlier.Direction != record.Direction) continue;
            bool isSamePlace = segments[i].Tap == segments[at].Tap && earlier.Sighting == record.Sighting
                && earlier.Tunnel == record.Tunnel;
            if (!isSamePlace) wasElsewhere = true;
            else return record.IpId != 0 || record.TimeNs - earlier.TimeNs <= SamePlaceNs;
        }
        // Each place shows a packet that was sent again once more: the first time here, it is the other place's copy.
        return wasElsewhere;
    }
}
