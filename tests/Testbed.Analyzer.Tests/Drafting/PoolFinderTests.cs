using System.Net;
using Testbed.Analyzer.Drafting;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Tests.Drafting;

public sealed class PoolFinderTests
{
    private static List<string> Find(params string[][] groups) =>
    [
        .. PoolFinder.Find([.. groups.Select(group => group.Select(HostAddress.Parse).ToHashSet())])
            .Select(pools => string.Join(" ", pools)),
    ];

    [Test]
    public void Neighbours_share_a_pool_that_people_would_write() =>
        Assert.That(Find(["10.45.0.2", "10.45.0.3"]), Is.EqualTo(new[] { "10.45.0.0/24" }));

    [Test]
    public void Addresses_further_apart_widen_it_no_more_than_they_must() =>
        Assert.That(Find(["10.45.0.2", "10.45.3.9"]), Is.EqualTo(new[] { "10.45.0.0/22" }));

    [Test]
    public void What_lies_very_far_apart_is_two_pools() =>
        Assert.That(Find(["10.45.0.2", "10.60.0.2", "2001:db8::1"]),
            Is.EqualTo(new[] { "10.45.0.0/24 10.60.0.0/24 2001:db8::/64" }));

    [Test]
    public void Pools_of_two_slices_in_one_24_are_narrowed_until_they_are_apart() =>
        Assert.That(Find(["10.45.0.2", "10.45.0.3"], ["10.45.0.130"]),
            Is.EqualTo(new[] { "10.45.0.0/25", "10.45.0.128/25" }));

    [Test]
    public void Addresses_that_alternate_become_small_pools_that_never_overlap()
    {
        List<List<IPNetwork>> pools = PoolFinder.Find(
        [
            [.. Enumerable.Range(0, 50).Select(i => HostAddress.FromIpv4(0x0A2D0000u + 2 * (uint)i))],
            [.. Enumerable.Range(0, 50).Select(i => HostAddress.FromIpv4(0x0A2D0001u + 2 * (uint)i))],
        ]);
        List<IPNetwork> all = [.. pools.SelectMany(group => group)];
        for (int i = 0; i < all.Count; i++)
            for (int j = 0; j < all.Count; j++)
                Assert.That(i == j || !all[i].Contains(all[j].BaseAddress), $"{all[i]} {all[j]}");
        Assert.That(pools[0].Any(pool => pool.Contains(IPAddress.Parse("10.45.0.98"))));
        Assert.That(pools[1].Any(pool => pool.Contains(IPAddress.Parse("10.45.0.99"))));
    }

    [Test]
    public void A_slice_without_addresses_has_no_pool() =>
        Assert.That(Find(["10.45.0.2"], []), Is.EqualTo(new[] { "10.45.0.0/24", "" }));
}
