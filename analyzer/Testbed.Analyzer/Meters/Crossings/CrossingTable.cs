using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Meters.Provenance;

namespace Testbed.Analyzer.Meters.Crossings;

/// <summary>Adds up pairs and unmatched packets by direction, slice and QFI.</summary>
internal sealed class CrossingTable
{
    private const int QfiCount = 65;
    private const int QfiKnownCount = 64;
    private readonly SliceMap _slices;
    private readonly Dictionary<(PacketDirection, int Slice, int Qfi), Crossing> _byKey = [];
    /// <summary>By direction, slice plus one, and QFI: the sums that such a packet goes into.</summary>
    private readonly Crossing[]?[] _sums;

    public CrossingTable(SliceMap slices)
    {
        _slices = slices;
        _sums = new Crossing[]?[2 * (slices.Count + 1) * QfiKnownCount];
    }

    public Crossing Uplink { get; } = new();
    public Crossing Downlink { get; } = new();

    /// <summary>Null when no packet of that kind was seen. QFI 0 stands for "no container".</summary>
    public Crossing? Find(PacketDirection direction, int slice, int qfi) =>
        _byKey.GetValueOrDefault((direction, slice, qfi));

    /// <summary>Of a slice over all QFIs: kept under −1.</summary>
    public DirectionSummary OfSlice(PacketDirection direction, int slice) =>
        (Find(direction, slice, -1) ?? new Crossing()).ToSummary();

    public IReadOnlyDictionary<int, DirectionSummary> OfSliceByQfi(PacketDirection direction, int slice)
    {
        SortedDictionary<int, DirectionSummary> byQfi = [];
        for (int qfi = 0; qfi < QfiCount; qfi++)
            if (Find(direction, slice, qfi) is { } crossing) byQfi[qfi] = crossing.ToSummary();
        return byQfi;
    }

    /// <summary>One packet that was seen on both sides.</summary>
    /// <param name="isReordered">It left behind one of its flow that entered later.</param>
    public void AddPair(
        PacketDirection direction, int slice, byte qfi, long delayNs, bool isAmbiguous, bool isReordered)
    {
        foreach (Crossing crossing in Of(direction, slice, qfi))
        {
            crossing.Matched++;
            crossing.Delay.Add(delayNs);
            if (isAmbiguous) crossing.Ambiguous++;
            if (isReordered) crossing.Reordered++;
        }
    }

    /// <summary>Packets of no slice that were seen on both sides and share their key with no other.</summary>
    /// <param name="reordered">How many of them left behind one of their flow that entered later.</param>
    public void AddPairs(PacketDirection direction, ReadOnlySpan<long> delaysNs, int reordered)
    {
        Crossing whole = direction is PacketDirection.Downlink ? Downlink : Uplink;
        whole.Matched += delaysNs.Length;
        whole.Reordered += reordered;
        whole.Delay.Add(delaysNs);
    }

    /// <param name="burst">Losses of the flow in a row, this one included.</param>
    public void AddLost(PacketDirection direction, int slice, byte qfi, int burst)
    {
        foreach (Crossing crossing in Of(direction, slice, qfi))
        {
            crossing.Lost++;
            crossing.LossBurstMax = Math.Max(crossing.LossBurstMax, burst);
        }
    }

    public void AddDuplicate(PacketDirection direction, int slice, byte qfi)
    {
        foreach (Crossing crossing in Of(direction, slice, qfi)) crossing.Duplicated++;
    }

    // The sums that a packet goes into: everything, its slice, its QoS flow there. Made once for each kind of packet.
    private Crossing[] Of(PacketDirection direction, int slice, byte qfi)
    {
        int known = slice == SliceMap.Unknown || qfi == PacketRecord.NoQfi ? 0 : qfi;
        int side = direction is PacketDirection.Downlink ? 1 : 0;
        ref Crossing[]? sums = ref _sums[(side * (_slices.Count + 1) + slice + 1) * QfiKnownCount + known];
        return sums ??= Sums(direction, slice, known);
    }

    private Crossing[] Sums(PacketDirection direction, int slice, int qfi)
    {
        Crossing whole = direction is PacketDirection.Downlink ? Downlink : Uplink;
        return slice == SliceMap.Unknown
            ? [whole]
            : [whole, Get((direction, slice, -1)), Get((direction, slice, qfi))];
    }

    private Crossing Get((PacketDirection, int, int) key)
    {
        if (!_byKey.TryGetValue(key, out Crossing? crossing)) _byKey[key] = crossing = new();
        return crossing;
    }
}
