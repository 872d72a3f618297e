using Testbed.Analyzer.Decoding;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Matching;

/// <summary>
/// From when to when a packet's twin could have been seen. A file says only when its first and last frames were; a
/// run's taps were all open from before the first packet to after the last one.
/// </summary>
internal sealed class Coverage
{
    private readonly IReadOnlyDictionary<HostAddress, (long First, long Last)> _n6ByUe;

    public Coverage(IReadOnlyList<TapCapture> taps, MatchedFacts matched, bool isRun)
    {
        _n6ByUe = matched.N6ByUe;
        (long First, long Last) all = Union(taps);
        N3 = isRun ? all : Union(taps.Where(tap => tap.Role is not TapRole.N6));
        N6 = isRun ? all : Union(taps.Where(tap => tap.Role is not TapRole.N3));
    }

    private (long First, long Last) N3 { get; }
    private (long First, long Last) N6 { get; }

    /// <summary>
    /// Whether a packet's twin, expected within the times given, may lie outside of the other side's capture.
    /// </summary>
    /// <param name="ue">UE's end of the packet, to find the N6 tap that its traffic takes.</param>
    public bool IsOutside(bool twinOnN6, HostAddress ue, long fromNs, long toNs)
    {
        (long first, long last) = !twinOnN6 ? N3 : _n6ByUe.TryGetValue(ue, out var own) ? own : N6;
        return fromNs < first || toNs > last;
    }

    private static (long First, long Last) Union(IEnumerable<TapCapture> taps)
    {
        (long first, long last) = (long.MaxValue, long.MinValue);
        foreach (TapCapture tap in taps)
            (first, last) = (Math.Min(first, tap.Tally.FirstNs), Math.Max(last, tap.Tally.LastNs));
        return (first, last);
    }
}
