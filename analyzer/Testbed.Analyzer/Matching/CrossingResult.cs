using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Matching.Clocks;
using Testbed.Analyzer.Matching.Losses;
using Testbed.Analyzer.Meters.Crossings;
using Testbed.Analyzer.Meters.Provenance;

namespace Testbed.Analyzer.Matching;

/// <summary>All that pairs and unmatched packets add up to; meters read this and no pairs.</summary>
internal sealed class CrossingResult
{
    public static readonly int ReasonCount = Enum.GetValues<UnmatchedReason>().Max(reason => (int)reason) + 1;
    private readonly LossAccount[] _losses = [new(), new()];
    private readonly TransitSeries[] _transits;

    public CrossingResult(SliceMap slices, AnalysisOptions options)
    {
        Table = new(slices);
        _transits = [new(options.SeriesStepNs), new(options.SeriesStepNs)];
    }

    /// <summary>What the addresses of pairs show.</summary>
    public AddressRule Rule { get; set; } = AddressRule.Prefer;
    /// <summary>Packets seem to leave before they enter: the taps' clocks disagree.</summary>
    public bool ClocksDisagree { get; init; }
    /// <summary>Null when not both directions have pairs.</summary>
    public ClockEstimate? Clock { get; set; }
    public CrossingTable Table { get; }
    public Translations Translations { get; } = new();
    /// <summary>Of the run's own test packets; empty where packets were not kept.</summary>
    public OwnLosses Own { get; init; } = new(null);
    /// <summary>Unmatched packets by reason, those of N3.</summary>
    public long[] OnN3 { get; } = new long[ReasonCount];
    public long[] OnN6 { get; } = new long[ReasonCount];

    public LossAccount Losses(PacketDirection direction) => _losses[direction is PacketDirection.Downlink ? 1 : 0];

    public TransitSeries Transit(PacketDirection direction) =>
        _transits[direction is PacketDirection.Downlink ? 1 : 0];
}
