namespace Testbed.Analyzer.Matching.Clocks;

/// <summary>
/// How far the clocks at N6 are ahead of those at N3, with the bound that causality gives: no packet leaves the UPF
/// before it enters it.
/// </summary>
/// <param name="AtNs">When, by N3's clock: the middle of what both sides saw.</param>
/// <param name="OffsetNs">Ahead by this at that time.</param>
/// <param name="BoundNs">No more off than this, whatever the true delays are.</param>
/// <param name="DriftPpm">Microseconds that N6's clocks gain in a second.</param>
/// <param name="IsSteady">
/// One offset and one drift explain all pairs; otherwise a clock was set, and offset and bound span all that was seen.
/// </param>
public sealed record ClockEstimate(
    long AtNs, long OffsetNs, long BoundNs, double DriftPpm, double DriftBoundPpm, bool IsSteady)
{
    /// <summary>Packets seem to leave before they enter: one-way delays mean nothing.</summary>
    public bool Disagree { get; init; }
    /// <summary>Too far apart to match: N6's times were brought to N3's clock before all else.</summary>
    public bool IsAligned { get; init; }

    /// <summary>Nothing but that twins lie within the matching window, once the clocks were brought together.</summary>
    public static ClockEstimate Coarse(long atNs, long windowNs) =>
        new(atNs, 0, windowNs, 0, ClockLine.DriftLimit / 1_000, IsSteady: true) { Disagree = true };
}
