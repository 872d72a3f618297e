using Testbed.Lab.Users;

namespace Testbed.Lab.Tests.Users;

public sealed class CaptureCountTests
{
    [Test]
    public void Taps_that_open_one_by_one_make_one_start()
    {
        CaptureCount captures = new(steadyReadings: 2);
        int[] readings = [0, 1, 3, 4, 4, 4, 4, 2, 0, 0, 1];
        Assert.That(readings.Select(captures.Next), Is.EqualTo(new[]
        {
            CaptureChange.Same, CaptureChange.Opened, CaptureChange.Same, CaptureChange.Same, CaptureChange.Same,
            CaptureChange.Steady, CaptureChange.Same, CaptureChange.Same, CaptureChange.Closed, CaptureChange.Same,
            CaptureChange.Opened,
        }));
    }
}
