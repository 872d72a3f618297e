using Testbed.Analyzer.Meters.Security;

namespace Testbed.Analyzer.Tests.Meters.Security;

public sealed class TeidSequenceTests
{
    private const int Count = 400;

    private static TeidSequence Of(Func<int, Random, uint> next, int count = Count, int seed = 1)
    {
        Random random = new(seed);
        return new([.. Enumerable.Range(0, count).Select(i => next(i, random))]);
    }

    private static uint Draw(Random random) => (uint)random.NextInt64(1, 1L << 32);

    [Test]
    public void SEC_007_Random_TEIDs_raise_no_alarm()
    {
        int alarms = 0;
        for (int seed = 0; seed < 500; seed++) alarms += Of((_, random) => Draw(random), seed: seed).Alarms;
        Assert.That(alarms, Is.Zero);
    }

    [TestCase(1u)]
    [TestCase(16u)]
    [TestCase(1u << 20)]
    [TestCase(0x9E3779B9u)]
    public void SEC_007_A_constant_stride_of_any_length_is_found(uint stride)
    {
        TeidSequence teids = Of((i, _) => unchecked(7 + (uint)i * stride));
        Assert.That(teids.HasEqualSteps, Is.True);
        Assert.That(teids.Alarms, Is.Positive);
    }

    [Test]
    public void SEC_007_Counting_down_is_as_near_as_counting_up()
        => Assert.That(Of((i, _) => 0x8000_0000 - (uint)i * 3).HasNearSteps, Is.True);

    [Test]
    public void SEC_007_Two_counters_in_turn_are_found_by_their_steps()
        => Assert.That(Of((i, _) => (i & 1) == 0 ? 100 + (uint)i : 0xF000_0000 + (uint)i).HasEqualSteps, Is.True);

    [Test]
    public void SEC_007_Draws_from_a_small_pool_are_near_each_other_and_repeat()
    {
        TeidSequence teids = Of((_, random) => (uint)random.Next(1, 4096));
        Assert.That(teids.HasNearSteps && teids.HasEqualTeids && teids.HasFewBits, Is.True);
    }

    [Test]
    public void SEC_007_Sixteen_random_bits_are_too_few_wherever_they_stand()
    {
        TeidSequence teids = Of((_, random) => (uint)random.Next(1 << 16) << 16 | 0x4321);
        Assert.That(teids.VaryingBits, Is.EqualTo(16));
        Assert.That(teids.HasFewBits, Is.True);
    }

    [TestCase(200)]
    [TestCase(2_000)]
    public void A_fixed_byte_that_names_the_worker_is_no_pattern(int count)
        => Assert.That(Of((_, random) => Draw(random) & 0x00FF_FFFF | 0x0A00_0000, count).Alarms, Is.Zero);

    [Test]
    public void One_near_step_among_many_is_chance()
    {
        Random random = new(3);
        List<uint> teids = [.. Enumerable.Range(0, Count).Select(_ => Draw(random))];
        teids[200] = teids[199] + 5;
        Assert.That(new TeidSequence(teids).Alarms, Is.Zero);
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void Too_few_to_compare_raise_no_alarm(int count)
        => Assert.That(Of((i, _) => (uint)i, count).HasEqualSteps, Is.False);
}
