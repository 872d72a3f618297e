using Testbed.Analyzer.Details;

namespace Testbed.Analyzer.Intervals;

/// <summary>One interval of one direction, of everything or of one slice. Layer: inner IP packets.</summary>
/// <param name="StartNs">Nanoseconds since the Unix epoch.</param>
/// <param name="Direction"><c>uplink</c>, <c>downlink</c> or <c>unknown</c>.</param>
/// <param name="Slice">Null for all traffic, that of no known slice included.</param>
public sealed record IntervalRow(long StartNs, string Direction, string? Slice)
{
    /// <summary>Null where no tap stands at N3.</summary>
    public TrafficCount? N3 { get; init; }
    /// <summary>Null where no tap stands at N6.</summary>
    public TrafficCount? N6 { get; init; }
    /// <summary>Entered the UPF in this interval and left it; null where not both sides were captured.</summary>
    public long? Matched { get; init; }
    /// <summary>Entered the UPF in this interval and left it nowhere.</summary>
    public long? Lost { get; init; }
    /// <summary>Transit of the matched ones; null without any, and where the clocks of both sides disagree.</summary>
    public DelaySummary? DelayNs { get; init; }
}

/// <summary>The course of rates, loss and delay in equal intervals.</summary>
public sealed class IntervalTable
{
    private readonly IntervalCount _count;

    internal IntervalTable(IntervalCount count) => _count = count;

    /// <summary>
    /// Length of an interval: as asked for, or that doubled until the capture has no more than 100,000 of them.
    /// </summary>
    public long StepNs => _count.StepNs;
    public long Intervals => _count.Steps;

    /// <summary>
    /// By time, direction and slice, all traffic first: every interval from the first packet to the last, those
    /// without traffic included.
    /// </summary>
    public IEnumerable<IntervalRow> Rows()
    {
        for (int step = 0; step < _count.Steps; step++)
            foreach (IntervalRow row in _count.Rows(step)) yield return row;
    }
}
