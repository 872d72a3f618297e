using Testbed.Conformance.Statistics;

namespace Testbed.Conformance.Tests.Statistics;

public class LossSequenceTests
{
    private static LossSequence Of(int packets, Func<int, bool> lost)
    {
        var sequence = new LossSequence();
        for (int i = 0; i < packets; i++) sequence.Add(lost(i));
        return sequence;
    }

    [Test]
    public void Independent_losses_are_not_bursty()
    {
        var random = new Random(7);
        LossSequence sequence = Of(100_000, _ => random.NextDouble() < 0.001);
        Assert.That(sequence.Bursty, Is.False);
        Assert.That(sequence.BlockPackets, Is.EqualTo(1));
        Assert.That(Math.Abs(sequence.LagOneCorrelation), Is.LessThan(0.02));
    }

    [Test]
    public void False_alarms_are_as_rare_as_stated()
    {
        var random = new Random(11);
        int alarms = 0;
        for (int trial = 0; trial < 300; trial++)
            if (Of(2_000, _ => random.NextDouble() < 0.02).Bursty) alarms++;
        Assert.That(alarms, Is.LessThanOrEqualTo(28)); // Expected ≤ 15, standard deviation 3.8.
    }

    [Test]
    public void Two_neighbouring_losses_in_a_million_are_a_burst()
    {
        LossSequence sequence = Of(1_000_000, i => i is 500 or 501);
        Assert.That(sequence.BurstProbability, Is.EqualTo(2e-6).Within(1e-4).Percent);
        Assert.That(sequence.Bursty, Is.True);
        Assert.That(sequence.BlockPackets, Is.EqualTo(2));
    }

    [Test]
    public void The_test_of_runs_is_exact()
    {
        // 20 losses in 14 runs among 1,000 packets; reference: hypergeometric sum at 40 digits.
        bool[] lost = new bool[1_000];
        for (int run = 0; run < 14; run++)
            for (int i = 0; i < (run < 6 ? 2 : 1); i++)
                lost[run * 60 + i] = true;
        LossSequence sequence = Of(1_000, i => lost[i]);
        Assert.That(sequence.Runs, Is.EqualTo(14));
        Assert.That(sequence.BurstProbability, Is.EqualTo(6.55982899223e-7).Within(1e-6).Percent);
    }

    [Test]
    public void Bursty_losses_widen_the_interval_at_both_ends()
    {
        LossSequence bursts = Of(100_000, i => i % 20_000 < 40);
        Bounds inBlocks = bursts.DeliveredRatio();
        Bounds asPackets = ClopperPearson.OneSided(100_000 - 200, 100_000);
        Assert.That(bursts.Bursts, Is.EqualTo(5));
        Assert.That(bursts.BlockPackets, Is.EqualTo(40));
        Assert.That(inBlocks.Low, Is.LessThan(asPackets.Low));
        Assert.That(inBlocks.High, Is.GreaterThan(asPackets.High));
        Bounds byHand = ClopperPearson.OneSided(2_495, 2_500);
        Assert.That(inBlocks.Low, Is.EqualTo(byHand.Low).Within(1e-12));
        Assert.That(inBlocks.High, Is.EqualTo(byHand.High).Within(1e-12));
    }

    [Test]
    public void Losses_fewer_than_sixteen_packets_apart_are_one_burst()
    {
        Assert.That(Of(1_000, i => i is 100 or 116).Bursts, Is.EqualTo(1));
        Assert.That(Of(1_000, i => i is 100 or 117).Bursts, Is.EqualTo(2));
    }

    [Test]
    public void Nothing_lost_and_everything_lost_are_plain_cases()
    {
        LossSequence none = Of(2_995, _ => false), all = Of(50, _ => true);
        Assert.That(none.DeliveredRatio().Low, Is.GreaterThan(0.999));
        Assert.That(none.DeliveredRatio().High, Is.EqualTo(1));
        Assert.That(all.DeliveredRatio().Low, Is.Zero);
        Assert.That(all.LagOneCorrelation, Is.Zero);
        Assert.That(new LossSequence().DeliveredRatio(), Is.EqualTo(new Bounds(0, 1)));
    }

    [Test]
    public void A_sequential_test_accepts_after_the_packets_of_the_plan()
    {
        var test = new Sprt(1e-6, 1e-5);
        Assert.That(test.PacketsToAccept(0), Is.EqualTo(327_159)); // 327,158.09: the next whole packet decides.
        Assert.That(test.PacketsToAccept(1) - test.PacketsToAccept(0), Is.EqualTo(255_842).Within(1));
        Assert.That(test.Decide(327_159, 0), Is.True);
        Assert.That(test.Decide(327_158, 0), Is.Null);
        Assert.That(test.Decide(1_000, 2), Is.False);
    }
}
