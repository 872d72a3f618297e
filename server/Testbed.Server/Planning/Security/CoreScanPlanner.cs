using System.Net;
using System.Net.Sockets;

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
    /// <summary>As many as one task takes; more become further tasks, one after the other.</summary>
    private const int AddressesMax = 64, PortsMax = 64;
    /// <summary>A claim that would be scanned for longer than this is not scanned.</summary>
    private const int SecondsMax = 900;
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
        IReadOnlyList<TrialPath> paths = TrialPath.Each(draft, "core-scan", Requirement);
        if (paths.Count == 0) return;
        IPAddress[] addresses = [.. draft.Claim.Network.InnerAddresses
            .Where(address => address.AddressFamily is AddressFamily.InterNetwork)];
        if (addresses.Length == 0)
        {
            draft.Omit("core-scan", "声明没有核心网、N2、N3、N4 的 IPv4 地址",
                "the claim names no IPv4 address of the core, N2, N3 or N4", Requirement);
            return;
        }
        // The usual ports first and the claim's beside them: none that it adds takes the place of one of these.
        string[] ports = [.. UsualPorts.Concat(draft.Claim.Network.Core.Ports).Distinct()];
        (IPAddress[] Addresses, string[] Ports)[] parts =
        [
            .. from some in Even(addresses, AddressesMax) from few in Even(ports, PortsMax) select (some, few),
        ];
        int seconds = paths.Count * parts.Sum(part => SecondsFor(part.Addresses.Length, part.Ports));
        if (seconds > SecondsMax)
        {
            draft.Omit("core-scan",
                $"扫描 {addresses.Length} 个地址的 {ports.Length} 个端口需 {seconds} s，超过 {SecondsMax} s；"
                    + "请减少 core.ports 或 core.addresses",
                $"to scan {addresses.Length} addresses at {ports.Length} ports takes {seconds} s, more than "
                    + $"{SecondsMax} s; name fewer core.ports or core.addresses", Requirement);
            return;
        }
        int number = 0;
        foreach (TrialPath path in paths)
            foreach ((IPAddress[] some, string[] few) in parts)
                draft.Phases.Add(Phase(draft, ++number == 1 ? "core-scan" : $"core-scan-{number}", path, some, few));
    }

    private static PlanPhase Phase(
        PlanDraft draft, string name, TrialPath path, IPAddress[] addresses, string[] ports)
    {
        int port = draft.Ports.Next(), seconds = SecondsFor(addresses.Length, ports);
        return new(name, new("核心网可达性扫描", "scan of the core from a UE"), seconds, false,
            [path.Listener(draft, port)],
            [draft.Task("core-scan", path.Ue.Kit, seconds,
                ("trial", draft.Trials.Next()), ("control", 0), ("kind", "control"),
                ("localAddress", path.Ue.Address), ("localPort", draft.Ports.Next()),
                ("remoteAddress", path.Far.Address), ("port", port), ("slice", path.Slice.Name), ("count", Controls),
                ("ratePps", ControlRatePps), ("delayMs", 0),
                ("addresses", string.Join(',', addresses.AsEnumerable())), ("ports", string.Join(',', ports)))]);
    }

    /// <summary>Parts of about the same size, none above the most that one may have.</summary>
    private static IEnumerable<T[]> Even<T>(T[] all, int most)
    {
        int parts = (all.Length + most - 1) / most;
        return all.Chunk((all.Length + parts - 1) / parts);
    }

    private static int SecondsFor(int addresses, string[] ports)
    {
        int tcp = ports.Count(port => port.EndsWith("/tcp", StringComparison.Ordinal));
        double datagrams = addresses * (ports.Length - tcp + 1) * DatagramRounds / (double)DatagramsPerSecond + 1;
        double connections = Math.Ceiling(addresses * tcp / (double)TcpAtOnce) * TcpSeconds;
        return (int)Math.Ceiling(datagrams + connections + Controls / (double)ControlRatePps);
    }
}
