using Testbed.Analyzer.Decoding;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Profiles;

/// <summary>Counts distinct receiving ends of tunnels: eight bytes an IPv4 end and room to probe.</summary>
internal sealed class DistinctEnds
{
    private readonly HashSet<(HostAddress, uint)> _wide = [];
    private ulong[] _packed = new ulong[1024];
    private int _packedCount;
    private bool _hasZero;

    public long Count => _packedCount + _wide.Count + (_hasZero ? 1 : 0);

    public void Add(HostAddress address, uint teid)
    {
        if (!address.IsIpv4) _wide.Add((address, teid));
        else if (((ulong)address.Ipv4Bits << 32 | teid) is var end && end == 0) _hasZero = true;
        else if (Put(_packed, end) && ++_packedCount * 2L > _packed.Length) Grow();
    }

    private void Grow()
    {
        ulong[] grown = new ulong[_packed.Length * 2];
        foreach (ulong end in _packed)
            if (end != 0) Put(grown, end);
        _packed = grown;
    }

    private static bool Put(ulong[] table, ulong end)
    {
        uint mask = (uint)table.Length - 1, at = (uint)(Mix64.Combine(0, end) >> 32) & mask;
        for (; table[at] != 0; at = (at + 1) & mask)
            if (table[at] == end) return false;
        table[at] = end;
        return true;
    }
}
