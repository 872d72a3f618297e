using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Matching.Losses;

/// <summary>
/// What became of the run's own test packets, by slice: what others send, much or little, neither hides their loss nor
/// makes it.
/// </summary>
internal sealed class OwnLosses
{
    private readonly Dictionary<(HostAddress Remote, ushort Port), List<(HostAddress Ue, string Slice)>> _ends = [];
    private readonly SortedDictionary<string, LossAccount[]> _bySlice = new(StringComparer.Ordinal);

    /// <param name="run">Null where no run made the captures: then nothing is its own.</param>
    public OwnLosses(RunContext? run)
    {
        if (run is null) return;
        foreach (StampSessionContext session in run.StampSessions.Concat(run.OtherStampSessions)
            .Concat(run.EdgePaths.Concat(run.OtherEdgePaths).SelectMany(path => new[] { path.Edge, path.Centre })))
        {
            (HostAddress, ushort) end = (HostAddress.From(session.RemoteAddress), (ushort)session.RemotePort);
            if (!_ends.TryGetValue(end, out List<(HostAddress, string)>? ues)) _ends[end] = ues = [];
            ues.Add((HostAddress.From(session.UeAddress), session.Slice));
            _bySlice.TryAdd(session.Slice, [new(), new()]);
        }
    }

    public IEnumerable<string> Slices => _bySlice.Keys;

    public LossAccount Of(string slice, PacketDirection direction) =>
        _bySlice[slice][direction is PacketDirection.Downlink ? 1 : 0];

    /// <summary>By flow of the tap, either way: the slice that the run tested with it; null for others.</summary>
    public string?[] SlicesOf(TapCapture tap)
    {
        FlowTable flows = tap.Decoder.Flows;
        string?[] slices = new string?[flows.Count];
        for (int i = 0; i < slices.Length && _ends.Count > 0; i++)
        {
            FlowKey flow = flows[i];
            slices[i] = Find(flow.Destination, flow.DestinationPort, flow.Source)
                ?? Find(flow.Source, flow.SourcePort, flow.Destination);
        }
        return slices;
    }

    // On N6 the UE's address may be translated; who else sends to a port that was drawn for one test is that test.
    private string? Find(HostAddress remote, ushort port, HostAddress ue)
    {
        if (!_ends.TryGetValue((remote, port), out List<(HostAddress Ue, string Slice)>? ues)) return null;
        foreach ((HostAddress known, string slice) in ues)
            if (known == ue) return slice;
        return ues.TrueForAll(other => other.Slice == ues[0].Slice) ? ues[0].Slice : null;
    }
}
