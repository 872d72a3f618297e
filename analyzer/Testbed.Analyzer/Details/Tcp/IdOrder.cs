namespace Testbed.Analyzer.Details.Tcp;

/// <summary>
/// Whether a sender counts its packets of one flow in the IP id, as Linux does. Then a packet that was overtaken bears
/// a lower id than those that overtook it, and one that was sent again a higher one, however long either took.
/// </summary>
internal sealed class IdOrder
{
    /// <summary>A large send counts on by its segments, 64 KiB in pieces of 1,000 bytes.</summary>
    private const int StepMax = 64;
    private const int StepsMin = 8;
    /// <summary>One step in so many may leave the order, as after a loss of the tap.</summary>
    private const int OrderlyPerOther = 10;
    private int _orderly;
    private int _other;
    private ushort _last;

    public void Clear() => (_orderly, _other, _last) = (0, 0, 0);

    public void Add(ushort id)
    {
        if (_last != 0 && id != 0)
        {
            if ((ushort)(id - _last) is > 0 and <= StepMax) _orderly++;
            else _other++;
        }
        _last = id;
    }

    /// <summary>Whether a packet was sent ahead of another; null where ids tell nothing.</summary>
    public bool? IsBefore(ushort id, ushort other)
    {
        if (id == 0 || other == 0) return null;
        // One in a thousand ids drawn by chance lies so close ahead.
        if ((ushort)(other - id) is > 0 and <= StepMax) return true;
        return _orderly >= StepsMin && _orderly >= _other * OrderlyPerOther ? (short)(id - other) < 0 : null;
    }
}
