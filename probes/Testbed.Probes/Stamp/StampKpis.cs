using System.Globalization;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Conformance.Statistics;
using Testbed.Probes.Sockets;
using Testbed.Wire.Stamp;

namespace Testbed.Probes.Stamp;

/// <summary>Makes figures with intervals and uncertainty from what a session left behind.</summary>
internal sealed class StampKpis(StampSenderOrder order, StampOutcome outcome, string source)
{
    /// <summary>The share of packets that a kit sent late or stood still for (docs/decisions/0006).</summary>
    public const string DisturbedShareId = "disturbed-packet-share";

    private const double Confidence = 0.95;
    private const decimal NsPerMs = 1_000_000m;
    /// <summary>Of the planned packets: a test that lacks more is not the one that was planned.</summary>
    private const decimal NotSentShareMax = 0.01m;

    private readonly StampCounters _counters = outcome.Counters;
    private readonly RoundTripDelays _delays = new(outcome, order.WaitNs);

    public SortedDelays RoundTrip => _delays.All;

    public LocalText? Problem => (_counters.Sent, RoundTrip.Count + _counters.ClockSteps) switch
    {
        (0, _) => new(
            $"一个报文也未能发出（{SocketFault.NameOf(outcome.LastErrno)}）",
            $"not one packet could be sent ({SocketFault.NameOf(outcome.LastErrno)})"),
        (_, 0) => new(
            $"{order.RemoteAddress} 端口 {order.Port} 对 {_counters.Sent} 个STAMP报文无一应答",
            $"{order.RemoteAddress} port {order.Port} answered none of {_counters.Sent} STAMP packets"),
        _ => null,
    };

    public IReadOnlyList<KpiResult> Build()
    {
        if (_counters.Sent == 0) return [];
        if (RoundTrip.Count + _counters.ClockSteps == 0) return [DeliveredInTime(), DisturbedShare()];
        return [DelayP99(), DelayVariation(), DeliveredInTime(), ClockSteps(), DisturbedShare()];
    }

    private KpiResult DelayP99()
    {
        (long value, long low, long high) = _delays.Quantile(0.99, Confidence);
        return Delay("round-trip-delay-p99", value, low, high);
    }

    /// <summary>p99.9 − p50 (RFC 5481 §6.2: variation above a reference; here the median).</summary>
    private KpiResult DelayVariation()
    {
        // Each of two quantiles errs with half the risk, so that both together keep the confidence (Bonferroni).
        const double Each = 1 - (1 - Confidence) / 2;
        (long tail, long tailLow, long tailHigh) = _delays.Quantile(0.999, Each);
        (long median, long medianLow, long medianHigh) = _delays.Quantile(0.5, Each);
        return Delay("delay-variation-p999",
            tail - median, Math.Max(0, tailLow - medianHigh), Math.Max(tail - median, tailHigh - medianLow));
    }

    private KpiResult Delay(string id, long valueNs, long lowNs, long highNs) => Held(Start(id, "ms")) with
    {
        Value = valueNs / NsPerMs,
        Low = lowNs / NsPerMs,
        High = highNs / NsPerMs,
        Confidence = (decimal)Confidence,
        Uncertainty = _delays.Uncertainty(valueNs),
        Findings = [Spread(), .. Findings()],
    };

    private LocalText Spread()
    {
        DelaySummary all = RoundTrip.Summarize()!;
        string text =
            $"p50 {Show(all.P50Ns)}, p99 {Show(all.P99Ns)}, p99.9 {Show(all.P999Ns)}, max {Show(all.MaxNs)} ms";
        return new($"{RoundTrip.Count} 个往返：{text}", $"{RoundTrip.Count} round trips: {text}");

        static string Show(long ns) => (ns / NsPerMs).ToString("0.###", CultureInfo.InvariantCulture);
    }

    private KpiResult DeliveredInTime()
    {
        LossSequence losses = outcome.Losses;
        Bounds bounds = losses.DeliveredRatio(Confidence);
        // As with delays: what a kit may have caused counts against the network, but cannot fail it.
        double high = Math.Max(bounds.High, outcome.ProvenLosses.DeliveredRatio(Confidence).High);
        long missed = losses.Lost;
        List<LocalText> findings = [Missed(losses.Packets, missed)];
        if (losses.Bursty)
        {
            findings.Add(new(
                $"丢失成串（相邻相关 {losses.LagOneCorrelation:0.000}，最长一串 {losses.BurstLostMax} 个），"
                + $"按每 {losses.BlockPackets:0.0} 个报文一块检验",
                $"losses come in bursts (lag-1 correlation {losses.LagOneCorrelation:0.000}, the longest of "
                + $"{losses.BurstLostMax}); tested in blocks of {losses.BlockPackets:0.0} packets"));
        }
        findings.AddRange(Findings());
        // Finer than any ratio that packets can show.
        decimal ratio = Math.Round((losses.Packets - missed) / (decimal)losses.Packets, 12);
        return Held(Start("delivered-in-time-ratio", "1")) with
        {
            Value = ratio,
            Low = Math.Min(Math.Round((decimal)LowestShare(losses, bounds), 12, MidpointRounding.ToZero), ratio),
            High = Math.Max(Math.Round((decimal)high, 12, MidpointRounding.ToPositiveInfinity), ratio),
            // Answers that this kit dropped itself had been delivered.
            CaptureLossHigh = Math.Round(Math.Min(missed, _counters.SocketDrops) / (decimal)losses.Packets, 12),
            Confidence = (decimal)Confidence,
            Findings = findings,
        };
    }

    /// <summary>A share means nothing without the time that it is for.</summary>
    private LocalText Missed(long packets, long missed)
    {
        string deadline = order.DeadlineMs.ToString("0.######", CultureInfo.InvariantCulture);
        return missed == 0
            ? new($"{packets} 个报文均在 {deadline} ms 内完成往返", $"all of {packets} packets were back within {deadline} ms")
            : new(
                $"{packets} 个报文中 {missed} 个未在 {deadline} ms 内完成往返：丢失 {_counters.Lost}，"
                + $"迟到 {_counters.Late}，时钟跳变 {_counters.ClockSteps}",
                $"{missed} of {packets} packets were not back within {deadline} ms: "
                + $"{_counters.Lost} lost, {_counters.Late} late, {_counters.ClockSteps} with a clock step");
    }

    /// <summary>
    /// A UE that loses its session has no way out, and then its kernel refuses what the network would have lost: what
    /// was not sent stands against a pass, as if it had been lost, and cannot fail a network.
    /// </summary>
    private double LowestShare(LossSequence losses, Bounds bounds)
    {
        if (_counters.NotSent == 0) return bounds.Low;
        long asked = losses.Packets + _counters.NotSent;
        return Math.Min(bounds.Low, ClopperPearson.LowerBound(
            losses.Packets - losses.Lost, asked, Confidence));
    }

    private KpiResult ClockSteps() => Start("clock-steps", "1") with
    {
        Value = _counters.ClockSteps,
        Low = _counters.ClockSteps,
        High = _counters.ClockSteps,
        Findings = _counters.ClockSteps == 0 ? [] :
        [
            new($"{_counters.ClockSteps} 个报文往返期间，终端或反射端的时钟发生跳变",
                $"during {_counters.ClockSteps} flights the sender's or the reflector's clock stepped"),
        ],
    };

    private KpiResult DisturbedShare()
    {
        decimal share = Math.Round(_counters.Disturbed / (decimal)_counters.Sent, 9);
        return Start(DisturbedShareId, "1") with { Value = share, Low = share, High = share };
    }

    private KpiResult Start(string id, string unit) => new()
    {
        Id = id,
        Unit = unit,
        Value = 0,
        Low = 0,
        High = 0,
        Samples = _counters.Sent,
        Direction = Direction.RoundTrip,
        Layer = Layer.Udp,
        Scope = order.Path,
        Source = source,
        Evidence = [order.RecordName],
    };

    private KpiResult Held(KpiResult result) => NotUsable is not { } why ? result
        : result with { NotUsable = why, NotUsableVerdict = Verdict.Inconclusive };

    private LocalText? NotUsable => _counters.NotSent <= NotSentShareMax * order.Count ? null : new(
        $"本机内核拒发 {order.Count} 个报文中的 {_counters.NotSent} 个（{SocketFault.NameOf(outcome.LastErrno)}），"
        + "其余报文不足以代表计划的测试",
        $"this kit's kernel refused {_counters.NotSent} of {order.Count} packets "
        + $"({SocketFault.NameOf(outcome.LastErrno)}), and the others are not the test that was planned");

    private List<LocalText> Findings()
    {
        List<LocalText> findings = [];
        if (_counters.SocketDrops > 0)
            findings.Add(new($"本机套接字缓冲丢弃 {_counters.SocketDrops} 个应答，不是网络丢包",
                $"this kit's own socket dropped {_counters.SocketDrops} answers, which the network did not lose"));
        if (_counters.Disturbed > 0)
            findings.Add(new(
                $"{_counters.Disturbed} 个报文晚发，或往返时套件停顿超过 {KitStalls.ToleranceNs / NsPerMs:0} ms；"
                + $"停顿时长 {KitStalls.CatchUp} 倍之内的时延不用于判定不符合",
                $"{_counters.Disturbed} packets were sent late, or away while a kit stood still for more than "
                + $"{KitStalls.ToleranceNs / NsPerMs:0} ms; delay within {KitStalls.CatchUp} times the length of such "
                + "a stall cannot fail"));
        if (_counters.NotAuthentic > 0)
            findings.Add(new($"{_counters.NotAuthentic} 个应答的HMAC不属于本次会话，未采信",
                $"{_counters.NotAuthentic} answers did not carry this session's HMAC and were not believed"));
        if (_counters.Strange > 0)
            findings.Add(new($"{_counters.Strange} 个应答与发出的报文对不上",
                $"{_counters.Strange} answers belong to no packet that was sent"));
        if (_counters.Duplicates + _counters.AfterWait + _counters.Reordered > 0)
            findings.Add(new(
                $"重复 {_counters.Duplicates}，乱序 {_counters.Reordered}，记录之后才到 {_counters.AfterWait}",
                $"{_counters.Duplicates} duplicates, {_counters.Reordered} reordered, {_counters.AfterWait} "
                + "after their packet was recorded"));
        if (_counters.NotSent > 0)
            findings.Add(new(
                $"本机内核拒发 {_counters.NotSent} 个报文（{SocketFault.NameOf(outcome.LastErrno)}）：判定符合时按丢失计，"
                + "不用于判定不符合",
                $"this kit's kernel refused {_counters.NotSent} packets ({SocketFault.NameOf(outcome.LastErrno)}): "
                + "for a pass they count as lost, and they cannot fail"));
        if (order.AskedBytes < order.PacketBytes)
            findings.Add(new(
                $"认证STAMP报文至少 {StampLayout.AuthenticatedLength} 字节，因此未用 {order.AskedBytes} 字节",
                $"an authenticated STAMP packet has at least {StampLayout.AuthenticatedLength} bytes of UDP payload, "
                + $"so {order.AskedBytes} became {order.PacketBytes}"));
        return findings;
    }
}
