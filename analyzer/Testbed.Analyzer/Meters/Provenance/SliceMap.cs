using System.Collections.Concurrent;
using Testbed.Conformance.Claims;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Provenance;

/// <summary>Which slice a UE address belongs to, and where that is known from: S-NSSAI itself is not on N3.</summary>
internal sealed class SliceMap
{
    public const string FromPfcp = "pfcp";
    /// <summary>N4 named the data network alone: that it is a slice's own is what the claim says.</summary>
    public const string FromDnn = "dnn";
    public const string FromNgap = "ngap";
    public const string FromPool = "pool";
    public const int Unknown = -1;
    private readonly List<string> _names = [];
    private readonly List<Slice?> _claimed = [];
    private readonly List<HashSet<string>> _provenance = [];
    /// <summary>Meters ask at the same time, and each new answer is kept.</summary>
    private readonly ConcurrentDictionary<HostAddress, int> _byUe = [];
    /// <summary>Written while the signalling is read, before any meter asks.</summary>
    private readonly HashSet<HostAddress> _told = [];
    private readonly Claim? _claim;

    public SliceMap(Claim? claim)
    {
        _claim = claim;
        if (claim is null) return;
        foreach (Slice slice in claim.Slices) Add(slice.Name, slice);
    }

    public int Count => _names.Count;
    public string Name(int slice) => _names[slice];
    /// <summary>The claim's entry; null for a slice that only the control plane names.</summary>
    public Slice? Claimed(int slice) => _claimed[slice];
    public string Provenance(int slice)
    {
        lock (_provenance) return string.Join('+', _provenance[slice].Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// Tells what N4 or N2 said of a UE: an S-NSSAI weighs more than a data network, and that more than a pool.
    /// </summary>
    /// <param name="source"><see cref="FromPfcp"/>, <see cref="FromDnn"/> or <see cref="FromNgap"/>.</param>
    public void Learn(HostAddress ue, int slice, string source)
    {
        if (source != FromDnn) _told.Add(ue);
        else if (_told.Contains(ue)) return;
        _byUe[ue] = slice;
        _provenance[slice].Add(source);
    }

    /// <summary>Whether N4 or N2 gave the UE's S-NSSAI; else its slice is only what the claim says.</summary>
    public bool IsTold(HostAddress ue) => _told.Contains(ue);

    /// <summary>The slice of that name, a new one if the claim does not name it.</summary>
    public int Named(string name) => _names.IndexOf(name) is >= 0 and int at ? at : Add(name, null);

    /// <summary>Place of the UE's slice, or <see cref="Unknown"/>.</summary>
    public int Of(HostAddress ue)
    {
        if (_byUe.TryGetValue(ue, out int known)) return known;
        int slice = OfPool(ue);
        if (slice != Unknown)
            lock (_provenance) _provenance[slice].Add(FromPool);
        return _byUe[ue] = slice;
    }

    /// <summary>By the claim's address pools alone.</summary>
    public int OfPool(HostAddress ue)
    {
        if (_claim is null) return Unknown;
        System.Net.IPAddress address = ue.ToIPAddress();
        for (int i = 0; i < _claim.Slices.Count; i++)
            foreach (System.Net.IPNetwork pool in _claim.Slices[i].UePools)
                if (pool.BaseAddress.AddressFamily == address.AddressFamily && pool.Contains(address)) return i;
        return Unknown;
    }

    private int Add(string name, Slice? claimed)
    {
        _names.Add(name);
        _claimed.Add(claimed);
        _provenance.Add([]);
        return _names.Count - 1;
    }
}
