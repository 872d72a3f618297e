using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Meters.Records;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Wire.Stamp;

namespace Testbed.Analyzer.Meters.Edge;

/// <summary>
/// EDG-006: frames of the central N6 that hold the marker of packets between UE and edge, in any wrapping. The marker
/// of packets to the centre, sent meanwhile, shows that the search finds what is there.
/// </summary>
internal sealed class EdgeDataMeter : IMeter
{
    private const string Id = "edge-data-on-central-n6";
    private const string Source = "edge-data-meter";
    /// <summary>Frames that another clock stamped a little before the first marked packet are looked at too.</summary>
    private const long MarginNs = 1_000_000_000;

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Request.Run is not { EdgePaths.Count: > 0 } run || !context.Taps.Any(EdgeTaps.IsCentral)) return;
        if (context.Taps.Any(tap => tap.Role is TapRole.Both))
        {
            output.Kpis.Add(Figures.Nothing(Id, Source, new(
                "N3 与 N6 在同一采集文件中，无法判断标记出现在哪一侧",
                "one capture serves N3 and N6, so it cannot be said where a marker was seen")));
            return;
        }
        foreach (EdgePathContext path in run.EdgePaths) output.Kpis.Add(Measure(context, run, path));
    }

    private static KpiResult Measure(AnalysisContext context, RunContext run, EdgePathContext path)
    {
        byte[] edge = PayloadMarker.Derive(run.Nonce.Span, "edge"), centre = PayloadMarker.Derive(run.Nonce.Span, "dn");
        StampRow[] rows = Sent(context, path);
        long fromNs = FirstNs(rows) - MarginNs;
        // What is kept back may come out later: the centre is searched to the end. What leaked in an attempt that was
        // set aside has leaked as well.
        long searchedNs = run.OtherEdgePaths.Select(other => FirstNs(Sent(context, other)) - MarginNs)
            .Append(fromNs).Min();
        MarkerSearch central = new(new(searchedNs, long.MaxValue), edge, centre);
        central.Read(context, EdgeTaps.IsCentral);
        long leaks = central.Found(0), shown = central.Found(1), marked = Marked(context, edge, fromNs, rows);
        CentralControl control = new(context, path.Centre);
        KpiResult result = Figures.Exact(Id, leaks, marked, Source) with
        {
            Direction = Direction.Both, Layer = Layer.Outer, Scope = path.Edge.Slice, Evidence = central.Evidence(0),
            CaptureLossHigh = control.HiddenMax(context),
            Findings =
            [
                new($"中心 N6 上有 {leaks} 帧带有边缘数据的标记（共 {marked} 个带标记的报文；"
                        + $"同期发往中心的对照报文 {shown} 帧，{control.Seen}/{control.Expected} 个双向可见）",
                    $"{leaks} frames of the central N6 hold the marker of edge data ({marked} marked packets; "
                        + $"the control to the centre left {shown} frames there, {control.Seen} of "
                        + $"{control.Expected} packets both ways)"),
                .. central.Cut == 0 ? [] : (LocalText[])[Kept(central)],
            ],
        };
        if (leaks == 0 && central.CutAndForeign > 0)
            return result with
            {
                NotUsable = new(
                    $"中心 N6 上有 {central.CutAndForeign} 帧只保留了开头，且不属于 N3 上见到的业务流，其余部分未曾查看；"
                        + "请在申报中同意 full-capture",
                    $"{central.CutAndForeign} frames of the central N6, of no flow that N3 shows, were kept in part "
                        + "and the rest was not looked at: consent to full-capture"),
                NotUsableVerdict = Verdict.Inconclusive,
            };
        if (leaks > 0 || (control.Holds && shown >= control.Seen)) return result;
        return result with
        {
            NotUsable = new(
                $"中心 N6 采集点只见到 {control.Seen}/{control.Expected} 个对照报文，不能证明它在监听",
                $"the central N6 shows {control.Seen} of {control.Expected} control packets, so its silence proves "
                    + "nothing"),
            NotUsableVerdict = Verdict.Inconclusive,
        };
    }

    private static LocalText Kept(MarkerSearch central) => new(
        $"中心 N6 的 {central.Frames} 帧中有 {central.Cut} 帧只保留了开头，标记若在其后则看不到；"
            + "申报同意 full-capture 时保留全帧",
        $"only the beginning was kept of {central.Cut} of the {central.Frames} frames of the central N6: a marker "
            + "behind it would not be seen (with consent to full-capture whole frames are kept)");

    private static StampRow[] Sent(AnalysisContext context, EdgePathContext path) =>
        [.. context.Readings.StampRows(path.Edge.RecordPath).Where(row => row.T1Ns > 0)];

    private static long FirstNs(StampRow[] rows) => rows.Select(row => row.T1Ns).DefaultIfEmpty(MarginNs).Min();

    // Both ways, for the answer carries the marker as well. What somebody beside the UPF answers never enters it: N3
    // tells first, then the edge's own N6, then the sender.
    private static long Marked(AnalysisContext context, byte[] marker, long fromNs, StampRow[] rows)
    {
        long toNs = rows.Select(row => row.T1Ns).DefaultIfEmpty(0).Max() + MarginNs;
        foreach (Func<TapCapture, bool> isAt in (Func<TapCapture, bool>[])[EdgeTaps.IsN3, EdgeTaps.IsEdge])
        {
            MarkerSearch search = new(new(fromNs, toNs), marker);
            search.Read(context, isAt);
            if (search.Found(0) > 0) return search.Found(0);
        }
        return rows.Count(row => row.IsReturned);
    }
}
