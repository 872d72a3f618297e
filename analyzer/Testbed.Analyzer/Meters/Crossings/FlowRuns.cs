namespace Testbed.Analyzer.Meters.Crossings;

/// <summary>By flow of one tap, in the order of time: the run of losses that is on, and the latest entry that has
/// left.</summary>
internal sealed class FlowRuns(int flows)
{
    private readonly int[] _missed = new int[flows];
    private readonly long[] _latestEntryNs = new long[flows];

    public void Arrived(int flow) => _missed[flow] = 0;

    public int Missed(int flow) => ++_missed[flow];

    public bool Left(int flow, long entryNs)
    {
        if (entryNs < _latestEntryNs[flow]) return true;
        _latestEntryNs[flow] = entryNs;
        return false;
    }
}
