using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Matching.Losses;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Conformance.Statistics;

namespace Testbed.Analyzer.Meters.Crossings;

/// <summary>
/// E2E-003: the share of what entered the UPF that left it nowhere (RFC 7680), by direction, outside of the times
/// when the run overloaded the network on purpose.
/// </summary>
internal sealed class LossMeter : IMeter
{
    private const string Id = "user-plane-loss-ratio";
    private const string Source = "loss-meter";
    private const double Confidence = 0.95;

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (!context.HasBothSides) return;
        output.Kpis.Add(Measure(context, PacketDirection.Uplink));
        output.Kpis.Add(Measure(context, PacketDirection.Downlink));
    }

    private static KpiResult Measure(AnalysisContext context, PacketDirection direction)
    {
        LossAccount account = context.Crossings.Losses(direction);
        if (account.Losses.Packets == 0)
            return Figures.Nothing(Id, Source, new(
                "该方向没有可判定的用户面报文", "no packet of this direction could be judged"))
                with { Direction = Figures.Of(direction), Layer = Layer.Inner };
        return Result(context, direction, account);
    }

    // What either tap dropped may have been a loss that nobody saw, or may have made a loss of a packet that passed.
    private static KpiResult Result(AnalysisContext context, PacketDirection direction, LossAccount account)
    {
        LossSequence losses = account.Losses;
        bool up = direction is PacketDirection.Uplink;
        long entryDrops = Figures.Dropped(context, tap => tap.Role != (up ? TapRole.N6 : TapRole.N3));
        long exitDrops = Figures.Dropped(context, tap => tap.Role != (up ? TapRole.N3 : TapRole.N6));
        double all = losses.Packets + entryDrops + account.Undecided;
        Bounds delivered = losses.DeliveredRatio(Confidence);
        double ratio = (double)losses.Lost / losses.Packets;
        return new()
        {
            Id = Id,
            Value = Figures.Ratio(ratio),
            Low = Figures.Ratio(Math.Min(ratio, 1 - delivered.High)),
            High = Figures.Ratio(Math.Max(ratio, 1 - delivered.Low)),
            CaptureLossLow = Figures.Ratio(Math.Min(losses.Lost, exitDrops) / (double)losses.Packets),
            CaptureLossHigh = Figures.Ratio((entryDrops + account.Undecided) / all),
            Unit = "1",
            Samples = losses.Packets,
            Direction = Figures.Of(direction),
            Layer = Layer.Inner,
            Confidence = (decimal)Confidence,
            Source = Source,
            Evidence = account.Evidence,
            Findings = Findings(account, up ? context.Crossings.OnN3[(int)UnmatchedReason.NotSubscribed] : 0),
        };
    }

    private static List<LocalText> Findings(LossAccount account, long unruled)
    {
        List<LocalText> findings = [];
        foreach ((string place, int count) in account.Places
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(5))
            findings.Add(new($"丢失 {count} 个报文：{place}", $"{count} packets lost: {place}"));
        if (account.Losses.Bursty)
            findings.Add(new(
                $"丢包成串，最长一串 {account.Losses.BurstLostMax} 个",
                $"losses come in bursts of up to {account.Losses.BurstLostMax}"));
        if (account.Undecided > 0)
            findings.Add(new(
                $"{account.Undecided} 个报文靠近采集边界或被探针漏采，未计为丢失",
                $"{account.Undecided} packets at a capture's edge or missed by a tap are not counted as lost"));
        if (unruled > 0)
            findings.Add(new(
                $"{unruled} 个报文所属的 QoS 流未申报、未建立，且无一通过 UPF，未计为丢失",
                $"{unruled} packets of QoS flows that nothing claims or sets up, and of which none crossed, "
                    + "are not counted as lost"));
        return findings;
    }
}
