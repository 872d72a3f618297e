using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Profiles;

/// <summary>
/// Counts distinct receiving ends of tunnels: eight bytes an IPv4 end, sorted once at the end. A hash table of millions
/// would take four times the memory and miss the cache at every end.
/// </summary>
/// <param name="endsMax">How many will be added at most.</param>
internal sealed class DistinctEnds(int endsMax)
{
    private readonly HashSet<(HostAddress, uint)> _wide = [];
    private readonly ulong[] _packed = new ulong[endsMax];
    private int _packedCount;

    public void Add(HostAddress address, uint teid)
    {
        if (address.IsIpv4) _packed[_packedCount++] = (ulong)address.Ipv4Bits << 32 | teid;
        else _wide.Add((address, teid));
    }

    public long Count()
    {
        Span<ulong> ends = _packed.AsSpan(0, _packedCount);
        ends.Sort();
        long count = _wide.Count + (ends.IsEmpty ? 0 : 1);
        for (int i = 1; i < ends.Length; i++)
            if (ends[i] != ends[i - 1]) count++;
        return count;
    }
}
