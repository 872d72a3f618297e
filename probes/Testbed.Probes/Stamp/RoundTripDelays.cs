using Testbed.Conformance.Results;

namespace Testbed.Probes.Stamp;

/// <summary>
/// Quantiles of a session's round trips, with bounds that no lost or refused packet and no stall of a kit can bend.
/// </summary>
/// <param name="waitNs">How long a packet was waited for.</param>
internal sealed class RoundTripDelays(StampOutcome outcome, long waitNs)
{
    /// <remarks>The fastest that NTP may run a Linux clock beside true time (adjtimex(2)).</remarks>
    private const double SlewMax = 500e-6;
    private static readonly double Sqrt3 = Math.Sqrt(3);

    private readonly SortedDelays _atLeast = outcome.Samples.RoundTripAtLeast();

    public SortedDelays All { get; } = outcome.Samples.RoundTrip();

    /// <summary>Packets without a delay to trust: lost, or with a clock step in their flight.</summary>
    private long Missing => outcome.Counters.Lost + outcome.Counters.ClockSteps;

    /// <summary>
    /// Value and upper end are of the whole delays, for a kit that stood still can only have lengthened them. The lower
    /// end, by which a network fails, is of what no kit can have added. What the kernel refused is missing for value
    /// and upper end alone: a UE that loses its session has no way out, and that passes nobody; a refusal fails nobody
    /// either.
    /// </summary>
    public (long ValueNs, long LowNs, long HighNs) Quantile(double quantile, double confidence)
    {
        (long value, _, long high) =
            All.Quantile(quantile, Missing + outcome.Counters.NotSent, waitNs, confidence);
        return (value, _atLeast.Quantile(quantile, Missing, waitNs, confidence).LowNs, high);
    }

    /// <summary>What the stamps of a delay of this length may be wrong by, in milliseconds.</summary>
    public IReadOnlyList<UncertaintyPart> Uncertainty(long valueNs) =>
    [
        new("timestamp-resolution", (decimal)(1e-6 * Math.Sqrt(2) / Sqrt3)),
        // T1 is read before the kernel takes the packet: it is early by up to the length of the call.
        new("transmit-stamp", Rounded(outcome.SendCallMeanNs / 2 / Sqrt3 * 1e-6)),
        new("clock-rate", Rounded(Math.Min(valueNs, waitNs) * SlewMax / Sqrt3 * 1e-6)),
    ];

    private static decimal Rounded(double ms) => Math.Round((decimal)ms, 9);
}
