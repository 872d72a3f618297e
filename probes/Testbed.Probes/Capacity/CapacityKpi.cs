using System.Net;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Conformance.Statistics;

namespace Testbed.Probes.Capacity;

/// <summary>The maximum IP-layer capacity over the trials of one direction, with the spread of the trials.</summary>
internal sealed class CapacityKpi(
    TrialOrder order, IReadOnlyList<TrialResult?> trials, int runs, string path, string source,
    string recordName)
{
    private const double Confidence = 0.95;
    /// <remarks>The fastest that NTP may run a Linux clock beside true time (adjtimex(2)).</remarks>
    private const double SlewMax = 500e-6;
    /// <summary>
    /// A second in which so much of the most that the search may offer came through: it may have ended there, and not
    /// at the network's limit.
    /// </summary>
    private const double AtLimit = 0.95;

    /// <summary>The upper end of a capacity that nobody knows: the largest rate that a claim may state.</summary>
    private const double OpenMbps = 1_000_000;

    /// <summary>
    /// A kit that stood still for more of a trial than this may have been the limit itself. An idle one on two cores
    /// stays far below.
    /// </summary>
    private const double StandstillShareMax = 0.02;

    /// <summary>
    /// A last second this much faster than the one before: the search had not met the network's limit.
    /// </summary>
    private const double StillClimbing = 1.05;

    private readonly TrialResult[] _done = [.. trials.OfType<TrialResult>()];

    private bool IsDisturbed(TrialResult trial) => StoodStill(trial) || WasClimbing(trial);

    private bool StoodStill(TrialResult trial) => trial.StoodStillUs > StandstillShareMax * order.Seconds * 1e6;

    private bool WasClimbing(TrialResult trial) => trial.Rows.Length > 2 && !ReachedLimit(trial)
        && trial.Rows[^1].RateBps > StillClimbing * trial.Rows[^2].RateBps;

    // By what came through: a climb may touch the limit for a moment on its way to what the network carries.
    private bool ReachedLimit(TrialResult trial) => MaximumBps(trial) >= AtLimit * order.MaxKbps * 1e3;

    /// <summary>
    /// The largest rate of a whole second (RFC 9097 §5.3). The first second is the climb, and a shaper's full bucket
    /// flatters it: it counts only where there is no other.
    /// </summary>
    public static double MaximumBps(TrialResult result)
    {
        int first = result.Rows.Length > 1 ? 1 : 0;
        return result.Rows.Skip(first).Max(row => row.RateBps);
    }

    public LocalText? Problem(IPAddress remote, int port) => _done.Length > 0 ? null : new(
        $"{remote} 端口 {port} 未应答容量测试的建立请求",
        $"{remote} port {port} did not answer the capacity test's set-up");

    public IReadOnlyList<KpiResult> Build()
    {
        if (_done.Length == 0) return [];
        double[] maxima = [.. _done.Select(trial => MaximumBps(trial) / 1e6)];
        MeanInterval? interval = StudentT.OneSided(maxima, Confidence);
        double mean = interval?.Mean ?? maxima[0], high = Math.Max(interval?.High ?? mean, HighUndisturbed());
        LocalText? notUsable = NotUsable(interval is null);
        int packetBits = (order.PayloadBytes + 28) * 8;
        return
        [
            new()
            {
                Id = order.ToClient ? "downlink-capacity" : "uplink-capacity",
                Value = Mbps(mean),
                Low = Mbps(Math.Max(0, interval?.Low ?? mean)),
                High = Mbps(high),
                HighIsOpen = high >= OpenMbps,
                // What the kit's own socket dropped had come through the network.
                CaptureLossHigh = Mbps(_done.Sum(trial => (double)trial.SocketDrops) * packetBits
                    / (_done.Length * order.Seconds * 1e6)),
                Unit = "Mbit/s",
                Samples = _done.Length,
                Direction = order.ToClient ? Direction.Downlink : Direction.Uplink,
                Layer = Layer.Ip,
                Confidence = interval is null ? null : (decimal)Confidence,
                Uncertainty =
                [
                    // A packet at the edge of a second counts on one side of it.
                    new("packet-quantisation", Mbps(packetBits / 1e6 / Math.Sqrt(3))),
                    new("clock-rate", Mbps(mean * SlewMax / Math.Sqrt(3))),
                ],
                Scope = path,
                Source = source,
                Evidence = [recordName],
                Findings = Findings(maxima),
                NotUsable = notUsable,
                NotUsableVerdict = notUsable is null ? null : Verdict.Inconclusive,
            },
            DisturbedShare(),
        ];
    }

    private KpiResult DisturbedShare()
    {
        decimal share = Math.Round(_done.Count(IsDisturbed) / (decimal)_done.Length, 9);
        return new()
        {
            Id = order.ToClient ? "downlink-disturbed-trial-share" : "uplink-disturbed-trial-share",
            Value = share,
            Low = share,
            High = share,
            Unit = "1",
            Samples = _done.Length,
            Direction = order.ToClient ? Direction.Downlink : Direction.Uplink,
            Scope = path,
            Source = source,
            Evidence = [recordName],
        };
    }

    /// <summary>
    /// A kit that stands still, or a search that ended in its climb or at the plan's limit, can only have made the
    /// network look slower: it may pass and cannot fail. The upper end, by which a network fails, must be borne out by
    /// undisturbed trials that met the network's limit; with fewer than two, or where most met the plan's, it is open.
    /// </summary>
    private double HighUndisturbed()
    {
        TrialResult[] met = [.. _done.Where(trial => !IsDisturbed(trial) && !ReachedLimit(trial))];
        if (met.Length == _done.Length) return 0;
        if (met.Length == 0 || 2 * _done.Count(ReachedLimit) > _done.Length) return OpenMbps;
        return StudentT.OneSided([.. met.Select(trial => MaximumBps(trial) / 1e6)], Confidence)?.High ?? OpenMbps;
    }

    private LocalText? NotUsable(bool single)
    {
        if (_done.Length < runs)
            return new($"{runs} 次试验中 {runs - _done.Length} 次未完成",
                $"{runs - _done.Length} of {runs} trials did not end");
        return single ? new("仅一次试验，无从得知离散程度", "one trial says nothing of its own spread") : null;
    }

    private List<LocalText> Findings(double[] maxima)
    {
        SubInterval[] rows = [.. _done.SelectMany(trial => trial.Rows)];
        long lost = rows.Sum(row => (long)row.Lost), reordered = rows.Sum(row => (long)row.Reordered);
        uint[] rtts = [.. rows.Where(row => row.RttMaxUs > 0).Select(row => row.RttMinUs)];
        uint rttMin = rtts.Length == 0 ? 0 : rtts.Min(), rttMax = rows.Max(row => row.RttMaxUs);
        List<LocalText> findings =
        [
            new($"各次试验最大值 {maxima.Min():0.0} 至 {maxima.Max():0.0} Mbit/s；搜索期间丢失 {lost} 个、乱序 {reordered} 个，"
                + $"往返 {rttMin / 1e3:0.0} 至 {rttMax / 1e3:0.0} ms",
                $"maxima of trials {maxima.Min():0.0} to {maxima.Max():0.0} Mbit/s; while searching {lost} packets "
                + $"lost, {reordered} reordered, round trips {rttMin / 1e3:0.0} to {rttMax / 1e3:0.0} ms"),
        ];
        if (_done.Count(ReachedLimit) is > 0 and var reached)
            findings.Add(new(
                $"{_done.Length} 次试验中有 {reached} 次达到本计划允许的最高速率 {order.MaxKbps / 1e3:0.###} Mbit/s，"
                + "网络可能更快",
                $"{reached} of {_done.Length} trials carried the {order.MaxKbps / 1e3:0.###} Mbit/s that the plan lets "
                + "a search offer; the network may be faster"));
        long drops = _done.Sum(trial => (long)trial.SocketDrops);
        if (drops > 0)
            findings.Add(new($"接收端套件自身的套接字丢弃 {drops} 个报文：受限的可能是套件而非网络",
                $"the receiving kit's own socket dropped {drops} packets: the kit may be the limit, not the network"));
        if (_done.Count(StoodStill) is > 0 and var disturbed)
        {
            double ms = _done.Sum(trial => trial.StoodStillUs / 1e3);
            findings.Add(new(
                $"{_done.Length} 次试验中有 {disturbed} 次套件停顿（合计 {ms:0} ms），可用于判定符合，不用于判定不符合",
                $"in {disturbed} of {_done.Length} trials a kit stood still ({ms:0} ms in all): they may pass and "
                + "cannot fail"));
        }
        if (_done.Count(WasClimbing) is > 0 and var climbing)
            findings.Add(new(
                $"{_done.Length} 次试验中有 {climbing} 次结束时速率仍在上升，可用于判定符合，不用于判定不符合",
                $"{climbing} of {_done.Length} trials ended while their rate still rose: they may pass and cannot "
                + "fail"));
        if (_done.Any(trial => trial.PeerWentSilent))
            findings.Add(new("有试验因对端沉默 2 秒而提前结束", "a trial ended early: the other end was silent for 2 s"));
        return findings;
    }

    private static decimal Mbps(double value) => Math.Round((decimal)value, 6);
}
