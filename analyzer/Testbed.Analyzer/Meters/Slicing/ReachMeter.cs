using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Meters.Provenance;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Slicing;

/// <summary>
/// SLC-003: how many of one slice's tries came to another's UEs or data network. What was tried is what N3 carried
/// into the UPF, of each target and protocol; that nothing arrived counts only where the same sender's packets to its
/// own data network did.
/// </summary>
internal sealed class ReachMeter : IMeter
{
    private const string Source = "reach-meter";
    /// <summary>A tap that lost more than this may have missed what it was to see.</summary>
    private const double DropShareMax = 0.01;

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        foreach (ReachContext reach in context.Request.Run?.Reaches ?? [])
        {
            if (!context.HasN6) continue;
            List<ReachRow> rows = ReachRow.Read(reach.RecordPath);
            ReachSightings sightings = new(context, reach, rows);
            output.Kpis.Add(Leaks(context, reach, rows, sightings));
            output.Kpis.Add(Control(context, reach, rows, sightings));
        }
    }

    private static KpiResult Leaks(
        AnalysisContext context, ReachContext reach, List<ReachRow> rows, ReachSightings sightings)
    {
        HostAddress ue = HostAddress.From(reach.UeAddress);
        Dictionary<uint, string> arrived = [];
        Dictionary<uint, ReachRow> tried = [];
        int watching = 0;
        foreach (TapCapture tap in context.Taps)
        {
            if (tap.Role is not TapRole.N6)
            {
                foreach ((ReachRow row, _) in Tries(sightings.At(tap, record =>
                    record is { Kind: RecordKind.Gpdu, Direction: PacketDirection.Uplink }
                    && tap.Flow(record).Source == ue))) tried.TryAdd(row.Index, row);
                Note(sightings.At(tap, record =>
                    record is { Kind: RecordKind.Gpdu, Direction: PacketDirection.Downlink }));
            }
            if (tap.Role is TapRole.N3 || !Serves(tap, reach.TargetSlice)) continue;
            if (SawPlain(tap)) watching++;
            bool isShared = Serves(tap, reach.Slice);
            Note(sightings.At(tap, record => record.Kind is RecordKind.Plain
                // Beyond a shared N6 the other slice's data network lies, its UEs do not: those are back on N3.
                && (!isShared || context.Slices.OfPool(tap.Flow(record).Destination) == SliceMap.Unknown)));
        }
        long samples = context.HasN3 ? tried.Count : rows.Count(row => !row.IsControl);
        LocalText? unusable = watching == 0
            ? new($"切片 {reach.TargetSlice} 的 N6 采集点整次运行未见任何报文，无法证明没有到达",
                $"the N6 tap of slice {reach.TargetSlice} saw no packet in the whole run, so it proves nothing")
            // UE to UE turns round inside the UPF: the tunnel to the other UE is the only place where it shows.
            : !context.HasN3
            ? new("没有 N3 采集点，无法看到到达另一切片终端的报文",
                "without a tap on N3 nobody sees what comes to the other slice's UEs")
            : DropShare(context) > DropShareMax
                ? new("采集丢包过多，可能漏看到达的报文", "the taps dropped too much to say that nothing arrived")
                : ReachCoverage.Untried(reach, tried.Values);
        return Figures.Exact("slice-leaks", arrived.Count, samples, Source) with
        {
            Scope = $"{reach.Slice} → {reach.TargetSlice}" + (ue.IsIpv4 ? "" : " IPv6"),
            Layer = Layer.Inner,
            Evidence = [.. arrived.Values.Take(Figures.EvidenceMax), Path.GetFileName(reach.RecordPath)],
            Findings =
            [
                new LocalText(
                    $"从切片 {reach.Slice} 向切片 {reach.TargetSlice} 的终端与数据网络发送的 {samples} 个探测报文中有 "
                        + $"{arrived.Count} 个到达",
                    $"{arrived.Count} of {samples} tries from slice {reach.Slice} came to slice "
                        + $"{reach.TargetSlice}'s UEs or data network"),
            ],
            NotUsable = arrived.Count == 0 ? unusable : null,
            NotUsableVerdict = arrived.Count == 0 && unusable is not null ? Verdict.Inconclusive : null,
        };

        void Note(IEnumerable<(ReachRow Row, string Evidence)> seen)
        {
            foreach ((ReachRow row, string evidence) in Tries(seen)) arrived.TryAdd(row.Index, evidence);
        }
    }

    /// <summary>Share of the packets to the sender's own data network that left for it; the worst protocol's.</summary>
    private static KpiResult Control(
        AnalysisContext context, ReachContext reach, List<ReachRow> rows, ReachSightings sightings)
    {
        HashSet<uint> seen = [];
        foreach (TapCapture tap in context.Taps)
            if (tap.Role is not TapRole.N3 && Serves(tap, reach.Slice))
                seen.UnionWith(sightings.At(tap, record => record.Kind is RecordKind.Plain)
                    .Where(each => each.Row.IsControl).Select(each => each.Row.Index));
        (byte Protocol, double Share)[] shares =
        [
            .. rows.Where(row => row.IsControl).GroupBy(row => row.Protocol).Select(group =>
                (group.Key, group.Count(row => seen.Contains(row.Index)) / (double)group.Count())),
        ];
        double worst = shares.Length == 0 ? 0 : shares.Min(each => each.Share);
        return Figures.Exact(
            "slice-reach-control-ratio", Figures.Ratio(worst), rows.Count(row => row.IsControl), Source) with
        {
            Scope = reach.Slice,
            Layer = Layer.Inner,
            Findings =
            [
                new LocalText(
                    $"同一发送端发往本切片数据网络的报文在 N6 上见到 {worst:P0}（各协议中最低）",
                    $"N6 showed {worst:P0} of the same sender's packets to its own data network (the worst protocol)"),
            ],
        };
    }

    private static IEnumerable<(ReachRow Row, string Evidence)> Tries(
        IEnumerable<(ReachRow Row, string Evidence)> seen) => seen.Where(each => !each.Row.IsControl);

    private static bool Serves(TapCapture tap, string slice) => tap.Slices.Count == 0 || tap.Slices.Contains(slice);

    private static bool SawPlain(TapCapture tap)
    {
        for (int i = 0; i < tap.Records.Count; i++)
            if (tap.Records[i].Kind is RecordKind.Plain) return true;
        return false;
    }

    // Of the tap that dropped most of its frames: one that watches a quiet slice must not hide behind busy ones. What
    // the control plane's taps dropped was no try.
    private static double DropShare(AnalysisContext context) => context.Taps.Max(tap =>
    {
        double dropped = Figures.Dropped(context, each => each == tap);
        return dropped == 0 ? 0 : dropped / (dropped + Figures.Captured(context, each => each == tap));
    });
}
