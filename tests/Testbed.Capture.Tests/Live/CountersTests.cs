using Testbed.Capture.Live;

namespace Testbed.Capture.Tests.Live;

public class CountersTests
{
    private static readonly string[] Table =
    [
        "Inter-|   Receive                                                |  Transmit",
        " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls",
        "    lo: 1000      10    0    0    0     0          0         0     1000      10    0    0    0     0",
        "  eth0: 99999    500    3   20  100     3          0         7     1000      10    9    9    9     0",
        "eth0.7:1 1 0 1 0 0 0 0 0 0 0 0 0 0",
    ];

    [Test]
    public void Errors_drops_and_overruns_of_the_receiving_side_count_as_lost() =>
        Assert.That(InterfaceCounters.ParseLost(Table, "eth0"), Is.EqualTo(123));

    [Test]
    public void An_interface_is_not_mistaken_for_its_vlan() =>
        Assert.That(InterfaceCounters.ParseLost(Table, "eth0.7"), Is.EqualTo(1));

    [TestCase("eth1")]
    [TestCase("eth")]
    [TestCase("")]
    public void An_unknown_interface_has_no_counters_rather_than_zero(string name) =>
        Assert.That(InterfaceCounters.ParseLost(Table, name), Is.Null);

    [TestCase("eth0: 1 2 x 4 5 6")]
    [TestCase("eth0: 1 2 3")]
    [TestCase("eth0:")]
    public void A_row_that_cannot_be_read_is_no_zero(string row) =>
        Assert.That(InterfaceCounters.ParseLost([row], "eth0"), Is.Null);

    [Test]
    public void A_counter_goes_on_over_its_wrap()
    {
        UnwrappedCounter counter = default;
        counter.Advance(4_000_000_000);
        counter.Advance(4_294_967_295);
        counter.Advance(5);
        counter.Advance(5);
        Assert.That(counter.Total, Is.EqualTo(4_294_967_301));
    }
}
