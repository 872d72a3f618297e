using System.Runtime.CompilerServices;

namespace Testbed.Analyzer.Profiles;

/// <summary>
/// How many sessions had traffic within one sliding window: fed with the seconds in which each was active, each
/// session's in order.
/// </summary>
internal sealed class SessionActivity
{
    public const long StepNs = 1_000_000_000;
    /// <remarks>metrology: active is what has traffic in one 10 s window; it slides by one second.</remarks>
    public const int WindowSteps = 10;
    /// <summary>A day and a half; a capture with wilder times is not one run.</summary>
    public const long StepsMax = 131_072;
    private int[] _change = new int[64];

    /// <summary>
    /// A session that was active in step s counts in the windows that end in s … s + 9; overlapping ones count once.
    /// </summary>
    /// <param name="end">The session's own end, kept by the caller: 0 before the first call.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int step, ref int end)
    {
        int from = Math.Max(step, end);
        end = step + WindowSteps;
        if (end >= _change.Length) Array.Resize(ref _change, Math.Max(end + 1, _change.Length * 2));
        _change[from]++;
        _change[end]--;
    }

    public int Most()
    {
        int most = 0, now = 0;
        foreach (int delta in _change) most = Math.Max(most, now += delta);
        return most;
    }
}
