using Testbed.Analyzer.Decoding;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Matching;

/// <summary>
/// From when to when a packet's twin could have been seen. A file says only when its first and last frames were; a
/// run's taps were all open from before the first packet to after the last one.
/// </summary>
internal sealed class Coverage
{
    private readonly IReadOnlyList<TapCapture> _taps;
    private readonly TapOutcome[] _outcomes;
    private readonly bool _isRun;
    private readonly Dictionary<HostAddress, (long First, long Last)> _n6ByUe = [];
    private readonly (long First, long Last) _all;

    public Coverage(IReadOnlyList<TapCapture> taps, TapOutcome[] outcomes, bool isRun)
    {
        (_taps, _outcomes, _isRun) = (taps, outcomes, isRun);
        _all = Union(taps);
        N3 = isRun ? _all : Union(taps.Where(tap => tap.Role is not TapRole.N6));
        N6 = isRun ? _all : Union(taps.Where(tap => tap.Role is not TapRole.N3));
        if (!isRun && taps.Count(tap => tap.Role is not TapRole.N3) > 1) LearnTaps();
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

    // Where several N6 taps stopped at different times, the one that carried a UE's other packets counts.
    private void LearnTaps()
    {
        for (int tap = 0; tap < _taps.Count; tap++)
        {
            RecordStore records = _taps[tap].Records;
            for (int i = 0; i < records.Count; i++)
            {
                if (_outcomes[tap].PartnerRecord[i] < 0 || records[i].Kind is not RecordKind.Gpdu) continue;
                DecodeTally n6 = _taps[_outcomes[tap].PartnerTap[i]].Tally;
                HostAddress ue = AnalysisContext.UeOf(_taps[tap].Flow(records[i]), records[i].Direction);
                if (!_n6ByUe.TryGetValue(ue, out (long First, long Last) known)) known = (n6.FirstNs, n6.LastNs);
                _n6ByUe[ue] = (Math.Min(known.First, n6.FirstNs), Math.Max(known.Last, n6.LastNs));
            }
        }
    }

    private static (long First, long Last) Union(IEnumerable<TapCapture> taps)
    {
        (long first, long last) = (long.MaxValue, long.MinValue);
        foreach (TapCapture tap in taps)
            (first, last) = (Math.Min(first, tap.Tally.FirstNs), Math.Max(last, tap.Tally.LastNs));
        return (first, last);
    }
}
