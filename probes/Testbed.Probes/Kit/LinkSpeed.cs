using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;

namespace Testbed.Probes.Kit;

/// <summary>What the network ports of a kit carry at most, as the kernel tells it (sysfs-class-net).</summary>
internal static class LinkSpeed
{
    private const string Root = "/sys/class/net";

    /// <summary>
    /// Of the ports that have one of these addresses the slowest, in Mbit/s; null where none tells its speed.
    /// </summary>
    public static decimal? Slowest(IReadOnlyCollection<IPAddress> addresses)
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces()
                .Where(port => port.GetIPProperties().UnicastAddresses.Any(own => addresses.Contains(own.Address)))
                .Min(port => Mbps(Root, port.Name));
        }
        catch (NetworkInformationException)
        {
            return null;
        }
    }

    /// <summary>
    /// The negotiated rate of a real port; null for a virtual one, whose figure means nothing, and for one without a
    /// link.
    /// </summary>
    public static decimal? Mbps(string root, string name)
    {
        string port = Path.Combine(root, name);
        try
        {
            if (!Directory.Exists(Path.Combine(port, "device"))) return null;
            string text = File.ReadAllText(Path.Combine(port, "speed"));
            return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int mbps) && mbps > 0
                ? mbps : null;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
