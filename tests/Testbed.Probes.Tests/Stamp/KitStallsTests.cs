using Testbed.Probes.Stamp;

namespace Testbed.Probes.Tests.Stamp;

/// <summary>For how long stalls of given times, in milliseconds, may hold up a flight.</summary>
public sealed class KitStallsTests
{
    private const long Ms = 1_000_000;

    private static KitStalls Of(params (long FromMs, long ToMs)[] stalls)
    {
        KitStalls kit = new();
        foreach ((long from, long to) in stalls) kit.Add(from * Ms, to * Ms);
        return kit;
    }

    private static long HeldMs(KitStalls kit, long fromMs, long toMs) => kit.HeldNs(fromMs * Ms, toMs * Ms) / Ms;

    [TestCase(0, 1_000, 40, TestName = "{m}(around all of it)")]
    [TestCase(0, 115, 15, TestName = "{m}(back before the kit has caught up)")]
    [TestCase(130, 1_000, 10, TestName = "{m}(sent before the kit has caught up)")]
    [TestCase(140, 1_000, 0, TestName = "{m}(sent after)")]
    [TestCase(0, 100, 0, TestName = "{m}(back before)")]
    public void A_stall_holds_from_its_begin_to_ten_times_its_length(long fromMs, long toMs, long heldMs) =>
        Assert.That(HeldMs(Of((100, 104)), fromMs, toMs), Is.EqualTo(heldMs));

    [Test]
    public void Time_that_two_stalls_hold_counts_once() =>
        Assert.That(HeldMs(Of((100, 104), (120, 124)), 0, 1_000), Is.EqualTo(60));

    // The receiver read at 120 what had come from 100 on; the sender, due at 105, woke at 115 or with the receiver.
    [TestCase(105, 115)]
    [TestCase(105, 120)]
    [TestCase(90, 120)]
    [TestCase(90, 105)]
    public void What_both_threads_saw_is_one_stall(long fromMs, long toMs)
    {
        long begin = Math.Min(100, fromMs);
        Assert.That(HeldMs(Of((fromMs, toMs), (100, 120)), 0, 1_000), Is.EqualTo(10 * (120 - begin)));
        Assert.That(HeldMs(Of((100, 120), (fromMs, toMs)), 0, 1_000), Is.EqualTo(10 * (120 - begin)));
    }

    [Test]
    public void A_stall_is_forgotten_once_it_has_been_made_good_and_not_before()
    {
        KitStalls kit = Of((100, 104), (200, 210));
        kit.Forget(139 * Ms);
        Assert.That(HeldMs(kit, 0, 1_000), Is.EqualTo(140));
        kit.Forget(140 * Ms);
        Assert.That(HeldMs(kit, 0, 1_000), Is.EqualTo(100));
    }

    [Test]
    public void A_kit_that_is_as_late_as_it_may_be_did_not_stand_still()
    {
        KitStalls kit = Of((100, 101));
        Assert.That(kit.Overlap(0, 1_000 * Ms), Is.False);
        kit.Add(200 * Ms, 201 * Ms + 1);
        Assert.That(kit.Overlap(0, 1_000 * Ms), Is.True);
        Assert.That(kit.Overlap(201 * Ms + 1, 1_000 * Ms), Is.False);
    }
}
