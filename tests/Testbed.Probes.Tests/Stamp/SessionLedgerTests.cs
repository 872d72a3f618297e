using System.Text;
using Testbed.Probes.Sockets;
using Testbed.Probes.Stamp;
using Testbed.Wire.Stamp;

namespace Testbed.Probes.Tests.Stamp;

/// <summary>The ledger with invented times: what only a bad network or a bad clock would show.</summary>
public sealed class SessionLedgerTests
{
    private const long Ms = 1_000_000, Wall = 1_700_000_000_000_000_000;

    private MemoryStream _stream = null!;
    private RecordWriter _record = null!;

    [SetUp]
    public void Open()
    {
        _stream = new();
        _record = new(_stream, StampSession.RecordHeader);
    }

    [TearDown]
    public void Close() => _stream.Dispose();

    private SessionLedger Ledger(int count, int window = 64, long waitMs = 100, long deadlineMs = 20) =>
        new(count, window, waitMs * Ms, deadlineMs * Ms, _record);

    /// <summary>Both clocks this long after the start, the wall clock ahead by a step.</summary>
    private static ClockReading At(long ms, long stepMs = 0) => new(Wall + (ms + stepMs) * Ms, ms * Ms, 100);

    /// <summary>An answer to a packet sent at one time; the reflector's clock is far off, as it may be.</summary>
    private static StampReflectorPacket Answer(uint sequence, long sentMs, long heldMs = 1) => new(
        sequence, 50 * Ms + heldMs * Ms, default, 1, 50 * Ms, sequence, Wall + sentMs * Ms, default, 64);

    private static void Enter(SessionLedger ledger, int count)
    {
        for (int i = 0; i < count; i++) ledger.Enter((uint)i, At(i));
    }

    private string[] Statuses()
    {
        _record.Dispose();
        return [.. Encoding.ASCII.GetString(_stream.ToArray()).TrimEnd('\n').Split('\n').Skip(1)
            .Select(row => row.Split(',')[5])];
    }

    [Test]
    public void The_reflectors_holding_time_is_no_delay_of_the_network()
    {
        SessionLedger ledger = Ledger(1);
        Enter(ledger, 1);
        ledger.Answer(Answer(0, sentMs: 0, heldMs: 4), At(10).RealtimeNs, At(11));
        Assert.That(ledger.Finish().Samples.RoundTrip()[1], Is.EqualTo(6 * Ms));
        Assert.That(Statuses(), Is.EqualTo(new[] { "answered" }));
    }

    [Test]
    public void Duplicates_and_reordering_are_counted_and_change_nothing()
    {
        SessionLedger ledger = Ledger(3);
        Enter(ledger, 3);
        foreach (uint sequence in (uint[])[1, 0, 1, 2])
            ledger.Answer(Answer(sequence, sequence), At(8).RealtimeNs, At(8));
        (DelaySamples samples, StampCounters counters) = ledger.Finish();
        Assert.That(samples.Count, Is.EqualTo(3));
        Assert.That((counters.Duplicates, counters.Reordered, counters.Lost), Is.EqualTo((1, 1, 0)));
    }

    [Test]
    public void An_unanswered_packet_is_lost_only_after_the_wait_and_holds_back_the_record()
    {
        SessionLedger ledger = Ledger(2);
        Enter(ledger, 2);
        ledger.Answer(Answer(1, 1), At(5).RealtimeNs, At(5));
        ledger.Sweep(99 * Ms);
        Assert.That(ledger.AllDone(2), Is.False);
        ledger.Sweep(101 * Ms);
        Assert.That(ledger.AllDone(2));
        ledger.Answer(Answer(0, 0), At(102).RealtimeNs, At(102));
        (_, StampCounters counters) = ledger.Finish();
        Assert.That((counters.Lost, counters.AfterWait), Is.EqualTo((1, 1)), "too late to be found again");
        Assert.That(Statuses(), Is.EqualTo(new[] { "lost", "answered" }));
    }

    [TestCase(5, TestName = "A_wall_clock_that_jumps_ahead_during_a_flight_is_a_clock_step")]
    [TestCase(-5, TestName = "A_wall_clock_that_jumps_back_during_a_flight_is_a_clock_step")]
    public void Steps(long stepMs)
    {
        SessionLedger ledger = Ledger(2);
        Enter(ledger, 2);
        ledger.Answer(Answer(0, 0), At(8, stepMs).RealtimeNs, At(8, stepMs));
        ledger.Answer(Answer(1, 1), At(8).RealtimeNs, At(8));
        (DelaySamples samples, StampCounters counters) = ledger.Finish();
        Assert.That((samples.Count, counters.ClockSteps, ledger.Losses.Lost), Is.EqualTo((1, 1, 1)));
        Assert.That(Statuses(), Is.EqualTo(new[] { "clock-step", "answered" }));
    }

    [TestCase(-1)]
    [TestCase(9)]
    public void A_reflector_that_held_a_packet_for_longer_than_it_was_away_has_a_stepping_clock(long heldMs)
    {
        SessionLedger ledger = Ledger(1);
        Enter(ledger, 1);
        ledger.Answer(Answer(0, 0, heldMs), At(8).RealtimeNs, At(8));
        Assert.That(ledger.Finish().Counters.ClockSteps, Is.EqualTo(1), "or its delay would be negative, or a gain");
    }

    [Test]
    public void An_answer_with_another_T1_or_a_number_never_sent_is_strange()
    {
        SessionLedger ledger = Ledger(1);
        Enter(ledger, 1);
        ledger.Answer(Answer(0, sentMs: 3), At(8).RealtimeNs, At(8));
        ledger.Answer(Answer(7, sentMs: 0), At(8).RealtimeNs, At(8));
        (_, StampCounters counters) = ledger.Finish();
        Assert.That((counters.Strange, counters.Lost), Is.EqualTo((2, 1)));
    }

    [Test]
    public void A_packet_that_was_not_sent_is_no_sample()
    {
        SessionLedger ledger = Ledger(2);
        Enter(ledger, 2);
        ledger.NotSent(0);
        ledger.Answer(Answer(1, 1), At(8).RealtimeNs, At(8));
        (_, StampCounters counters) = ledger.Finish();
        Assert.That((counters.Sent, counters.NotSent, ledger.Losses.Packets), Is.EqualTo((1, 1, 1)));
        Assert.That(Statuses(), Is.EqualTo(new[] { "not-sent", "answered" }));
    }

    private string[] Disturbed()
    {
        _record.Dispose();
        return [.. Encoding.ASCII.GetString(_stream.ToArray()).TrimEnd('\n').Split('\n').Skip(1)
            .Select(row => row.Split(',')[6])];
    }

    [Test]
    public void A_packet_sent_late_and_those_away_while_the_sender_slept_are_disturbed()
    {
        SessionLedger ledger = Ledger(4, waitMs: 2_000, deadlineMs: 2_000);
        ledger.Enter(0, At(0));
        ledger.Answer(Answer(0, 0, heldMs: 0), At(2).RealtimeNs, At(2));
        ledger.Enter(1, At(3));
        // Due at 4 ms and sent at 40 ms: what was on its way meanwhile shared the kit's sleep.
        ledger.Answer(Answer(1, 3, heldMs: 0), At(38).RealtimeNs, At(38));
        ledger.Sweep(39 * Ms);
        ledger.Enter(2, At(40), lateNs: 36 * Ms);
        ledger.Answer(Answer(2, 40, heldMs: 0), At(42).RealtimeNs, At(42));
        ledger.Enter(3, At(43), lateNs: Ms);
        ledger.Answer(Answer(3, 43, heldMs: 0), At(45).RealtimeNs, At(45));
        (DelaySamples samples, StampCounters counters) = ledger.Finish();
        Assert.That(Disturbed(), Is.EqualTo(new[] { "0", "1", "1", "0" }));
        Assert.That((counters.Disturbed, samples.Count), Is.EqualTo((2, 4)));
        SortedDelays atLeast = samples.RoundTripAtLeast();
        Assert.That(Enumerable.Range(1, 4).Select(rank => atLeast[rank] / Ms), Is.EqualTo(new[] { 0, 0, 1, 2 }));
    }

    [Test]
    public void A_packet_that_the_reflectors_kit_held_or_that_was_away_while_answers_went_unread_is_disturbed()
    {
        SessionLedger ledger = Ledger(3, waitMs: 2_000, deadlineMs: 2_000);
        Enter(ledger, 3);
        ledger.Answer(Answer(0, 0, heldMs: 2), At(5).RealtimeNs, At(5));
        ledger.Answer(Answer(1, 1, heldMs: 0), At(6).RealtimeNs, At(9));
        ledger.Answer(Answer(2, 2, heldMs: 0), At(9).RealtimeNs, At(9));
        ledger.Finish();
        Assert.That(Disturbed(), Is.EqualTo(new[] { "1", "0", "1" }));
    }

    // 300 ms away, and the sender slept in that time: it needs ten times as long to catch up.
    [TestCase(4, 260, 1)]
    [TestCase(40, 56, 0)]
    public void A_stall_excuses_a_delay_until_the_kit_has_caught_up(int stallMs, int atLeastMs, int lost)
    {
        SessionLedger ledger = Ledger(2, waitMs: 2_000, deadlineMs: 100);
        ledger.Enter(0, At(0));
        ledger.Enter(1, At(96), lateNs: stallMs * Ms);
        ledger.Answer(Answer(1, 96, heldMs: 0), At(97).RealtimeNs, At(97));
        ledger.Answer(Answer(0, 0, heldMs: 0), At(300).RealtimeNs, At(300));
        (DelaySamples samples, _) = ledger.Finish();
        Assert.That(samples.RoundTripAtLeast()[2], Is.EqualTo(atLeastMs * Ms));
        Assert.That((ledger.Losses.Lost, ledger.ProvenLosses.Lost), Is.EqualTo((1, lost)));
    }

    [Test]
    public void A_packet_sent_on_time_before_the_kit_has_caught_up_is_held_too_and_not_disturbed()
    {
        SessionLedger ledger = Ledger(3, waitMs: 2_000, deadlineMs: 2_000);
        ledger.Enter(0, At(10), lateNs: 10 * Ms);
        ledger.Enter(1, At(80));
        ledger.Answer(Answer(1, 80, heldMs: 0), At(95).RealtimeNs, At(95));
        ledger.Enter(2, At(100));
        ledger.Answer(Answer(2, 100, heldMs: 0), At(115).RealtimeNs, At(115));
        (DelaySamples samples, _) = ledger.Finish();
        Assert.That(Disturbed(), Is.EqualTo(new[] { "1", "0", "0" }));
        Assert.That((samples.RoundTripAtLeast()[1], samples.RoundTripAtLeast()[2]), Is.EqualTo((0, 15 * Ms)));
    }

    // Sent 2 ms late, it may have met what piled up in a stall of which the ledger saw the end alone.
    [TestCase(2, 0, 0)]
    [TestCase(0, 4, 260)]
    public void A_packet_sent_late_is_held_all_the_way_and_one_that_the_reflector_kept_until_that_caught_up(
        int lateMs, int reflectorMs, int atLeastMs)
    {
        SessionLedger ledger = Ledger(1, waitMs: 2_000, deadlineMs: 2_000);
        ledger.Enter(0, At(0), lateNs: lateMs * Ms);
        ledger.Answer(Answer(0, 0, reflectorMs), At(300 + reflectorMs).RealtimeNs, At(300 + reflectorMs));
        (DelaySamples samples, _) = ledger.Finish();
        Assert.That(samples.RoundTrip()[1], Is.EqualTo(300 * Ms));
        Assert.That(samples.RoundTripAtLeast()[1], Is.EqualTo(atLeastMs * Ms));
    }

    [Test]
    public void A_lost_packet_is_disturbed_only_when_it_was_sent_late()
    {
        SessionLedger ledger = Ledger(2);
        ledger.Enter(0, At(0));
        ledger.Enter(1, At(50), lateNs: 49 * Ms);
        ledger.Finish();
        Assert.That(Disturbed(), Is.EqualTo(new[] { "0", "1" }));
        Assert.That((ledger.Losses.Lost, ledger.ProvenLosses.Lost), Is.EqualTo((2, 1)));
    }

    [Test]
    public void A_full_window_gives_up_the_oldest()
    {
        SessionLedger ledger = Ledger(100, window: 16);
        Enter(ledger, 20);
        Assert.That(ledger.Finish().Counters.Lost, Is.EqualTo(20));
    }

    [Test]
    public void A_packet_costs_no_allocation()
    {
        using RecordWriter record = new(Stream.Null, StampSession.RecordHeader);
        SessionLedger ledger = new(20_000, 64, 100 * Ms, 20 * Ms, record);
        Cycle(0, 1_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Cycle(1_000, 11_000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Cycle(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                ledger.Enter((uint)i, At(i));
                ledger.Answer(Answer((uint)i, i), At(i + 2).RealtimeNs, At(i + 2));
                ledger.Sweep((i + 2) * Ms);
            }
        }
    }
}
