using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using SystemInterface = System.Net.NetworkInformation.NetworkInterface;

namespace Testbed.Agent.Facts;

/// <summary>What an agent says of the machine, or the namespace, that it runs in.</summary>
internal static class HostFacts
{
    private const string BootIdPath = "/proc/sys/kernel/random/boot_id";
    // An endpoint that plays many UEs may own thousands of addresses; the server needs to know the kit's own.
    private const int AddressesMax = 256;
    private const int InterfacesMax = 256;

    /// <summary>The same for all processes of one machine until it starts anew; empty where there is none.</summary>
    public static string BootId()
    {
        try
        {
            return File.ReadAllText(BootIdPath).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>
    /// Interfaces with the addresses assigned to them. Pools that are merely routed here (AnyIP, <c>ip route add
    /// local</c>) are no interface's address and are not listed.
    /// </summary>
    public static IReadOnlyList<Agents.V1.NetworkInterface> Interfaces()
    {
        List<Agents.V1.NetworkInterface> all = [];
        foreach (SystemInterface found in SystemInterface.GetAllNetworkInterfaces().Take(InterfacesMax))
        {
            Agents.V1.NetworkInterface one = new() { Name = found.Name };
            foreach (UnicastIPAddressInformation unicast in found.GetIPProperties().UnicastAddresses)
            {
                if (one.Addresses.Count == AddressesMax) break;
                one.Addresses.Add(Text(unicast.Address));
            }
            all.Add(one);
        }
        return all;
    }

    private static string Text(IPAddress address)
    {
        // The scope (%eth0) is this machine's own numbering and means nothing to the server.
        if (address.AddressFamily == AddressFamily.InterNetworkV6) address = new(address.GetAddressBytes());
        return address.ToString();
    }
}
