using Testbed.Analyzer.Decoding;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Tests.Decoding;

public sealed class InternTableTests
{
    private static TunnelKey Key(int i) => new(HostAddress.FromIpv4(1), HostAddress.FromIpv4(2), (uint)i);

    [Test]
    public void Keys_are_numbered_by_first_appearance_and_found_again()
    {
        InternTable<TunnelKey> table = new(100_000);
        for (int i = 0; i < 50_000; i++) Assert.That(table.Intern(Key(i * 7)), Is.EqualTo(i));
        for (int i = 0; i < 50_000; i++) Assert.That(table.IndexOf(Key(i * 7)), Is.EqualTo(i));
        Assert.That(table.IndexOf(Key(1)), Is.EqualTo(-1));
        Assert.That(table[3], Is.EqualTo(Key(21)));
    }

    [Test]
    public void A_full_table_refuses_new_keys_and_keeps_the_old()
    {
        InternTable<TunnelKey> table = new(3);
        for (int i = 0; i < 3; i++) table.Intern(Key(i));
        Assert.That(table.Intern(Key(9)), Is.EqualTo(-1));
        Assert.That(table.Intern(Key(1)), Is.EqualTo(1));
    }
}
