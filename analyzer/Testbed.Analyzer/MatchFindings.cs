using Testbed.Conformance;

namespace Testbed.Analyzer;

/// <summary>What a reader must know before relying on what both sides' captures show together.</summary>
internal static class MatchFindings
{
    private const string TapLoss = "tapLoss";
    /// <summary>A drift that is known no better, in ppm, is not worth a word.</summary>
    private const double DriftBoundToldMax = 100;

    public static IEnumerable<LocalText> Of(MatchSummary match)
    {
        if (match.Clock is { } clock && (clock.Disagree || !clock.IsSteady)) yield return Clocks(clock);
        if (match.Clock is { IsAligned: true })
            yield return new(
                "N6 的时间已按此偏差换算到 N3 的时钟", "times of N6 were brought to N3's clock by that offset");
        if (match.Ambiguous > 0)
            yield return new(
                $"{match.Ambiguous} 对报文与其他报文内容相同：数量可靠，各自的时延可能互换",
                $"{match.Ambiguous} pairs share all that tells packets apart with others: "
                    + "their number holds, their delays may be one another's");
        foreach ((string tap, string other, IReadOnlyDictionary<string, long> onOther) in
            ((string, string, IReadOnlyDictionary<string, long>)[])
            [("N6", "N3", match.UnmatchedN3), ("N3", "N6", match.UnmatchedN6)])
            if (onOther.TryGetValue(TapLoss, out long missed))
                yield return new(
                    $"{tap} 漏采：{missed} 个报文仅见于 {other}，不计为网络丢包；其中是否另有丢失无法判断",
                    $"the capture on {tap} has gaps: {missed} packets are on {other} only and are not called loss; "
                        + "whether some of them were lost besides cannot be told");
    }

    private static LocalText Clocks(Matching.Clocks.ClockEstimate clock)
    {
        string offset = Milliseconds(clock.OffsetNs), bound = Milliseconds(clock.BoundNs);
        if (!clock.Disagree)
            return new(
                $"N3 与 N6 的时钟差不稳定（{offset} ± {bound} 毫秒），单向时延仅供参考",
                $"the difference of the clocks on N3 and N6 is not steady ({offset} ± {bound} ms): "
                    + "one-way delays are indicative only");
        if (!clock.IsSteady)
            return new(
                $"时钟不一致，且采集期间被调整：报文离开 UPF 早于进入 UPF，N6 比 N3 快 {offset} ± {bound} 毫秒；单向时延不可用于判定",
                "the clocks disagree, and one was set during the capture: packets leave the UPF before they enter it, "
                    + $"those on N6 are ahead of N3's by {offset} ± {bound} ms; one-way delays judge nothing");
        bool isDriftKnown = clock.DriftBoundPpm < DriftBoundToldMax;
        string drift = $"{clock.DriftPpm:F1} ± {clock.DriftBoundPpm:F1}";
        return new(
            $"时钟不一致：报文离开 UPF 早于进入 UPF，N6 时钟比 N3 快 {offset} ± {bound} 毫秒"
                + (isDriftKnown ? $"，每秒再快 {drift} 微秒" : "") + "；单向时延不可用于判定",
            "the clocks disagree: packets leave the UPF before they enter it, those on N6 are ahead of N3's by "
                + $"{offset} ± {bound} ms{(isDriftKnown ? $" and gain {drift} µs a second" : "")}; "
                + "one-way delays judge nothing");
    }

    private static string Milliseconds(long ns) => (ns / 1e6).ToString("F3");
}
