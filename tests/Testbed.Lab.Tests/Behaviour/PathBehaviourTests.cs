using Testbed.Lab.Behaviour;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Tests.Behaviour;

public sealed class PathBehaviourTests
{
    private static readonly PassingPacket Embb = new(SliceAccess.Embb, 100);
    private static readonly PassingPacket Iot = new(SliceAccess.Iot, 100);

    [Test]
    public void An_honest_path_neither_loses_nor_delays()
        => Assert.That(new PathBehaviour().Decide(Embb), Is.Zero);

    [Test]
    public void Delays_of_several_policies_add_up()
    {
        PathBehaviour path = new();
        path.Add(new FixedDelay(TimeSpan.FromMilliseconds(12)));
        path.Add(new FixedDelay(TimeSpan.FromMilliseconds(3)));
        Assert.That(path.Decide(Embb), Is.EqualTo(15_000_000));
    }

    [Test]
    public void A_loss_in_one_slice_spares_the_other()
    {
        PathBehaviour path = new();
        path.Add(new LossInSlice(SliceAccess.Embb, new RandomLoss(1, seed: 1)));
        Assert.Multiple(() =>
        {
            Assert.That(path.Decide(Embb), Is.EqualTo(PathBehaviour.Lost));
            Assert.That(path.Decide(Iot), Is.Zero);
        });
    }

    [TestCase(0.01)]
    [TestCase(0.001)]
    public void Random_loss_loses_its_share_and_the_same_packets_again(double ratio)
    {
        RandomLoss one = new(ratio, seed: 7), same = new(ratio, seed: 7);
        bool[] lost = [.. Enumerable.Range(0, 100_000).Select(_ => one.Loses(Embb))];
        Assert.That(lost.Count(each => each) / 100_000.0, Is.EqualTo(ratio).Within(0.3 * ratio));
        Assert.That(lost, Is.EqualTo(Enumerable.Range(0, 100_000).Select(_ => same.Loses(Embb))));
    }

    [Test]
    public void Large_packets_pass_a_delay_of_small_ones()
    {
        IDelayPolicy policy = DelayOfSmallPackets.Of(new FixedDelay(TimeSpan.FromMilliseconds(60)));
        Assert.Multiple(() =>
        {
            Assert.That(policy.DelayNs(new(SliceAccess.Embb, 140)), Is.EqualTo(60_000_000));
            Assert.That(policy.DelayNs(new(SliceAccess.Embb, 1228)), Is.Zero);
        });
    }
}
