using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Matching.Losses;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Conformance.Statistics;

namespace Testbed.Analyzer.Meters.Crossings;

/// <summary>
/// E2E-003: the share of what entered the UPF that left it nowhere (RFC 7680), by direction, outside of the times when
/// the run overloaded the network on purpose: of everything, and of the run's own test packets by slice. Neither what
/// others send nor a busy slice can make the loss of a quiet one small.
/// </summary>
internal sealed class LossMeter : IMeter
{
    private const string Id = "user-plane-loss-ratio";
    private const string Source = "loss-meter";
    private const double Confidence = 0.95;
    /// <summary>Fewer test packets than the profile asks for leave their slice to the figure of everything,</summary>
    private const long OwnPacketsMin = 1_000;
    /// <summary>unless so many of them were lost, which no sound network does to so few.</summary>
    private const long OwnLostMin = 10;
    /// <summary>A tap's drops come in bursts: so much above their rate may have met a part of the packets.</summary>
    private const double DropRateRatioMax = 2;

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (!context.HasBothSides) return;
        foreach (PacketDirection direction in Figures.Directions) Measure(context, direction, output);
    }

    private static void Measure(AnalysisContext context, PacketDirection direction, MeterOutput output)
    {
        LossAccount account = context.Crossings.Losses(direction);
        if (account.Losses.Packets == 0)
        {
            output.Kpis.Add(Figures.Nothing(Id, Source, new(
                "该方向没有可判定的用户面报文", "no packet of this direction could be judged"))
                with { Direction = Figures.Of(direction), Layer = Layer.Inner });
            return;
        }
        List<LocalText> findings = Findings(account);
        long unruled = context.Crossings.OnN3[(int)UnmatchedReason.NotSubscribed];
        if (direction is PacketDirection.Uplink && unruled > 0)
            findings.Add(new(
                $"{unruled} 个报文所属的 QoS 流未申报、未建立，且无一通过 UPF，未计为丢失",
                $"{unruled} packets of QoS flows that nothing claims or sets up, and of which none crossed, "
                    + "are not counted as lost"));
        List<KpiResult> own = [];
        foreach (string slice in context.Crossings.Own.Slices)
        {
            LossAccount tests = context.Crossings.Own.Of(slice, direction);
            if (tests.Losses.Packets >= OwnPacketsMin || tests.Losses.Lost >= OwnLostMin)
                own.Add(Result(context, direction, tests, isAll: false) with
                {
                    Scope = slice,
                    Findings =
                    [
                        .. Findings(tests),
                        new($"仅计切片 {slice} 中本次运行自身的测试报文", $"of this run's own test packets in slice {slice} alone"),
                    ],
                });
            else findings.Add(new(
                $"切片 {slice} 中本次运行自身的测试报文只有 {tests.Losses.Packets} 个（丢失 {tests.Losses.Lost} 个），不单独判定",
                $"slice {slice} had only {tests.Losses.Packets} test packets of this run ({tests.Losses.Lost} lost): "
                    + "they are not judged by themselves"));
        }
        output.Kpis.Add(Result(context, direction, account, isAll: true) with { Findings = findings });
        output.Kpis.AddRange(own);
    }

    // What either tap dropped may have been a loss that nobody saw, or may have made a loss of a packet that passed.
    private static KpiResult Result(
        AnalysisContext context, PacketDirection direction, LossAccount account, bool isAll)
    {
        LossSequence losses = account.Losses;
        bool up = direction is PacketDirection.Uplink;
        double entryDrops = Drops(tap => tap.Role != (up ? TapRole.N6 : TapRole.N3));
        double exitDrops = Drops(tap => tap.Role != (up ? TapRole.N3 : TapRole.N6));
        double all = losses.Packets + entryDrops + account.Undecided;
        Bounds delivered = losses.DeliveredRatio(Confidence);
        double ratio = (double)losses.Lost / losses.Packets;
        return new()
        {
            Id = Id,
            Value = Figures.Ratio(ratio),
            Low = Figures.Ratio(Math.Min(ratio, 1 - delivered.High)),
            High = Figures.Ratio(Math.Max(ratio, 1 - delivered.Low)),
            CaptureLossLow = Figures.Ratio(Math.Min(losses.Lost, exitDrops) / losses.Packets),
            CaptureLossHigh = Figures.Ratio((entryDrops + account.Undecided) / all),
            Unit = "1",
            Samples = losses.Packets,
            Direction = Figures.Of(direction),
            Layer = Layer.Inner,
            Confidence = (decimal)Confidence,
            Source = Source,
            Evidence = account.Evidence,
            NotUsable = context.Overload.AreUnknown ? new(
                "采集到的加载流量不在服务器记录的过载时段内，无法区分有意过载与网络丢包；请同步服务器与各套件的时钟后重测",
                "the taps saw the run's loads outside of the times that the server noted: loss by overload cannot be "
                    + "told from the network's; set the clocks of server and kits and measure again") : null,
            NotUsableVerdict = context.Overload.AreUnknown ? Verdict.Inconclusive : null,
        };

        // A part of the packets has a part of the drops.
        double Drops(Func<TapCapture, bool> isOfPoint)
        {
            long dropped = Figures.Dropped(context, isOfPoint);
            if (isAll || dropped == 0) return dropped;
            double rate = (double)dropped / (Figures.Captured(context, isOfPoint) + dropped);
            return Math.Min(dropped, DropRateRatioMax * rate * losses.Packets);
        }
    }

    private static List<LocalText> Findings(LossAccount account)
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
        return findings;
    }
}
