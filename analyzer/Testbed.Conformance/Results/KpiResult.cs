namespace Testbed.Conformance.Results;

public enum Direction { Both = 1, Uplink = 2, Downlink = 3, RoundTrip = 4, NotDirected = 5 }

/// <summary>Which headers a rate or a length counts.</summary>
public enum Layer { None = 1, Outer = 2, Inner = 3, Udp = 4, Ip = 5 }

/// <summary>One contribution to a figure's uncertainty, in the figure's unit.</summary>
/// <param name="Source">What it comes from, e.g. <c>clock-bound</c>, <c>timestamp-resolution</c>.</param>
/// <param name="StandardUncertainty">One standard uncertainty (k = 1), already divided by √3 where rectangular.</param>
public sealed record UncertaintyPart(string Source, decimal StandardUncertainty);

/// <summary>
/// The same figure from an attempt that does not decide. It may stand against a pass and never gives one.
/// </summary>
/// <param name="Low">As of <see cref="KpiResult"/>, like the others.</param>
/// <param name="Evidence">The record that shows it.</param>
public sealed record OtherAttempt(decimal Low, decimal High, decimal ExpandedUncertainty, string Evidence);

/// <summary>
/// One measured figure: value, interval, sample count, unit, direction, layer, uncertainty, evidence.
/// Both probes and meters yield these; the judge sees nothing else of a measurement.
/// </summary>
public sealed record KpiResult
{
    /// <summary>Stable name, e.g. <c>user-plane-loss-ratio</c>; a requirement in a profile names it.</summary>
    public required string Id { get; init; }
    /// <summary>The figure, in <see cref="Unit"/>.</summary>
    public required decimal Value { get; init; }
    /// <summary>
    /// Statistical interval of the value at the stated confidence; equal to the value for exact counts.
    /// </summary>
    public required decimal Low { get; init; }
    public required decimal High { get; init; }
    /// <summary>Nothing bounds the value from above: <see cref="High"/> is the most that a claim may state.</summary>
    public bool HighIsOpen { get; init; }
    /// <summary>How far lost capture could still move the low and the high end; zero when no frame was lost.</summary>
    public decimal CaptureLossLow { get; init; }
    public decimal CaptureLossHigh { get; init; }
    /// <summary>UCUM-like: <c>1</c> for ratios and counts, <c>ms</c>, <c>Mbit/s</c>, <c>1/km2</c>.</summary>
    public required string Unit { get; init; }
    public required long Samples { get; init; }
    public Direction Direction { get; init; } = Direction.NotDirected;
    public Layer Layer { get; init; } = Layer.None;
    /// <summary>Confidence of [Low, High], e.g. 0.95; null for exact counts.</summary>
    public decimal? Confidence { get; init; }
    public IReadOnlyList<UncertaintyPart> Uncertainty { get; init; } = [];
    /// <summary>
    /// Which slice, path or endpoint the figure belongs to; empty when it speaks of the whole network.
    /// </summary>
    public string Scope { get; init; } = "";
    /// <summary>What made it: the meter or probe, and the kit that it ran on.</summary>
    public required string Source { get; init; }
    /// <summary>Files and packet numbers or probe records that show it.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];
    /// <summary>What was seen, in words, worst first; becomes the cause when the figure misses its limit.</summary>
    public IReadOnlyList<LocalText> Findings { get; init; } = [];
    /// <summary>
    /// What the measurement gave in attempts that the plan's rule set aside. One that misses the limit by its whole
    /// interval keeps the figure from passing: a choice between attempts may never make a bad network good.
    /// </summary>
    public IReadOnlyList<OtherAttempt> OtherAttempts { get; init; } = [];
    /// <summary>Set when the figure must not be used to pass or to fail, with the reason.</summary>
    public LocalText? NotUsable { get; init; }
    /// <summary>With <see cref="NotUsable"/>: the verdict that the reason leads to. Never Pass or Fail.</summary>
    public Verdict? NotUsableVerdict { get; init; }

    /// <summary>Expanded uncertainty U, k = 2: the parts in quadrature, doubled. In <see cref="Unit"/>.</summary>
    public decimal ExpandedUncertainty
    {
        get
        {
            double sum = 0;
            foreach (UncertaintyPart part in Uncertainty)
                sum += (double)part.StandardUncertainty * (double)part.StandardUncertainty;
            return (decimal)(2 * Math.Sqrt(sum));
        }
    }
}
