using Testbed.Probes.Kit;

namespace Testbed.Probes.Tests.Kit;

/// <summary>What the kernel says of network ports, in files as under /sys/class/net.</summary>
public sealed class LinkSpeedTests
{
    private string _root = null!;

    [SetUp]
    public void Open() => _root = Directory.CreateTempSubdirectory("link-speed-").FullName;

    [TearDown]
    public void Close() => Directory.Delete(_root, recursive: true);

    [TestCase("1000\n", true, 1000)]
    [TestCase("100\n", true, 100)]
    [TestCase("-1\n", true, null, Description = "the driver does not know")]
    [TestCase("0\n", true, null)]
    [TestCase("10\n", false, null, Description = "a tun device calls itself 10 Mbit/s and is none of that")]
    [TestCase("fast\n", true, null)]
    [TestCase(null, true, null, Description = "a link that is down")]
    public void Only_a_real_port_has_a_speed(string? speed, bool isReal, int? mbps)
    {
        string port = Directory.CreateDirectory(Path.Combine(_root, "eth9")).FullName;
        if (speed is not null) File.WriteAllText(Path.Combine(port, "speed"), speed);
        if (isReal) Directory.CreateDirectory(Path.Combine(port, "device"));
        Assert.That(LinkSpeed.Mbps(_root, "eth9"), Is.EqualTo((decimal?)mbps));
    }

    [Test]
    public void The_loopback_is_no_port_and_an_unknown_address_has_none() => Assert.That(
        LinkSpeed.Slowest([System.Net.IPAddress.Loopback, System.Net.IPAddress.Parse("192.0.2.77")]), Is.Null);
}
