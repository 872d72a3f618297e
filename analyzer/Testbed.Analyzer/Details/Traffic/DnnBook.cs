using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Meters.Provenance;
using Testbed.Analyzer.Meters.Sessions;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Details.Traffic;

/// <summary>The data network's name of a packet, and where it is known from.</summary>
internal readonly record struct DnnName(string Name, string Source) : IComparable<DnnName>
{
    public int CompareTo(DnnName other) => string.CompareOrdinal(Name, other.Name) is not 0 and int order
        ? order : string.CompareOrdinal(Source, other.Source);
}

/// <summary>
/// Finds data networks: N3 does not name them. What N4 set up for a tunnel says it best, then what N4 says of the UE's
/// address, at last the claim's slice.
/// </summary>
internal sealed class DnnBook
{
    private const string FromClaim = "claim";
    private readonly FlowCells _cells;
    private readonly SliceMap _slices;
    private readonly ControlPlane _control;
    private readonly Dictionary<HostAddress, string> _byUe = [];

    public DnnBook(FlowCells cells)
    {
        (_cells, _slices, _control) = (cells, cells.Context.Slices, cells.Context.ControlPlane);
        foreach (IGrouping<HostAddress, string> names in
            from session in _control.Sessions.All
            where session.DnnOrInstance is not null
            from ue in session.UeAddresses
            group session.DnnOrInstance by ue)
            _byUe[names.Key] = Join(names);
    }

    public DnnName? Of(int place)
    {
        ref readonly FlowCell cell = ref _cells[place];
        if (cell.Tunnel >= 0 && _control.Sessions.Index.Count > 0)
        {
            TunnelKey key = _cells.TunnelOf(cell);
            string[] names = [.. _control.Sessions.Index.Find(new(key.Destination, key.Teid))
                .Select(session => (session as PfcpSession)?.DnnOrInstance).OfType<string>()];
            if (names.Length > 0) return new(Join(names), SliceMap.FromPfcp);
        }
        if (cell.Ue.IsNone) return null;
        if (_byUe.TryGetValue(cell.Ue, out string? name)) return new(name, SliceMap.FromPfcp);
        int slice = _slices.Of(cell.Ue);
        return slice != SliceMap.Unknown && _slices.Claimed(slice) is { } claimed
            ? new(claimed.Dnn, FromClaim) : null;
    }

    public string? SliceOf(HostAddress ue)
    {
        int slice = ue.IsNone ? SliceMap.Unknown : _slices.Of(ue);
        return slice == SliceMap.Unknown ? null : _slices.Name(slice);
    }

    // A tunnel end or an address that was given out again in another data network: who had it when is not told apart.
    private static string Join(IEnumerable<string> names) =>
        string.Join('/', names.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal));
}
