using System.Globalization;
using Testbed.Conformance;

namespace Testbed.Analyzer.Meters.Exposure;

internal enum CycleOutcome
{
    /// <summary>The packets did what the call promised, and went back after the deletion.</summary>
    Proven,
    /// <summary>They did not.</summary>
    Refuted,
    /// <summary>The cycle was too short, or held too few packets, to say.</summary>
    Undecided,
}

/// <summary>What the packets show of one cycle.</summary>
internal sealed record CycleResult(CycleOutcome Outcome, LocalText Text)
{
    /// <summary>From the call to the first packet where it was promised, the later way's.</summary>
    public long? ActivationNs { get; init; }
    /// <summary>From the deletion to the last packet there.</summary>
    public long? ReleaseNs { get; init; }
    public string? Evidence { get; init; }
}

/// <summary>What a loop promises beside the place of its packets.</summary>
/// <param name="BothWays">Uplink and downlink must follow; else the uplink alone.</param>
/// <param name="Place">In words: where the packets are to be.</param>
/// <param name="ClockBoundNs">How far the caller's clock may be from the tap's.</param>
internal sealed record LoopPromise(bool BothWays, LocalText Place, long ClockBoundNs)
{
    public decimal? MfbrMbps { get; init; }
    public decimal? GfbrMbps { get; init; }
    public KitStandstill Standstill { get; init; } = KitStandstill.None;
}

/// <summary>Judges one cycle by its packets alone.</summary>
internal sealed class LoopCycle(FlowPackets packets, LoopPromise promise, LoopRow row)
{
    /// <summary>EXP-004: within 5 s of the call, and of the deletion.</summary>
    public const long LimitNs = 5_000_000_000;
    /// <summary>How long the settled flow is looked at before the call, before the deletion and at the end.</summary>
    private const long SettledNs = 800_000_000;
    /// <summary>Share of the flow that must be where it belongs; packets under way at a change are not.</summary>
    private const double SettledShareMin = 0.98;
    /// <summary>A kit that stood still for more of a stretch leaves its rate open.</summary>
    private const double StandstillShareMax = 0.05;

    public CycleResult Judge()
    {
        // The caller's clock may be late against the tap's: packets that the call moved are not of the time before it.
        Window before = Until(row.CalledNs - promise.ClockBoundNs), after = Until(row.DeletedNs - promise.ClockBoundNs);
        Window end = Until(row.UntilNs - promise.ClockBoundNs);
        if (!row.IsAccepted)
            return Refuted(new($"调用未被接受（{row.Status}）", $"the call was not accepted ({row.Status})"));
        if (!before.IsSeen(promise.BothWays))
            return Undecided(new("调用前未见测试流", "the test flow was not seen before the call"));
        if (before.On == 0) return JudgeActivation(before, after, end);
        if (row.Cycle == 1)
            return Refuted(new($"调用前已在{promise.Place.Zh}", $"it was on {promise.Place.En} before the call"));
        // Whatever was before: so long after a deletion it must be gone.
        return end.On > 0 && row.UntilNs - row.DeletedNs >= LimitNs ? Refuted(Stays)
            : Undecided(new("上一次尚未恢复", "the cycle before had not gone back"));
    }

    private Window Until(long timeNs) => new(packets, timeNs - SettledNs, timeNs);

    private LocalText Stays => new(
        $"删除后 {Seconds(row.UntilNs - row.DeletedNs)} s 内未恢复",
        $"it did not go back within {Seconds(row.UntilNs - row.DeletedNs)} s of the deletion");

    private CycleResult JudgeActivation(Window before, Window after, Window end)
    {
        FlowPacket? up = FirstOn(isUplink: true), down = promise.BothWays ? FirstOn(isUplink: false) : up;
        long heldNs = row.DeletedNs - row.CalledNs;
        if (up is not { } first || down is not { } second)
        {
            LocalText never = new(
                $"{Seconds(heldNs)} s 内未进入{promise.Place.Zh}",
                $"it was not on {promise.Place.En} within {Seconds(heldNs)} s");
            return Moving(row.CalledNs, row.DeletedNs) >= LimitNs ? Refuted(never) : Undecided(never);
        }
        FlowPacket later = first.TimeNs >= second.TimeNs ? first : second;
        long activationNs = Math.Max(0, later.TimeNs - row.CalledNs);
        if (activationNs > LimitNs)
        {
            LocalText late = new(
                $"{Seconds(activationNs)} s 后才进入{promise.Place.Zh}",
                $"it took {Seconds(activationNs)} s to {promise.Place.En}");
            return Moving(row.CalledNs, later.TimeNs) > LimitNs ? Refuted(late) : Undecided(late);
        }
        if (after.Share < SettledShareMin)
            return later.TimeNs > row.DeletedNs - SettledNs && heldNs < LimitNs
                ? Undecided(new("保持时间太短，流尚未稳定", "it was held too short for the flow to settle"))
                : Refuted(new(
                    $"删除前仅 {after.Share:P0} 的报文在{promise.Place.Zh}",
                    $"only {after.Share:P0} of it was on {promise.Place.En} before the deletion"));
        return JudgeRelease(before, after, end, activationNs, packets.Evidence(later));
    }

    private CycleResult JudgeRelease(Window before, Window after, Window end, long activationNs, string evidence)
    {
        long releaseNs = Math.Max(0, LastOn() - row.DeletedNs), waitedNs = row.UntilNs - row.DeletedNs;
        if (end.On > 0 || !end.IsSeen(promise.BothWays) || releaseNs > LimitNs)
        {
            bool isLate = releaseNs > LimitNs || (end.On > 0 && waitedNs >= LimitNs);
            return isLate && Moving(row.DeletedNs, row.UntilNs) >= LimitNs ? Refuted(Stays) : Undecided(Stays);
        }
        LocalText said = Say(before, after, end, activationNs, releaseNs, evidence);
        CycleResult result = RateFlaw(before, after, end) is not var (outcome, flaw) ? new(CycleOutcome.Proven, said)
            : StoodStillNs() is > 0 and var still
                ? Undecided(new(
                    $"套件在比较速率的时段内停顿 {Ms(still)} ms，速率不作为不符合的依据：{flaw.Zh}；{said.Zh}",
                    $"kits stood still for {Ms(still)} ms where rates are compared, so they refute nothing: {flaw.En}; "
                        + said.En))
            : new(outcome, new($"{flaw.Zh}；{said.Zh}", $"{flaw.En}; {said.En}"));
        return result with { ActivationNs = activationNs, ReleaseNs = releaseNs, Evidence = evidence };
    }

    /// <summary>How much of a stretch the flow's ends were awake for: a limit counts nothing else.</summary>
    private long Moving(long fromNs, long toNs) => toNs - fromNs - promise.Standstill.Within(fromNs, toNs);

    /// <summary>
    /// How long the kits stood still where the rates are taken; 0 when that is too little to bend one of them. By the
    /// kits' clocks alone: nothing that the network does or says makes it longer.
    /// </summary>
    private long StoodStillNs()
    {
        long sum = 0;
        foreach (long toNs in (long[])[row.CalledNs, row.DeletedNs, row.UntilNs])
        {
            long still = promise.Standstill.Within(toNs - SettledNs, toNs);
            if (still > SettledNs * StandstillShareMax) sum += still;
        }
        return sum;
    }

    /// <summary>The flow's own limit must show in what N3 carries down, and vanish again.</summary>
    private (CycleOutcome Outcome, LocalText Text)? RateFlaw(Window before, Window after, Window end)
    {
        const decimal Tolerance = 1.05m, Kept = 0.9m, Changed = 0.1m;
        bool isChanged = before.DownMbps > 0
            && Math.Abs(after.DownMbps - before.DownMbps) >= before.DownMbps * Changed;
        if (!promise.BothWays) return null;
        if (promise.MfbrMbps is not { } max)
            return isChanged ? null : (CycleOutcome.Undecided, new(
                "申报未给出该流的 mfbrMbps，速率也没有变化：除标记外看不出调用的作用",
                "the claim gives the flow no mfbrMbps and its rate did not change: nothing but its label shows the "
                    + "call"));
        if (after.DownMbps > max * Tolerance)
            return (CycleOutcome.Refuted, new(
                $"下行速率超过 MFBR {max} Mbit/s", $"its downlink passes the MFBR of {max} Mbit/s"));
        if (after.DownMbps < Math.Min(promise.GfbrMbps ?? 0, before.DownMbps) * Kept)
            return (CycleOutcome.Refuted, new(
                $"下行速率低于 GFBR {promise.GfbrMbps} Mbit/s",
                $"its downlink is below the GFBR of {promise.GfbrMbps} Mbit/s"));
        if (before.DownMbps <= max * Tolerance)
            return (CycleOutcome.Undecided, new(
                "调用前的速率未超过 MFBR，看不出变化", "its rate before the call did not pass the MFBR, so no change could show"));
        if (!isChanged)
            return (CycleOutcome.Refuted, new("速率没有变化", "its rate did not change"));
        return end.DownMbps < before.DownMbps * Kept && end.DownMbps <= max * Tolerance
            ? (CycleOutcome.Refuted, new("删除后速率未恢复", "its rate did not come back after the deletion")) : null;
    }

    private FlowPacket? FirstOn(bool isUplink)
    {
        for (int i = packets.From(row.CalledNs - promise.ClockBoundNs); i < packets.All.Count; i++)
        {
            FlowPacket packet = packets.All[i];
            if (packet.TimeNs >= row.DeletedNs) return null;
            if (packet.IsOn && packet.IsUplink == isUplink) return packet;
        }
        return null;
    }

    private long LastOn()
    {
        long last = 0;
        for (int i = packets.From(row.DeletedNs); i < packets.All.Count && packets.All[i].TimeNs < row.UntilNs; i++)
            if (packets.All[i].IsOn) last = packets.All[i].TimeNs;
        return last;
    }

    private LocalText Say(
        Window before, Window after, Window end, long activationNs, long releaseNs, string evidence)
    {
        string called = DateTimeOffset.UnixEpoch.AddTicks(row.CalledNs / 100)
            .ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        string rates = promise.BothWays
            ? string.Create(CultureInfo.InvariantCulture,
                $"{before.DownMbps:0.0#} → {after.DownMbps:0.0#} → {end.DownMbps:0.0#} Mbit/s")
            : "";
        (string zhRates, string enRates) = rates.Length == 0 ? ("", "") : ($"，下行 {rates}", $", downlink {rates}");
        return new(
            $"{called} 调用，{Ms(activationNs)} ms 后首个报文进入{promise.Place.Zh}（{evidence}）{zhRates}，"
                + $"删除后 {Ms(releaseNs)} ms 恢复",
            $"called {called}, first packet on {promise.Place.En} after {Ms(activationNs)} ms ({evidence}){enRates}, "
                + $"back {Ms(releaseNs)} ms after the deletion");
    }

    private static CycleResult Refuted(LocalText why) => new(CycleOutcome.Refuted, why);

    private static CycleResult Undecided(LocalText why) => new(CycleOutcome.Undecided, why);

    private static string Ms(long ns) => (ns / 1_000_000).ToString(CultureInfo.InvariantCulture);

    private static string Seconds(long ns) => (ns / 1e9).ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>The settled flow for a while.</summary>
    private sealed class Window
    {
        private const int Bins = 8;

        public Window(FlowPackets packets, long fromNs, long toNs)
        {
            long[] bytes = new long[Bins];
            for (int i = packets.From(fromNs); i < packets.All.Count && packets.All[i].TimeNs < toNs; i++)
            {
                FlowPacket packet = packets.All[i];
                if (packet.IsOn) On++;
                if (packet.IsUplink) Uplink++;
                else
                {
                    Downlink++;
                    bytes[Math.Min(Bins - 1, (int)((packet.TimeNs - fromNs) * Bins / (toNs - fromNs)))] += packet.Bytes;
                }
            }
            // The median of short stretches: a kit that stood still for a moment is not the network's rate.
            Array.Sort(bytes);
            decimal median = (bytes[Bins / 2 - 1] + bytes[Bins / 2]) / 2m;
            DownMbps = median * 8 * Bins / ((toNs - fromNs) / 1000m);
        }

        public int On { get; }
        public int Uplink { get; }
        public int Downlink { get; }
        public decimal DownMbps { get; }
        public double Share => Uplink + Downlink == 0 ? 0 : (double)On / (Uplink + Downlink);

        public bool IsSeen(bool bothWays) => Uplink > 0 && (!bothWays || Downlink > 0);
    }
}
