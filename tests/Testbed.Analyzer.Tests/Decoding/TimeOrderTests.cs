using Testbed.Analyzer.Decoding;

namespace Testbed.Analyzer.Tests.Decoding;

public sealed class TimeOrderTests
{
    private static RecordStore Records(IEnumerable<long> times)
    {
        RecordStore records = new();
        foreach (long time in times) records.Add(new() { TimeNs = time });
        return records;
    }

    private static int[] Expected(long[] times) =>
        [.. Enumerable.Range(0, times.Length).OrderBy(i => times[i]).ThenBy(i => i)];

    [Test]
    public void No_records_have_an_order() => Assert.That(TimeOrder.Of(Records([])), Is.Empty);

    [Test]
    public void Records_of_one_time_stay_as_they_stand()
    {
        long[] times = [5, 5, 3, 3, 5, 3, 4, 4];

        Assert.That(TimeOrder.Of(Records(times)), Is.EqualTo((int[])[2, 3, 5, 6, 7, 0, 1, 4]));
    }

    /// <param name="swing">How far a record may stand from its place, about.</param>
    [TestCase(1)]
    [TestCase(8)]
    [TestCase(40)]
    [TestCase(100_000)]
    public void The_order_is_that_of_a_stable_sort_however_far_records_stand_from_their_places(int swing)
    {
        Random random = new(7);
        long[] times = [.. Enumerable.Range(0, 40_000).Select(i => (long)i + random.Next(swing))];

        Assert.That(TimeOrder.Of(Records(times)), Is.EqualTo(Expected(times)));
    }

    [Test]
    public void A_file_that_runs_backwards_is_turned_round()
    {
        long[] times = [.. Enumerable.Range(0, 20_000).Select(i => (long)-i / 3)];

        Assert.That(TimeOrder.Of(Records(times)), Is.EqualTo(Expected(times)));
    }
}
