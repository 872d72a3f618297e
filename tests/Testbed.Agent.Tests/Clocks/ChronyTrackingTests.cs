using Testbed.Agent.Clocks;

namespace Testbed.Agent.Tests.Clocks;

public class ChronyTrackingTests
{
    private const string Line = "A29FC87B,162.159.200.123,4,1720000000.123456789,-0.000012000,0.000003,0.00002,"
        + "-12.345,0.001,0.02,0.010000001,0.001500000,64.5,Normal";

    [Test]
    public void The_bound_is_offset_and_dispersion_and_half_the_delay() =>
        Assert.That(ChronyTracking.BoundNs(Line), Is.EqualTo(12_000 + 1_500_000 + 5_000_001));

    [Test]
    public void A_chrony_that_is_not_synchronised_bounds_nothing() =>
        Assert.That(ChronyTracking.BoundNs(Line.Replace("Normal", "Not synchronised")), Is.Null);

    [TestCase("")]
    [TestCase("506 Cannot talk to daemon")]
    [TestCase(",,,,,,,,,,,,,Normal")]
    public void What_is_no_tracking_line_bounds_nothing(string line) =>
        Assert.That(ChronyTracking.BoundNs(line), Is.Null);

    [Test]
    public void No_prefix_of_the_line_that_lacks_its_leap_status_bounds_anything()
    {
        for (int length = 0; length <= Line.Length - "Normal".Length; length++)
            Assert.That(ChronyTracking.BoundNs(Line[..length]), Is.Null);
    }

    [TestCase("0.010000001", "-1")]
    [TestCase("0.001500000", "NaN")]
    [TestCase("-0.000012000", "1e9")]
    public void A_figure_that_cannot_be_bounds_nothing(string from, string to) =>
        Assert.That(ChronyTracking.BoundNs(Line.Replace(from, to)), Is.Null);
}
