using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Tests.Decoding;

public sealed class KeyTableTests
{
    private static TunnelKey Tunnel(int i) => i % 3 == 0
        ? new(new(1, 2), new(3, (ulong)i), (uint)i) : new(HostAddress.FromIpv4(1), HostAddress.FromIpv4(2), (uint)i);

    private static FlowKey Flow(int i) => new(
        i % 3 == 0 ? new(1, 2) : HostAddress.FromIpv4((uint)i), HostAddress.FromIpv4(7), (ushort)i, 80, (byte)(i % 2));

    [Test]
    public void Tunnels_are_numbered_by_first_appearance_and_found_again()
    {
        TunnelTable table = new(100_000);
        for (int i = 0; i < 50_000; i++) Assert.That(table.Intern(Tunnel(i * 7)), Is.EqualTo(i));
        for (int i = 0; i < 50_000; i++) Assert.That(table.Intern(Tunnel(i * 7)), Is.EqualTo(i));
        Assert.That(table.Count, Is.EqualTo(50_000));
        for (int i = 0; i < 50_000; i++) Assert.That(table[i], Is.EqualTo(Tunnel(i * 7)));
    }

    [Test]
    public void Flows_of_either_address_family_are_numbered_by_first_appearance_and_found_again()
    {
        FlowTable table = new(100_000);
        for (int i = 0; i < 50_000; i++) Assert.That(table.Intern(Flow(i)), Is.EqualTo(i));
        for (int i = 0; i < 50_000; i++) Assert.That(table.Intern(Flow(i)), Is.EqualTo(i));
        for (int i = 0; i < 50_000; i++) Assert.That(table[i], Is.EqualTo(Flow(i)));
    }

    [Test]
    public void A_mapped_address_of_IPv6_is_the_IPv4_address()
    {
        FlowTable table = new(10);
        FlowKey key = new(new(0, 0x0000_FFFF_0A00_0001), HostAddress.FromIpv4(2), 1, 2, 17);
        FlowKey same = key with { Source = HostAddress.FromIpv4(0x0A000001) };
        Assert.That(table.Intern(key), Is.EqualTo(table.Intern(same)));
    }

    [Test]
    public void A_full_table_refuses_new_keys_keeps_the_old_and_counts()
    {
        TunnelTable tunnels = new(3);
        FlowTable flows = new(3);
        for (int i = 0; i < 3; i++) Assert.That((tunnels.Intern(Tunnel(i)), flows.Intern(Flow(i))), Is.EqualTo((i, i)));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((tunnels.Intern(Tunnel(9)), flows.Intern(Flow(9))), Is.EqualTo((-1, -1)));
            Assert.That((tunnels.Refused, flows.Refused), Is.EqualTo((1L, 1L)));
            Assert.That((tunnels.Intern(Tunnel(1)), flows.Intern(Flow(1))), Is.EqualTo((1, 1)));
        }
    }
}
