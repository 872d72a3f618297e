using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Meters.Records;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters;

/// <summary>
/// SCN-BW-001 and -002: whether the bytes that a capacity test says it received were on the wire. The tap nearest to
/// the receiver tells: N3 for the downlink; for the uplink N6, behind the UPF, which may have dropped some.
/// </summary>
internal sealed class CapacityMeter : IMeter
{
    private const string Source = "capacity-meter";
    /// <summary>Of a trial that clocks may be apart: they move less than half of what is allowed out of it.</summary>
    private const double ApartShareMax = 0.02;

    private readonly record struct Interval(long Trial, long FromNs, long ToNs, long Bytes);

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        foreach (CapacityFlowContext flow in context.Request.Run?.CapacityFlows ?? [])
            if (context.HasN3) output.Kpis.Add(Measure(context, flow));
    }

    private static KpiResult Measure(AnalysisContext context, CapacityFlowContext flow)
    {
        bool down = flow.Direction == "downlink", onN6 = !down && context.HasN6;
        string id = down ? "downlink-capacity-disagreement" : "uplink-capacity-disagreement";
        List<Interval> intervals = Read(flow, useSent: !down && !onN6);
        long reported = intervals.Sum(interval => interval.Bytes);
        long? aheadNs = Ahead(context, flow, intervals, onN6);
        if (aheadNs is { } ahead)
            intervals = [.. intervals.Select(
                each => each with { FromNs = each.FromNs + ahead, ToNs = each.ToNs + ahead })];
        (long seen, long packets, string? evidence) = Count(context, flow, intervals, down, onN6);
        Direction direction = down ? Direction.Downlink : Direction.Uplink;
        if (reported == 0)
            return Figures.Nothing(id, Source, new("容量测试没有收到数据", "the capacity test received nothing"))
                with { Direction = direction, Scope = flow.Path };
        decimal disagreement = Figures.Ratio(Math.Abs((double)seen - reported) / reported);
        long dropped = Figures.Dropped(context, tap => onN6 ? tap.Role is not TapRole.N3 : tap.Role is not TapRole.N6);
        decimal share = packets + dropped == 0 ? 0 : Figures.Ratio((double)dropped / (packets + dropped));
        return Figures.Exact(id, disagreement, packets, Source) with
        {
            NotUsable = aheadNs is null ? new(
                "套件时钟相差过大或误差未知，又无该终端的时延测试报文可供换算，无法将试验时段对应到采集；"
                    + "请以 chrony 或 PTP 同步各套件时钟后重测",
                "the kits' clocks are too far apart, or nobody knows how far, and no delay test of this UE tells: the "
                    + "trials cannot be found in the captures; set the clocks by chrony or PTP and measure again")
                : null,
            NotUsableVerdict = aheadNs is null ? Verdict.Inconclusive : null,
            Direction = direction, Layer = Layer.Ip, Scope = flow.Path, CaptureLossLow = share,
            CaptureLossHigh = share,
            Evidence = evidence is null ? [] : [evidence, Path.GetFileName(flow.RecordPath)],
            Findings =
            [
                new LocalText(
                    $"测试端报告 {reported} 字节，{(onN6 ? "N6" : "N3")} 上见到 {seen} 字节",
                    $"the endpoint reports {reported} bytes, {(onN6 ? "N6" : "N3")} shows {seen}"),
            ],
        };
    }

    // The record has the times of the client's kit, beside the UE. Null where they cannot be found in the captures.
    private static long? Ahead(
        AnalysisContext context, CapacityFlowContext flow, List<Interval> intervals, bool onN6)
    {
        long[] trials = [.. intervals.Where(each => each.ToNs > each.FromNs).GroupBy(each => each.Trial)
            .Select(trial => trial.Max(each => each.ToNs) - trial.Min(each => each.FromNs))];
        double apartMax = trials.Length == 0 ? 0 : ApartShareMax * trials.Min();
        if (context.Request.Run!.ClockBoundNs <= apartMax) return 0;
        return ClockOffset.Of(context, HostAddress.From(flow.UeAddress), onN6) is { } offset
            && offset.HalfWidthNs <= apartMax ? offset.AheadNs : null;
    }

    private static List<Interval> Read(CapacityFlowContext flow, bool useSent)
    {
        RecordTable table = RecordTable.Read(flow.RecordPath);
        int from = table.Column("startUnixNs"), to = table.Column("endUnixNs");
        int trial = table.Column("trial"), bytes = table.Column(useSent ? "sentBytes" : "receivedBytes");
        List<Interval> intervals = [];
        for (int i = 0; i < table.Rows.Count; i++)
            intervals.Add(
                new(table.Number(i, trial), table.Number(i, from), table.Number(i, to), table.Number(i, bytes)));
        intervals.Sort((a, b) => a.FromNs.CompareTo(b.FromNs));
        return intervals;
    }

    private static (long Bytes, long Packets, string? Evidence) Count(
        AnalysisContext context, CapacityFlowContext flow, List<Interval> intervals, bool down, bool onN6)
    {
        HostAddress remote = HostAddress.From(flow.RemoteAddress), ue = HostAddress.From(flow.UeAddress);
        PacketDirection direction = down ? PacketDirection.Downlink : PacketDirection.Uplink;
        long bytes = 0, packets = 0;
        string? evidence = null;
        foreach (TapCapture tap in context.Taps)
        {
            for (int i = 0; i < tap.Records.Count; i++)
            {
                ref PacketRecord record = ref tap.Records[i];
                if (record.Kind != (onN6 ? RecordKind.Plain : RecordKind.Gpdu) || record.Direction != direction
                    || record.Flow < 0 || !IsWithin(intervals, record.TimeNs)) continue;
                FlowKey key = tap.Flow(record);
                if (key.Protocol != IpProtocol.Udp || (down ? key.Source : key.Destination) != remote
                    || (down ? key.SourcePort : key.DestinationPort) != flow.RemotePort
                    || (!onN6 && AnalysisContext.UeOf(key, direction) != ue)) continue;
                bytes += record.InnerLength;
                packets++;
                evidence ??= tap.Evidence(record);
            }
        }
        return (bytes, packets, evidence);
    }

    private static bool IsWithin(List<Interval> intervals, long timeNs)
    {
        int low = 0, high = intervals.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (timeNs < intervals[middle].FromNs) high = middle - 1;
            else if (timeNs >= intervals[middle].ToNs) low = middle + 1;
            else return true;
        }
        return false;
    }
}
