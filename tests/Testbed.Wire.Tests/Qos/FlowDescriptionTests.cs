using Testbed.Wire.Ip;
using Testbed.Wire.Qos;

namespace Testbed.Wire.Tests.Qos;

public sealed class FlowDescriptionTests
{
    private static readonly HostAddress Ue = HostAddress.Parse("10.45.0.2");
    private static readonly HostAddress Server = HostAddress.Parse("10.100.61.10");

    private static FlowDescription Read(string text)
    {
        Assert.That(FlowDescription.TryParse(text, out FlowDescription? read), Is.True, text);
        return read!;
    }

    [TestCase("permit out ip from any to assigned")]
    [TestCase("permit out 17 from any 5000-5099 to assigned")]
    [TestCase("permit out 6 from 10.100.0.0/16 443 to 10.45.0.2 1024-65535")]
    [TestCase("permit out 58 from 2001:db8::/32 to assigned")]
    public void What_is_read_is_written_again(string text) => Assert.That(Read(text).ToString(), Is.EqualTo(text));

    [Test]
    public void An_inward_rule_is_the_outward_one_with_its_sides_changed() => Assert.That(
        Read("permit in 17 from 10.45.0.2 4000 to 10.100.61.10 5000"),
        Is.EqualTo(Read("permit out 17 from 10.100.61.10 5000 to 10.45.0.2 4000")));

    [TestCase("")]
    [TestCase("permit")]
    [TestCase("deny out ip from any to assigned")]
    [TestCase("permit out udp from any to assigned")]
    [TestCase("permit out 256 from any to assigned")]
    [TestCase("permit out ip from any to")]
    [TestCase("permit out ip from !10.0.0.1 to assigned")]
    [TestCase("permit out 17 from any 5000,5001 to assigned")]
    [TestCase("permit out 17 from any 5001-5000 to assigned")]
    [TestCase("permit out 17 from any 65536 to assigned")]
    [TestCase("permit out ip from 10.1 to assigned")]
    [TestCase("permit out ip from 10.0.0.0/33 to assigned")]
    [TestCase("permit out ip from any to assigned established")]
    public void Anything_else_is_refused(string text) =>
        Assert.That(FlowDescription.TryParse(text, out _), Is.False);

    [Test]
    public void A_text_of_any_length_is_refused_and_not_taken_apart() => Assert.That(
        FlowDescription.TryParse("permit out ip from any to assigned" + new string(' ', 100_000), out _), Is.False);

    [Test]
    public void Damaged_rules_never_throw()
    {
        Random random = new(7);
        string rule = "permit out 17 from 10.0.0.0/8 1-2 to 2001:db8::1 3-4";
        for (int i = 0; i < 20_000; i++)
        {
            char[] text = rule.ToCharArray();
            for (int j = random.Next(1, 4); j > 0; j--) text[random.Next(text.Length)] = (char)random.Next(32, 127);
            FlowDescription.TryParse(new(text), out _);
        }
    }

    [TestCase("permit out 17 from any 5000-5099 to assigned", 17, 5000, true)]
    [TestCase("permit out 17 from any 5000-5099 to assigned", 17, 5099, true)]
    [TestCase("permit out 17 from any 5000-5099 to assigned", 17, 5100, false)]
    [TestCase("permit out 17 from any 5000-5099 to assigned", 6, 5000, false)]
    [TestCase("permit out ip from 10.100.61.0/24 to assigned", 1, 0, true)]
    [TestCase("permit out ip from 10.100.62.0/24 to assigned", 1, 0, false)]
    [TestCase("permit out ip from ::/0 to assigned", 1, 0, false)]
    [TestCase("permit out ip from 0.0.0.0/0 to 10.45.0.3", 17, 5000, false)]
    public void A_packet_matches_by_protocol_address_and_port(string text, byte protocol, int port, bool matches) =>
        Assert.That(Read(text).Matches(protocol, Ue, 4000, Server, (ushort)port), Is.EqualTo(matches));

    [TestCase("permit out 17 from any 1-9 to assigned", "permit out ip from 10.0.0.0/8 5-20 to assigned",
        "permit out 17 from 10.0.0.0/8 5-9 to assigned")]
    [TestCase("permit out 17 from any to assigned", "permit out 6 from any to assigned", null)]
    [TestCase("permit out ip from any 1-4 to assigned", "permit out ip from any 5-9 to assigned", null)]
    [TestCase("permit out ip from 10.1.0.0/16 to assigned", "permit out ip from 10.2.0.0/16 to assigned", null)]
    [TestCase("permit out ip from 10.0.0.0/8 to assigned", "permit out ip from 10.2.0.0/16 to assigned",
        "permit out ip from 10.2.0.0/16 to assigned")]
    public void Two_filters_have_in_common_what_both_take(string one, string other, string? both)
    {
        Assert.That(Read(one).And(Read(other))?.ToString(), Is.EqualTo(both));
        Assert.That(Read(other).And(Read(one))?.ToString(), Is.EqualTo(both));
    }
}
