using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Profiles;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Meters;

/// <summary>
/// E2E-001: the share of G-PDUs with a PDU session container (TS 38.415), which 5G has and 4G has not.
/// </summary>
internal sealed class ContainerMeter : IMeter
{
    private const string Id = "pdu-session-container-ratio";
    private const string Source = "container-meter";

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (!context.HasN3) return;
        long[] all = new long[3], with = new long[3];
        List<string>[] without = [[], [], []];
        foreach (TapCapture tap in context.Taps)
        {
            for (int direction = 0; direction < all.Length; direction++)
            {
                RateAccount packets = tap.Profile.Rate(RecordKind.Gpdu, (PacketDirection)direction);
                all[direction] += packets.Packets;
                with[direction] += packets.Packets - tap.Profile.Gpdus((PacketDirection)direction, PacketRecord.NoQfi);
                without[direction].AddRange(
                    tap.Profile.WithoutContainer((PacketDirection)direction).Select(frame => tap.Evidence(frame))
                        .Take(Figures.EvidenceMax - without[direction].Count));
            }
        }
        // A packet whose direction nothing tells has no container: it counts against both.
        foreach (PacketDirection direction in Figures.Directions)
            output.Kpis.Add(Result(
                context, direction, with[(int)direction], all[(int)direction] + all[(int)PacketDirection.Unknown],
                [.. without[(int)direction].Concat(without[0]).Take(Figures.EvidenceMax)]));
    }

    private static KpiResult Result(
        AnalysisContext context, PacketDirection direction, long with, long all, string[] without)
    {
        KpiResult result = all == 0
            ? Figures.Nothing(Id, Source, new("N3 上没有该方向的 G-PDU", "no G-PDU in this direction on N3"))
            : Figures.Exact(Id, Figures.Ratio((double)with / all), all, Source);
        long dropped = Figures.Dropped(context, tap => tap.Role is not TapRole.N6);
        decimal share = all + dropped == 0 ? 0 : Figures.Ratio((double)dropped / (all + dropped));
        return result with
        {
            Direction = Figures.Of(direction), Layer = Layer.Outer, CaptureLossLow = share, CaptureLossHigh = share,
            Evidence = without,
            Findings = with == all ? [] :
            [
                new($"{all - with} 个 G-PDU 没有 PDU 会话容器（共 {all} 个）",
                    $"{all - with} of {all} G-PDUs have no PDU session container"),
            ],
        };
    }
}
