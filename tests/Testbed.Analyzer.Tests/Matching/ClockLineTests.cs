using Testbed.Analyzer.Matching.Clocks;

namespace Testbed.Analyzer.Tests.Matching;

public class ClockLineTests
{
    [Test]
    public void Offset_and_drift_lie_between_all_bounds()
    {
        // Difference 1000 ns + 50 ns/s; uplink takes at least 10 ns, downlink 30.
        ClockBound[] upper = [.. Points(1_010)], lower = [.. Points(970)];
        ClockLine line = ClockLine.Fit(upper, lower)!.Value;
        Assert.Multiple(() =>
        {
            Assert.That(line.OffsetMin, Is.EqualTo(970).Within(1e-6));
            Assert.That(line.OffsetMax, Is.EqualTo(1_010).Within(1e-6));
            // The steepest line goes from the first lower bound to the last upper one.
            Assert.That(line.DriftMax, Is.EqualTo(50 + 40 / 20.0).Within(1e-9));
            Assert.That(line.DriftMin, Is.EqualTo(50 - 40 / 20.0).Within(1e-9));
        });

        static IEnumerable<ClockBound> Points(double offset) =>
            Enumerable.Range(-10, 21).Select(second => new ClockBound(second, offset + 50 * second));
    }

    [Test]
    public void A_clock_that_was_set_fits_no_line()
    {
        ClockBound[] upper = [new(-10, 100), new(0, 100), new(10, 9_000_000)];
        ClockBound[] lower = [new(-10, 0), new(0, 0), new(10, 8_999_900)];
        Assert.That(ClockLine.Fit(upper, lower), Is.Null);
    }

    [Test]
    public void One_point_of_each_bounds_the_offset_and_leaves_the_drift_to_its_limit()
    {
        ClockLine line = ClockLine.Fit([new(0, 30)], [new(0, -10)])!.Value;
        Assert.That((line.OffsetMin, line.OffsetMax), Is.EqualTo((-10.0, 30.0)));
        Assert.That((line.DriftMin, line.DriftMax), Is.EqualTo((-ClockLine.DriftLimit, ClockLine.DriftLimit)));
    }

    [Test]
    public void Bounds_that_cross_at_one_time_fit_no_line() =>
        Assert.That(ClockLine.Fit([new(0, -1)], [new(0, 1)]), Is.Null);
}
