using System.Text;
using Testbed.Lab.Native;

namespace Testbed.Lab.Topology;

/// <summary>
/// Makes the namespaces, cables, bridges, routes and neighbours. Nothing undoes it: all of it lives in the mount
/// and network namespaces of the lab's process and dies with them.
/// </summary>
internal static class NetworkBuilder
{
    private const string TemporaryFileSystem = "tmpfs";

    /// <param name="extraUePools">Further pools that are local in namespace ue, with the slice they leave by.</param>
    /// <param name="edgeIsBehindCentre">The edge host is reached through the central data network.</param>
    public static async Task BuildAsync(
        IEnumerable<(string Pool, SliceAccess Slice)> extraUePools, bool edgeIsBehindCentre)
    {
        // `ip netns` keeps its handles under /run, which an ordinary user may not write: give it a /run of our own.
        Libc.Check(Libc.Mount(TemporaryFileSystem, "/run", TemporaryFileSystem, 0, "mode=755"), "mount tmpfs on /run");
        await IpCommand.RunAsync(null, "link set lo up\n" + NamespaceCommands());
        foreach (string name in Plan.Namespaces)
            NetworkNamespace.Run(name, SetKernelParameters);
        await IpCommand.RunAsync(null, LinkCommands());
        foreach (string name in Plan.Namespaces)
            NetworkNamespace.Run(name, () => DisableOffloads(name));
        foreach (string name in Plan.Namespaces)
            await IpCommand.RunAsync(name, InsideCommands(name, extraUePools));
        if (edgeIsBehindCentre) await LayBackhaulAsync();
    }

    /// <summary>
    /// The data network becomes a router to the edge host, and the edge host answers the way that the packets came.
    /// </summary>
    private static async Task LayBackhaulAsync()
    {
        Link line = Wiring.Backhaul;
        await IpCommand.RunAsync(null, LinkCommand(line));
        foreach (LinkEnd end in new[] { line.One, line.Other })
            await IpCommand.RunAsync(
                end.Namespace, $"address add {end.Address} dev {end.Name}\nlink set {end.Name} up\n");
        await IpCommand.RunAsync(
            Plan.DnA, $"route add {Plan.EdgeHost}/32 via {Plan.BackhaulEdge} dev {line.One.Name}\n");
        await IpCommand.RunAsync(
            Plan.Mec, $"route replace default via {Plan.BackhaulDnA} dev {line.Other.Name}\n");
        NetworkNamespace.Run(Plan.DnA, () => SetParameter("ipv4/ip_forward", "1"));
    }

    private static string NamespaceCommands() =>
        string.Concat(Plan.Namespaces.Select(name => $"netns add {name}\n"));

    private static string LinkCommands() =>
        string.Concat(Wiring.Links.Select(LinkCommand));

    private static string LinkCommand(Link link) =>
        $"link add {link.One.Name} mtu {link.Mtu} address {link.One.Mac} netns {link.One.Namespace} type veth " +
        $"peer name {link.Other.Name} mtu {link.Mtu} address {link.Other.Mac} netns {link.Other.Namespace}\n";

    /// <summary>Quiet and plain: no IPv6 chatter on the taps, no reverse-path filter against UE addresses.</summary>
    private static void SetKernelParameters()
    {
        SetParameter("ipv6/conf/all/disable_ipv6", "1");
        SetParameter("ipv6/conf/default/disable_ipv6", "1");
        SetParameter("ipv4/conf/all/rp_filter", "0");
        SetParameter("ipv4/conf/default/rp_filter", "0");
        SetParameter("ipv4/conf/all/send_redirects", "0");
        SetParameter("ipv4/conf/default/send_redirects", "0");
        // The functions forward in user space; a kernel that helped would make a second path.
        SetParameter("ipv4/ip_forward", "0");
    }

    private static void SetParameter(string key, string value)
    {
        string path = "/proc/sys/net/" + key;
        // A kernel without IPv6 has nothing to switch off.
        if (File.Exists(path)) File.WriteAllText(path, value);
    }

    private static void DisableOffloads(string name)
    {
        foreach (LinkEnd end in Wiring.Links.SelectMany(link => new[] { link.One, link.Other }))
            if (end.Namespace == name) LinkOffloads.Disable(end.Name);
    }

    private static string InsideCommands(string name, IEnumerable<(string Pool, SliceAccess Slice)> extraUePools)
    {
        StringBuilder commands = new("link set lo up\n");
        if (name == Plan.KitA) AddBridges(commands);
        foreach (LinkEnd end in Wiring.Links.SelectMany(link => new[] { link.One, link.Other }))
        {
            if (end.Namespace != name) continue;
            if (end.Bridge is { } bridge) commands.AppendLine($"link set {end.Name} master {bridge}");
            if (end.Address is { } address) commands.AppendLine($"address add {address} dev {end.Name}");
            commands.AppendLine($"link set {end.Name} up");
        }
        if (name == Plan.Upf) commands.AppendLine($"address add {Plan.HiddenUpfN3}/24 dev n3");
        if (name == Plan.Ue) AddUeRoutes(commands, extraUePools);
        if (name == Plan.DnA) commands.AppendLine($"route add default via {Plan.UpfN6A}");
        if (name == Plan.DnB) commands.AppendLine($"route add default via {Plan.UpfN6B}");
        if (name == Plan.Mec) commands.AppendLine($"route add default via {Plan.UpfN6Edge}");
        foreach (Neighbour neighbour in Wiring.Neighbours.Where(neighbour => neighbour.Namespace == name))
            commands.AppendLine(
                $"neighbour replace {neighbour.Address} lladdr {neighbour.Mac} "
                + $"dev {neighbour.Interface} nud permanent");
        return commands.ToString();
    }

    private static void AddBridges(StringBuilder commands)
    {
        foreach ((string bridge, string mac, int mtu, string? address) in Wiring.Bridges)
        {
            commands.AppendLine(
                $"link add {bridge} mtu {mtu} address {mac} type bridge stp_state 0 forward_delay 0 mcast_snooping 0");
            if (address is not null) commands.AppendLine($"address add {address} dev {bridge}");
            commands.AppendLine($"link set {bridge} up");
        }
    }

    /// <summary>
    /// Whole pools are local, so a kit binds any UE address without asking for it; the source address decides the
    /// interface, as a PDU session decides the slice.
    /// </summary>
    private static void AddUeRoutes(StringBuilder commands, IEnumerable<(string Pool, SliceAccess Slice)> extraUePools)
    {
        foreach (SliceAccess slice in SliceAccess.All)
        {
            string first = slice.Pool.Replace(".0.0/16", ".0.2/32", StringComparison.Ordinal);
            commands.AppendLine($"address add {first} dev {slice.UeInterface}");
            commands.AppendLine(
                $"route add default via {Plan.UeGateway} dev {slice.UeInterface} onlink table {slice.RouteTable}");
            AddPool(commands, slice.Pool, slice);
        }
        // A program that binds no address speaks as the first UE of the first slice.
        commands.AppendLine($"route add default via {Plan.UeGateway} dev ueA onlink src 10.45.0.2");
        foreach ((string pool, SliceAccess slice) in extraUePools) AddPool(commands, pool, slice);
    }

    private static void AddPool(StringBuilder commands, string pool, SliceAccess slice)
    {
        commands.AppendLine($"route add local {pool} dev {slice.UeInterface}");
        commands.AppendLine($"rule add from {pool} lookup {slice.RouteTable}");
    }
}
