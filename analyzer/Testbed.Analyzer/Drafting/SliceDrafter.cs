using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Meters.Provenance;
using Testbed.Analyzer.Meters.Sessions;
using Testbed.Wire.Ip;
using Testbed.Wire.Ngap;
using Testbed.Wire.Pfcp;

namespace Testbed.Analyzer.Drafting;

/// <summary>
/// Finds slices: by the names that N2 and N4 give them; UEs that neither names are grouped by how far apart their
/// addresses lie.
/// </summary>
internal sealed class SliceDrafter(AnalysisContext context, List<TunnelUse> uses, UpfDrafter upfs)
{
    /// <summary>All that was seen of one slice.</summary>
    private sealed class Seen
    {
        public Snssai? Snssai { get; set; }
        public HashSet<HostAddress> Ues { get; } = [];
        public SortedSet<byte> Qfis { get; } = [];
        public SortedDictionary<byte, QosFlowOrder> Ordered { get; } = [];
        public List<string> Dnns { get; } = [];
        public Dictionary<string, int> Upfs { get; } = [];
        public SortedSet<string> Sources { get; } = new(StringComparer.Ordinal);
    }

    private readonly SortedDictionary<string, Seen> _slices = new(StringComparer.Ordinal);
    private readonly Dictionary<TunnelEnd, TunnelUse> _useByEnd =
        uses.ToDictionary(use => new TunnelEnd(use.Destination, use.Teid));

    public List<DraftSlice> Draft()
    {
        foreach (PfcpSession session in context.ControlPlane.Sessions.All) Take(session);
        foreach (NgapSession session in context.ControlPlane.NgapSessions.All) Take(session);
        foreach (Seen slice in _slices.Values) slice.Ues.RemoveWhere(ue => !IsAssigned(ue));
        Dictionary<HostAddress, Seen> byUe = [];
        foreach (Seen slice in _slices.Values)
            foreach (HostAddress ue in slice.Ues) byUe[ue] = slice;
        foreach (List<HostAddress> cluster in PoolFinder.Clusters(UnknownUes(byUe)))
        {
            Seen slice = Of($"pool{_slices.Count + 1}", "pool");
            slice.Ues.UnionWith(cluster);
            foreach (HostAddress ue in cluster) byUe[ue] = slice;
        }
        foreach (TunnelUse use in uses)
            foreach (Seen slice in use.Ues.Keys.Where(byUe.ContainsKey).Select(ue => byUe[ue]).Distinct())
            {
                slice.Qfis.UnionWith(use.Qfis.Keys);
                if (use.Direction is PacketDirection.Uplink) AtUpf(slice, use.Destination);
            }
        return Finish();
    }

    private void Take(PfcpSession session)
    {
        int known = session.UeAddresses.Select(context.Slices.Of).FirstOrDefault(SliceMap.Unknown);
        string? name = known != SliceMap.Unknown ? context.Slices.Name(known)
            : session.Snssai?.ToString() ?? session.DnnOrInstance;
        if (name is null) return;
        Seen slice = Of(name, SliceMap.FromPfcp);
        slice.Snssai ??= session.Snssai;
        slice.Ues.UnionWith(session.UeAddresses);
        slice.Qfis.UnionWith(session.Qfis);
        if (session.DnnOrInstance is { } dnn && !slice.Dnns.Contains(dnn, StringComparer.OrdinalIgnoreCase))
            slice.Dnns.Add(dnn);
        foreach (TunnelEnd end in session.UplinkEnds) AtUpf(slice, end.Address);
    }

    private void Take(NgapSession session)
    {
        if (session.Snssai is not { } snssai) return;
        Seen slice = Of(snssai.ToString(), SliceMap.FromNgap);
        slice.Snssai = snssai;
        foreach (QosFlowOrder flow in session.Flows.Values) slice.Ordered.TryAdd(flow.Qfi, flow);
        slice.Qfis.UnionWith(session.Qfis);
        foreach (TunnelEnd end in session.UplinkEnds) AtUpf(slice, end.Address);
        foreach (TunnelEnd end in session.UplinkEnds.Concat(session.DownlinkEnds))
            if (_useByEnd.TryGetValue(end, out TunnelUse? use)) slice.Ues.UnionWith(use.Ues.Keys);
    }

    private IEnumerable<HostAddress> UnknownUes(Dictionary<HostAddress, Seen> byUe) =>
        uses.Where(use => use.Direction is not PacketDirection.Unknown).SelectMany(use => use.Ues.Keys)
            .Where(ue => IsAssigned(ue) && !byUe.ContainsKey(ue)).Distinct();

    /// <summary>False for what no core assigns: link-local, multicast, loopback and no address at all.</summary>
    private static bool IsAssigned(HostAddress ue) => ue.IsIpv4
        ? (ue.Ipv4Bits >> 24) is not (0 or 127 or >= 224) && ue.Ipv4Bits >> 16 != 0xA9FE
        : ue.High >> 54 != 0x3FA && ue.High >> 56 != 0xFF && ue.High != 0;

    private Seen Of(string name, string source)
    {
        if (!_slices.TryGetValue(name, out Seen? slice)) _slices[name] = slice = new();
        slice.Sources.Add(source);
        return slice;
    }

    private void AtUpf(Seen slice, HostAddress n3)
    {
        if (upfs.NameOf(n3) is { } name) slice.Upfs[name] = slice.Upfs.GetValueOrDefault(name) + 1;
    }

    private List<DraftSlice> Finish()
    {
        List<Seen> slices = [.. _slices.Values];
        List<List<System.Net.IPNetwork>> pools = PoolFinder.Find([.. slices.Select(slice => slice.Ues)]);
        HashSet<string> names = [];
        return
        [
            .. slices.Select((slice, i) => new DraftSlice(
                ClaimDrafter.Unused(ClaimDrafter.Fit(slice.Dnns.FirstOrDefault()) ?? $"slice{i + 1}", names),
                string.Join('+', slice.Sources), slice.Snssai?.SliceType, slice.Snssai?.Differentiator,
                slice.Dnns.FirstOrDefault(), pools[i],
                slice.Upfs.OrderByDescending(upf => upf.Value).ThenBy(upf => upf.Key).FirstOrDefault().Key
                    ?? (upfs.Upfs is [var only] ? only.Name : null),
                [.. slice.Qfis.Select(qfi => Flow(slice, qfi))])
            {
                OtherDnns = [.. slice.Dnns.Skip(1)],
            }),
        ];
    }

    private static DraftFlow Flow(Seen slice, byte qfi)
    {
        if (!slice.Ordered.TryGetValue(qfi, out QosFlowOrder flow)) return new(qfi, null, null, null);
        // A claim has no place for 0 and 255; both are reserved (TS 23.501 §5.7.4, TS 24.501 §9.11.4.12).
        int? fiveQi = flow.FiveQi is >= 1 and <= 254 ? flow.FiveQi : null;
        return new(qfi, fiveQi, Mbps(flow.Gbr?.GuaranteedDownlinkBps), Mbps(flow.Gbr?.MaximumDownlinkBps));
    }

    private static decimal? Mbps(long? bps) => bps is > 0 ? decimal.Round(bps.Value / 1_000_000m, 6) : null;
}
