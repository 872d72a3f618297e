using System.Net;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Drafting;

/// <summary>
/// Finds address pools for groups of UEs: the smallest prefix that holds a group and that people would write, and no
/// prefix of two groups overlapping.
/// </summary>
internal static class PoolFinder
{
    /// <summary>Pools are seldom smaller than this: a /24, and for IPv6 the /64 that every session owns.</summary>
    private const int SensibleIpv4 = 24, SensibleIpv6 = 64;
    /// <summary>Addresses further apart than this are taken for several pools.</summary>
    private const int WidestIpv4 = 16, WidestIpv6 = 32;

    /// <summary>Prefixes for each group, in the order of the groups; a group without addresses gets none.</summary>
    public static List<List<IPNetwork>> Find(IReadOnlyList<IReadOnlyCollection<HostAddress>> groups)
    {
        List<List<IPNetwork>> pools = [];
        foreach (IReadOnlyCollection<HostAddress> group in groups)
        {
            IEnumerable<HostAddress> others = groups.Where(other => !ReferenceEquals(other, group)).SelectMany(g => g);
            HostAddress[] foreign = [.. others.Distinct()];
            pools.Add([.. Clusters(group).SelectMany(cluster => Cover(cluster, foreign))]);
        }
        return pools;
    }

    /// <summary>Groups of addresses that may share a pool: of one family and not too far apart.</summary>
    public static List<List<HostAddress>> Clusters(IEnumerable<HostAddress> addresses) =>
    [
        .. addresses.Distinct().Order().GroupBy(address => Prefix(address, Widest(address)))
            .Select(group => group.ToList()),
    ];

    // A prefix that holds another group's address is split until it does not; single addresses always end it.
    private static IEnumerable<IPNetwork> Cover(List<HostAddress> cluster, HostAddress[] foreign)
    {
        int common = Common(cluster[0], cluster[^1]);
        int length = Math.Min(common, cluster[0].IsIpv4 ? SensibleIpv4 : SensibleIpv6);
        if (!Array.Exists(foreign, Overlaps(cluster[0], length))) return [Network(cluster[0], length)];
        int bits = 8 * cluster[0].Length;
        if (length < common && !Array.Exists(foreign, Overlaps(cluster[0], common)))
        {
            while (length < common && Array.Exists(foreign, Overlaps(cluster[0], length))) length++;
            return [Network(cluster[0], length)];
        }
        return cluster.Count == 1 ? [Network(cluster[0], bits)]
            : cluster.GroupBy(address => Prefix(address, common + 1)).SelectMany(half => Cover([.. half], foreign));
    }

    private static Predicate<HostAddress> Overlaps(HostAddress address, int length) =>
        other => other.IsIpv4 == address.IsIpv4 && Prefix(other, length) == Prefix(address, length);

    private static int Widest(HostAddress address) => address.IsIpv4 ? WidestIpv4 : WidestIpv6;

    private static IPNetwork Network(HostAddress address, int length) =>
        new(Prefix(address, length).ToIPAddress(), length);

    /// <summary>The address with all bits beyond the prefix cleared.</summary>
    private static HostAddress Prefix(HostAddress address, int length)
    {
        int bits = length + (address.IsIpv4 ? 96 : 0);
        ulong high = bits >= 64 ? ulong.MaxValue : bits == 0 ? 0 : ulong.MaxValue << (64 - bits);
        ulong low = bits >= 128 ? ulong.MaxValue : bits <= 64 ? 0 : ulong.MaxValue << (128 - bits);
        return new(address.High & high, address.Low & low);
    }

    private static int Common(HostAddress first, HostAddress last)
    {
        int bits = 8 * first.Length, common = 0;
        while (common < bits && Prefix(first, common + 1) == Prefix(last, common + 1)) common++;
        return common;
    }
}
