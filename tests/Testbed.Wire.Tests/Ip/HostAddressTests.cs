using Testbed.Wire.Ip;

namespace Testbed.Wire.Tests.Ip;

public sealed class HostAddressTests
{
    [TestCase("10.45.0.2", 4)]
    [TestCase("0.0.0.0", 4)]
    [TestCase("255.255.255.255", 4)]
    [TestCase("2001:db8::1", 16)]
    [TestCase("::1", 16)]
    public void An_address_survives_text_and_bytes(string text, int length)
    {
        HostAddress address = HostAddress.Parse(text);
        Span<byte> bytes = stackalloc byte[16];
        Assert.That(address.Write(bytes), Is.EqualTo(length));
        Assert.That(HostAddress.From(bytes[..length]), Is.EqualTo(address));
        Assert.That(address.ToString(), Is.EqualTo(text));
        Assert.That(address.IsNone, Is.False);
    }

    [Test]
    public void The_default_is_no_address()
    {
        Assert.That(default(HostAddress).IsNone);
        Assert.That(default(HostAddress).IsIpv4, Is.False);
        Assert.That(HostAddress.FromIpv4(0).IsNone, Is.False, "0.0.0.0 is an address.");
    }

    [Test]
    public void Addresses_sort_as_numbers() =>
        Assert.That(HostAddress.Parse("9.255.0.1"), Is.LessThan(HostAddress.Parse("10.0.0.1")));

    [Test]
    public void Five_bytes_are_no_address() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => HostAddress.From(new byte[5]));
}
