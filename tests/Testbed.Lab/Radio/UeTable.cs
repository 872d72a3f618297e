using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Radio;

/// <summary>The UEs of the gNB, by address and by the TEID that it gave them. Look-ups allocate nothing.</summary>
internal sealed class UeTable(int seed)
{
    /// <summary>More UEs than any plan asks for; beyond it new ones are refused.</summary>
    public const int UesMax = 20_000;

    private readonly ConcurrentDictionary<uint, UeContext> _byAddress = new();
    private readonly ConcurrentDictionary<uint, UeContext> _byTeid = new();
    private readonly Random _random = new(seed);

    public ICollection<UeContext> All => _byAddress.Values;

    public bool TryFind(uint address, [NotNullWhen(true)] out UeContext? ue) =>
        _byAddress.TryGetValue(address, out ue);

    public bool TryFindByTeid(uint teid, [NotNullWhen(true)] out UeContext? ue) => _byTeid.TryGetValue(teid, out ue);

    /// <summary>The context of an address, made when it is new; null when the table is full.</summary>
    public UeContext? FindOrAdd(uint address, SliceAccess slice)
    {
        if (_byAddress.TryGetValue(address, out UeContext? ue)) return ue;
        return _byAddress.Count < UesMax ? _byAddress.GetOrAdd(address, new UeContext(slice, address)) : null;
    }

    /// <summary>Gives the UE a fresh TEID: random, never 0, unique while in use (TS 33.513 §4.2.2).</summary>
    public void AssignTeid(UeContext ue)
    {
        uint teid;
        do
        {
            lock (_random) teid = (uint)_random.NextInt64(1, 1L << 32);
        }
        while (!_byTeid.TryAdd(teid, ue));
        ue.DownlinkTeid = teid;
    }

    public void ReleaseTeid(UeContext ue)
    {
        _byTeid.TryRemove(ue.DownlinkTeid, out _);
        ue.DownlinkTeid = 0;
    }
}
