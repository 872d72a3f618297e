using System.Net;
using Testbed.Conformance;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Slicing;

/// <summary>
/// Whether N3 showed the tries to each target by each protocol: what a UE's side or a router before N3 kept back was
/// never tried, and nothing is known of a network that was not asked.
/// </summary>
internal static class ReachCoverage
{
    /// <summary>Of what was planned; a radio link may lose a few.</summary>
    private const double SeenMin = 0.9;
    private const int NamedMax = 3;

    private sealed record Group(HostAddress Target, byte Protocol, int Seen);

    /// <summary>The targets and protocols that are open; null where there is none.</summary>
    /// <param name="tried">What N3 carried into the UPF.</param>
    public static LocalText? Untried(ReachContext reach, IEnumerable<ReachRow> tried)
    {
        ILookup<(HostAddress, byte), ReachRow> seen = tried.ToLookup(row => (row.Target, row.Protocol));
        int planned = Math.Max(1, reach.Tries / (3 * reach.Targets.Count));
        Group[] open =
        [
            .. from address in reach.Targets
               from protocol in Protocols(address)
               let target = HostAddress.From(address)
               let count = seen[(target, protocol)].Count()
               where count < SeenMin * planned
               select new Group(target, protocol, count),
        ];
        if (open.Length == 0) return null;
        string named = string.Join(", ", open.Take(NamedMax).Select(
            group => $"{Name(group.Protocol)} → {group.Target} {group.Seen}/{planned}"));
        string more = open.Length > NamedMax ? ", …" : "";
        return new(
            $"N3 上未见到足够的探测报文（{named}{more}），其余未进入网络，无从证明隔离；"
                + "请检查终端侧对这些目标与协议的路由和过滤",
            $"N3 showed too few tries ({named}{more}): the others never entered the network, so nothing is known of "
                + "them; look for routes and filters on the UE's side");
    }

    private static byte[] Protocols(IPAddress target) =>
    [
        IpProtocol.Udp, IpProtocol.Tcp,
        target.AddressFamily is System.Net.Sockets.AddressFamily.InterNetworkV6 ? IpProtocol.Icmpv6 : IpProtocol.Icmp,
    ];

    private static string Name(byte protocol) => protocol switch
    {
        IpProtocol.Udp => "UDP",
        IpProtocol.Tcp => "TCP",
        _ => "ICMP",
    };
}
