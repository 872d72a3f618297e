using Testbed.Analyzer.Meters;

namespace Testbed.Analyzer.Tests.Meters;

/// <summary>A message a millisecond, a survival time of 10 ms.</summary>
public sealed class ServiceStateTests
{
    private const long Ms = 1_000_000;

    private static ServiceState Run(int messages, Func<int, bool> isDelivered)
    {
        ServiceState state = new(10 * Ms);
        for (int i = 0; i < messages; i++) state.Take(i * Ms, isDelivered(i));
        state.Finish();
        return state;
    }

    [Test]
    public void Without_a_loss_the_service_is_up()
    {
        ServiceState state = Run(1_001, _ => true);
        Assert.That((state.DownNs, state.Interruptions, state.ObservedNs), Is.EqualTo((0L, 0, 1_000 * Ms)));
        Assert.That((state.Samples.Packets, state.Samples.Lost), Is.EqualTo((100L, 0L)));
    }

    [Test]
    public void Losses_that_the_application_survives_are_no_downtime()
    {
        ServiceState state = Run(1_001, i => i % 11 == 0);
        Assert.That((state.DownNs, state.Interruptions), Is.EqualTo((0L, 0)));
    }

    [Test]
    public void Down_is_from_the_end_of_the_survival_time_to_the_next_message()
    {
        ServiceState state = Run(1_001, i => i is < 200 or >= 245);
        Assert.That((state.DownNs, state.LongestDownNs, state.Interruptions), Is.EqualTo((35 * Ms, 35 * Ms, 1)));
        Assert.That(state.Samples.Lost, Is.EqualTo(4), "looks at 210, 220, 230 and 240 ms");
        Assert.That(state.Samples.Packets, Is.EqualTo(100));
    }

    [Test]
    public void Each_interruption_counts()
    {
        ServiceState state = Run(1_001, i => i % 100 >= 30);
        Assert.That((state.Interruptions, state.DownNs), Is.EqualTo((10, 10 * 20 * Ms)));
    }

    [Test]
    public void What_never_comes_back_is_down_to_the_end()
    {
        ServiceState state = Run(1_001, i => i < 500);
        Assert.That(state.DownNs, Is.EqualTo(490 * Ms));
        Assert.That(state.Samples.Lost, Is.EqualTo(50).Within(1));
    }

    [Test]
    public void A_service_that_never_was_is_down_but_for_its_first_survival_time()
        => Assert.That(Run(1_001, _ => false).DownNs, Is.EqualTo(990 * Ms));
}
