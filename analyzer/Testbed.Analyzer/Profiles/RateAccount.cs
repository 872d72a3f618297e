using System.Runtime.CompilerServices;

namespace Testbed.Analyzer.Profiles;

/// <summary>Packets and inner bytes of one kind and direction at one tap, in all and over time.</summary>
internal sealed class RateAccount(long startNs, long seriesStepNs)
{
    public const long SecondNs = 1_000_000_000;
    private readonly StepSums _series = new(startNs, seriesStepNs);
    private readonly StepSums? _seconds = seriesStepNs == SecondNs ? null : new(startNs, SecondNs);

    public long Packets { get; private set; }
    public long Bytes { get; private set; }
    public long FirstNs { get; private set; } = long.MaxValue;
    public long LastNs { get; private set; } = long.MinValue;
    /// <summary>Bytes by interval of the plotted series.</summary>
    public ReadOnlySpan<long> Series => _series.Sums;
    /// <summary>Bytes by second.</summary>
    public ReadOnlySpan<long> Seconds => (_seconds ?? _series).Sums;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long timeNs, int bytes)
    {
        Packets++;
        Bytes += bytes;
        if (timeNs < FirstNs) FirstNs = timeNs;
        if (timeNs > LastNs) LastNs = timeNs;
        _series.Add(timeNs, bytes);
        _seconds?.Add(timeNs, bytes);
    }
}
