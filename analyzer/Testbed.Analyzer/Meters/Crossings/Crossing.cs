namespace Testbed.Analyzer.Meters.Crossings;

/// <summary>What one direction through the UPF did, of one slice and QoS flow or of everything.</summary>
internal sealed class Crossing
{
    public long Matched { get; set; }
    public long Lost { get; set; }
    public long Duplicated { get; set; }
    public long Reordered { get; set; }
    public long Ambiguous { get; set; }
    public long LossBurstMax { get; set; }
    public DelayHistogram Delay { get; } = new();

    public DirectionSummary ToSummary() => new()
    {
        Matched = Matched, Lost = Lost, Duplicated = Duplicated, Reordered = Reordered, LossBurstMax = LossBurstMax,
        DelayNs = Delay.ToSummary(),
    };
}
