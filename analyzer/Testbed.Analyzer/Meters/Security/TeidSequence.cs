namespace Testbed.Analyzer.Meters.Security;

/// <summary>
/// Tests whether TEIDs, in the order in which one UPF address gave them out, could be independent draws from 32 bits.
/// Each test alarms on draws that are with a probability below <see cref="FalseAlarm"/>.
/// </summary>
/// <param name="teids">In order of allocation.</param>
internal sealed class TeidSequence(IReadOnlyList<uint> teids)
{
    /// <summary>Of one test; four tests stay below one in a million together.</summary>
    public const double FalseAlarm = 1e-7;
    /// <summary>Fewer TEIDs show too little.</summary>
    public const int CountMin = 100;
    /// <summary>
    /// With fewer bits that ever change, 65,536 guesses meet one of a thousand tunnels almost surely.
    /// </summary>
    public const int VaryingBitsMin = 24;
    /// <summary>How far from the last TEID a guess begins to be worth trying.</summary>
    public const uint Near = 65_536;

    public int Count { get; } = teids.Count;

    /// <summary>Consecutive TEIDs that are no further apart than <see cref="Near"/>, either way round.</summary>
    public int NearSteps { get; } = Steps(teids).Count(step => Math.Min(step, unchecked(0u - step)) <= Near);

    /// <summary>Pairs of equal steps: a constant stride, however long, makes many.</summary>
    public long EqualSteps { get; } = Pairs(Steps(teids));

    /// <summary>Pairs of equal TEIDs, given out one after the other's end.</summary>
    public long EqualTeids { get; } = Pairs(teids);

    /// <summary>Bits that are not the same in all of them, 0–32.</summary>
    public int VaryingBits { get; } = 32 - FixedBits(teids);

    /// <summary>
    /// How many values there are to draw from. A byte that names a worker is no pattern, and what is left of the bits
    /// is drawn from; too few of them are an alarm of their own, and hide nothing.
    /// </summary>
    private double Values => Math.Pow(2, VaryingBits < VaryingBitsMin ? 32 : VaryingBits);

    public bool HasNearSteps => IsUnlikely(NearSteps, (Count - 1) * (2.0 * Near + 1) / Values);
    public bool HasEqualSteps => IsUnlikely(EqualSteps, (Count - 1.0) * (Count - 2) / 2 / Values);
    public bool HasEqualTeids => IsUnlikely(EqualTeids, Count * (Count - 1.0) / 2 / Values);
    /// <summary>A bit of 100 draws is the same in all with probability 2⁻⁹⁹.</summary>
    public bool HasFewBits => Count >= CountMin && VaryingBits < VaryingBitsMin;

    /// <summary>How many of the four tests alarm.</summary>
    public int Alarms => (HasNearSteps ? 1 : 0) + (HasEqualSteps ? 1 : 0) + (HasEqualTeids ? 1 : 0)
        + (HasFewBits ? 1 : 0);

    private static IEnumerable<uint> Steps(IReadOnlyList<uint> teids)
    {
        for (int i = 1; i < teids.Count; i++) yield return unchecked(teids[i] - teids[i - 1]);
    }

    private static long Pairs(IEnumerable<uint> values) =>
        values.GroupBy(value => value).Sum(group => (long)group.Count() * (group.Count() - 1) / 2);

    private static int FixedBits(IReadOnlyList<uint> teids)
    {
        if (teids.Count == 0) return 32;
        uint changed = 0;
        foreach (uint teid in teids) changed |= teid ^ teids[0];
        return 32 - System.Numerics.BitOperations.PopCount(changed);
    }

    // Rare events, nearly independent: their number is Poisson's.
    private static bool IsUnlikely(long seen, double expected)
    {
        if (seen == 0 || seen <= expected) return false;
        double term = Math.Exp(-expected), below = 0;
        for (long i = 0; i < seen; i++)
        {
            below += term;
            term *= expected / (i + 1);
            if (term < double.Epsilon) break;
        }
        // What is left of 1 drowns in rounding where it is small: there the first term of the tail bounds it.
        double tail = Math.Max(0, 1 - below);
        if (tail < 1e-10) tail = term / (1 - expected / (seen + 1));
        return tail < FalseAlarm;
    }
}
