using Testbed.Analyzer.Meters.Identity;

namespace Testbed.Analyzer.Tests.Meters.Identity;

public sealed class TraitTests
{
    private Trait _trait = null!;

    [SetUp]
    public void Begin() => _trait = new();

    private void Observe(ulong value, int times)
    {
        for (int i = 0; i < times; i++) _trait.Observe(value, () => $"packet of {value}");
    }

    [Test]
    public void Too_few_packets_settle_nothing()
    {
        Observe(64, Trait.SettledPackets - 1);
        Assert.That(_trait.IsSettled, Is.False);
        Observe(64, 1);
        Assert.That(_trait.IsSettled);
    }

    [Test]
    public void Another_value_that_stays_is_a_change_with_the_first_packet_that_shows_it()
    {
        Observe(64, 500);
        Observe(128, 500);
        Assert.That(_trait.Changes, Is.EqualTo(new[] { new TraitChange(64, 128, "packet of 128") }));
    }

    [Test]
    public void A_change_there_and_back_is_two_changes()
    {
        Observe(64, 100);
        Observe(128, 100);
        Observe(64, 100);
        Assert.That(_trait.Changes, Has.Count.EqualTo(2));
    }

    [Test]
    public void Single_packets_that_differ_change_nothing()
    {
        for (int i = 0; i < 20; i++)
        {
            Observe(64, 100);
            Observe(255, Trait.SettledPackets - 1);
        }
        Assert.That(_trait.Changes, Is.Empty);
        Assert.That(_trait.IsAlternating, Is.False);
    }

    [Test]
    public void Paths_that_alternate_are_no_change()
    {
        for (int i = 0; i < 20; i++)
        {
            Observe(1, 60);
            Observe(2, 60);
        }
        Assert.That(_trait.IsAlternating);
        Assert.That(_trait.Changes, Is.Empty);
    }
}
