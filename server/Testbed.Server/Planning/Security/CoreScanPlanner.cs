using System.Net;
using System.Net.Sockets;
using Testbed.Conformance.Claims;

namespace Testbed.Server.Planning.Security;

/// <summary>
/// SEC-002: from one UE, every claimed address of the core and of N2, N3 and N4, at the claimed ports and at those that
/// their protocols use.
/// </summary>
internal static class CoreScanPlanner
{
    private const string Requirement = "SEC-002";
    /// <remarks>
    /// N2: TS 38.412 §7. N3: TS 29.281 §4.4.2.3. N4: TS 29.244 §6.2.2.2. SBI: HTTP and HTTPS (TS 29.500 §5), and
    /// what free cores use. Management: SSH, NETCONF over SSH (RFC 6242), SNMP (RFC 3417).
    /// </remarks>
    private static readonly string[] UsualPorts =
    [
        "38412/sctp", "2152/udp", "8805/udp", "80/tcp", "443/tcp", "7777/tcp", "8080/tcp", "22/tcp", "830/tcp",
        "161/udp",
    ];
    private const int AddressesMax = 64, PortsMax = 64;
    private const int Controls = 40, ControlRatePps = 40;
    private const int DatagramRounds = 3, DatagramsPerSecond = 200, TcpAtOnce = 16;
    private const double TcpSeconds = 1.5;

    public static void Plan(PlanDraft draft)
    {
        if (!draft.Wants(Requirement)) return;
        if (!draft.Consents("scan"))
        {
            draft.Omit("core-scan", "声明未同意扫描（consent: scan）", "the claim gives no consent to scan (consent: scan)",
                Requirement);
            return;
        }
        IPAddress[] addresses = [.. Targets(draft.Claim.Network).Distinct()
            .Where(address => address.AddressFamily is AddressFamily.InterNetwork).Take(AddressesMax)];
        if (TrialPath.First(draft) is not { } path)
        {
            draft.Omit("core-scan", "没有同一切片的终端与数据网端点", "no slice has both a ue and a dn endpoint", Requirement);
            return;
        }
        if (addresses.Length == 0)
        {
            draft.Omit("core-scan", "声明没有核心网、N2、N3、N4 的 IPv4 地址",
                "the claim names no IPv4 address of the core, N2, N3 or N4", Requirement);
            return;
        }
        string[] ports = [.. draft.Claim.Network.Core.Ports.Concat(UsualPorts).Distinct().Take(PortsMax)];
        int port = draft.Ports.Next(), seconds = SecondsFor(addresses.Length, ports);
        draft.Phases.Add(new("core-scan", new("核心网可达性扫描", "scan of the core from a UE"), seconds, false,
            [path.Listener(draft, port)],
            [draft.Task("core-scan", path.Ue.Kit, seconds,
                ("trial", draft.Trials.Next()), ("control", 0), ("kind", "control"),
                ("localAddress", path.Ue.Address), ("localPort", draft.Ports.Next()),
                ("remoteAddress", path.Far.Address), ("port", port), ("slice", path.Slice.Name), ("count", Controls),
                ("ratePps", ControlRatePps), ("delayMs", 0),
                ("addresses", string.Join(',', addresses.AsEnumerable())), ("ports", string.Join(',', ports)))]));
    }

    private static IEnumerable<IPAddress> Targets(Network network) =>
    [
        .. network.Core.Addresses, .. network.Upfs.SelectMany(upf => upf.N4.Concat(upf.N3)),
        .. network.Gnbs.SelectMany(gnb => gnb.N2.Concat(gnb.N3)),
    ];

    private static int SecondsFor(int addresses, string[] ports)
    {
        int tcp = ports.Count(port => port.EndsWith("/tcp", StringComparison.Ordinal));
        double datagrams = addresses * (ports.Length - tcp + 1) * DatagramRounds / (double)DatagramsPerSecond + 1;
        double connections = Math.Ceiling(addresses * tcp / (double)TcpAtOnce) * TcpSeconds;
        return (int)Math.Ceiling(datagrams + connections + Controls / (double)ControlRatePps);
    }
}
