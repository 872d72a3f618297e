using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Meters.Records;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Edge;

/// <summary>
/// EDG-001: of the run's keyed packets between UE and edge, the share that crossed the edge's own N6 and not the
/// central one, nor neither of them; and packets of any UE with the edge that the central N6 shows at all.
/// </summary>
internal sealed class EdgeBreakoutMeter : IMeter
{
    private const string Source = "edge-breakout-meter";
    /// <summary>A mirror port may lose so many frames without anybody counting them.</summary>
    private const double MirrorLossMax = 0.001;

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Request.Run is not { EdgePaths.Count: > 0 } run || !context.Taps.Any(EdgeTaps.IsCentral)
            || !context.Taps.Any(EdgeTaps.IsEdge)) return;
        foreach (EdgePathContext path in run.EdgePaths)
        {
            CentralControl control = new(context, path.Centre);
            output.Kpis.Add(Breakout(context, path, control));
            output.Kpis.Add(OnCentral(context, path, control));
        }
    }

    private static KpiResult Breakout(AnalysisContext context, EdgePathContext path, CentralControl control)
    {
        KeyedPackets edge = KeyedPackets.Of(context, path.Edge, EdgeTaps.IsEdge);
        KeyedPackets central = KeyedPackets.Of(context, path.Edge, EdgeTaps.IsCentral);
        KeyedPackets entered = KeyedPackets.Of(context, path.Edge, EdgeTaps.IsN3);
        // A packet that is seen on both counts against the breakout, and so does one of an attempt that was set aside.
        long astray = central.Count + context.Request.Run!.OtherEdgePaths.Sum(
            other => KeyedPackets.Of(context, other.Edge, EdgeTaps.IsCentral).Count);
        long local = edge.Uplink.Keys.Count(sequence => !central.Uplink.ContainsKey(sequence))
            + edge.Downlink.Keys.Count(sequence => !central.Downlink.ContainsKey(sequence));
        // What came back to the UE and neither N6 shows took a third way.
        long unseen = 0;
        foreach (uint sequence in entered.Answered(context, path.Edge))
        {
            if (!edge.Uplink.ContainsKey(sequence) && !central.Uplink.ContainsKey(sequence)) unseen++;
            if (!edge.Downlink.ContainsKey(sequence) && !central.Downlink.ContainsKey(sequence)) unseen++;
        }
        if (edge.Count + central.Count == 0) unseen = 0;
        long all = local + astray + unseen;
        decimal ratio = all == 0 ? 0 : Figures.Ratio((double)local / all);
        if (astray + unseen > 0 && ratio == 1) ratio = 0.999999999m;
        long hidden = Math.Min(control.HiddenMax(context), all);
        KpiResult result = Figures.Exact("edge-breakout-ratio", ratio, all, Source) with
        {
            Direction = Direction.Both, Layer = Layer.Inner, Scope = path.Edge.Slice,
            CaptureLossLow = all == 0 ? 0 : ratio - Figures.Ratio((double)local / (all + hidden)),
            CaptureLossHigh = all == 0 ? 0
                : Figures.Ratio(Math.Min(unseen, Figures.Dropped(context, EdgeTaps.IsEdge)) / (double)all),
            Evidence = [.. Evidence(central), .. Evidence(edge).Take(1)],
            Findings = [Say(edge, central, entered, unseen)],
        };
        if (all == 0)
            return result with
            {
                NotUsable = new("两个 N6 采集点均未见到发往边缘的测试报文", "neither N6 shows a test packet of the edge"),
                NotUsableVerdict = Verdict.Inconclusive,
            };
        if (astray == 0 && unseen > 0 && unseen <= MirrorLossMax * all)
            return result with
            {
                NotUsable = new($"{unseen} 个往返的测试报文在两个 N6 上均未见到，可能是镜像丢失",
                    $"{unseen} test packets came back and neither N6 shows them: a mirror may have lost them"),
                NotUsableVerdict = Verdict.Inconclusive,
            };
        return astray + unseen > 0 ? result : WithControl(result, control);
    }

    private static KpiResult OnCentral(AnalysisContext context, EdgePathContext path, CentralControl control)
    {
        HashSet<HostAddress> edges = EdgeAddresses(context, path);
        long packets = 0, examined = 0;
        HashSet<FlowKey> flows = [];
        List<string> evidence = [];
        foreach (TapCapture tap in context.Taps)
        {
            bool[] isOfEdge = [.. Enumerable.Range(0, tap.Decoder.Flows.Count)
                .Select(flow => IsOfEdge(context, edges, tap.Decoder.Flows[flow]))];
            for (int i = 0; i < tap.Records.Count; i++)
            {
                ref PacketRecord record = ref tap.Records[i];
                if (record.Flow < 0 || !isOfEdge[record.Flow]) continue;
                if (record.Kind is RecordKind.Gpdu) examined++;
                if (record.Kind is not RecordKind.Plain || tap.IsEdge) continue;
                packets++;
                if (flows.Add(tap.Flow(record)) && evidence.Count < Figures.EvidenceMax)
                    evidence.Add(tap.Evidence(record));
            }
        }
        KpiResult result = Figures.Exact("edge-packets-on-central-n6", packets, examined, Source) with
        {
            Direction = Direction.Both, Layer = Layer.Inner, Evidence = evidence,
            CaptureLossHigh = control.HiddenMax(context),
            Findings =
            [
                new($"中心 N6 上有 {flows.Count} 条与边缘通信的流、{packets} 个报文",
                    $"the central N6 shows {flows.Count} flows with the edge, {packets} packets"),
            ],
        };
        return packets > 0 ? result : WithControl(result, control);
    }

    private static bool IsOfEdge(AnalysisContext context, HashSet<HostAddress> edges, in FlowKey flow) =>
        (edges.Contains(flow.Source) && context.Roles.IsUe(flow.Destination))
        || (edges.Contains(flow.Destination) && context.Roles.IsUe(flow.Source));

    private static KpiResult WithControl(KpiResult result, CentralControl control) => control.Holds ? result
        : result with
        {
            NotUsable = new(
                $"中心 N6 采集点只见到 {control.Seen}/{control.Expected} 个同期发往中心的测试报文，不能证明它在监听",
                $"the central N6 shows {control.Seen} of {control.Expected} test packets that went to the centre "
                    + "meanwhile, so its silence proves nothing"),
            NotUsableVerdict = Verdict.Inconclusive,
        };

    private static HashSet<HostAddress> EdgeAddresses(AnalysisContext context, EdgePathContext path) =>
    [
        HostAddress.From(path.Edge.RemoteAddress),
        .. (context.Request.Claim?.Edge ?? []).Select(host => HostAddress.From(host.Address)),
    ];

    private static IEnumerable<string> Evidence(KeyedPackets packets) =>
        packets.Uplink.Values.Take(2).Concat(packets.Downlink.Values.Take(2));

    private static LocalText Say(KeyedPackets edge, KeyedPackets central, KeyedPackets entered, long unseen) => new(
        $"边缘报文（上行/下行）：边缘 N6 {edge.Uplink.Count}/{edge.Downlink.Count}，"
            + $"中心 N6 {central.Uplink.Count}/{central.Downlink.Count}，"
            + $"N3 {entered.Uplink.Count}/{entered.Downlink.Count}，有应答而两个 N6 均未见到 {unseen}",
        $"packets of the edge (up/down): edge N6 {edge.Uplink.Count}/{edge.Downlink.Count}, "
            + $"central N6 {central.Uplink.Count}/{central.Downlink.Count}, "
            + $"N3 {entered.Uplink.Count}/{entered.Downlink.Count}, answered and at neither N6 {unseen}");
}
