using System.Globalization;
using System.Net;

namespace Testbed.Probes.Sockets.Raw;

/// <summary>The station that an interface's packets go to first, as the kernel knows it.</summary>
internal static class NextHop
{
    private const string Neighbours = "/proc/net/arp", Routes = "/proc/net/route";
    private const int EthernetType = 1;
    private static readonly byte[] Broadcast = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];

    /// <summary>
    /// Its hardware address: the default gateway's, else any neighbour's, else broadcast; empty on a link without
    /// hardware addresses, as modems have.
    /// </summary>
    public static byte[] MacOn(string device)
    {
        string type = $"/sys/class/net/{device}/type";
        if (File.Exists(type) && File.ReadAllText(type).Trim() != $"{EthernetType}") return [];
        return Find(File.ReadLines(Neighbours), File.ReadLines(Routes), device) ?? Broadcast;
    }

    /// <param name="neighbours">Lines of /proc/net/arp: address, type, flags, hardware address, mask, device.</param>
    /// <param name="routes">Lines of /proc/net/route: device, destination, gateway, ...</param>
    internal static byte[]? Find(IEnumerable<string> neighbours, IEnumerable<string> routes, string device)
    {
        IPAddress[] gateways = [.. routes.Select(Split)
            .Where(words => words.Length > 2 && words[0] == device && words[1] == "00000000")
            .Select(words => Gateway(words[2])).OfType<IPAddress>()];
        byte[]? any = null;
        foreach (string[] words in neighbours.Select(Split))
        {
            if (words.Length < 6 || words[5] != device || Mac(words[3]) is not { } mac) continue;
            if (IPAddress.TryParse(words[0], out IPAddress? address) && gateways.Contains(address)) return mac;
            any ??= mac;
        }
        return any;
    }

    private static string[] Split(string line) =>
        line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IPAddress? Gateway(string hex) =>
        uint.TryParse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint bits) && bits != 0
            ? new(bits) : null;

    private static byte[]? Mac(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length != 6) return null;
        byte[] mac = new byte[6];
        for (int i = 0; i < mac.Length; i++)
            if (!byte.TryParse(parts[i], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out mac[i])) return null;
        // An entry that is being asked for has none yet.
        return mac.Any(part => part != 0) ? mac : null;
    }
}
