using Testbed.Conformance.Statistics;

namespace Testbed.Probes.Stamp;

/// <summary>What a session left behind, before it is made into figures.</summary>
/// <param name="SendCallMeanNs">Mean time from reading the clock to the kernel's return.</param>
/// <param name="LastErrno">Why the kernel last refused a packet; 0 when it never did.</param>
internal sealed record StampOutcome(
    DelaySamples Samples, StampCounters Counters, LossSequence Losses, LossSequence ProvenLosses,
    double SendCallMeanNs, int LastErrno);

/// <summary>A session's figures, for the judge in <see cref="Outcome"/> and for a reader in the rest.</summary>
/// <param name="RoundTrip">(T4 − T1) − (T3 − T2) of the answered packets; null when none was answered.</param>
/// <param name="Forward">T2 − T1: true only as far as the two clocks agree.</param>
/// <param name="Return">T4 − T3: as above.</param>
public sealed record StampReport(
    ProbeOutcome Outcome, StampCounters Counters, DelaySummary? RoundTrip, DelaySummary? Forward, DelaySummary? Return);
