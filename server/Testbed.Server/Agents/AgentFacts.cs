using System.Net;
using Testbed.Agents.V1;

namespace Testbed.Server.Agents;

/// <summary>What an agent said of itself when it dialled in.</summary>
/// <param name="BootId">Agents with the same value share one clock; empty when the agent could not read it.</param>
/// <param name="Interfaces">Addresses by interface name.</param>
/// <param name="ClockJson">The agent's clock query, canonical JSON; empty when it made none.</param>
public sealed record AgentFacts(
    string Kit, string Version, string BootId, IReadOnlyDictionary<string, IReadOnlyList<IPAddress>> Interfaces,
    string ClockJson, int Pid)
{
    private const int InterfacesMax = 4096;
    private const int AddressesMax = 65_536;
    private const int TextLengthMax = 64 * 1024;

    /// <summary>Addresses of all interfaces, loopback left out.</summary>
    public IEnumerable<IPAddress> Addresses =>
        Interfaces.Values.SelectMany(addresses => addresses).Where(address => !IPAddress.IsLoopback(address));

    /// <summary>Checks a greeting's bounds; null when one is broken.</summary>
    internal static AgentFacts? From(Hello hello)
    {
        if (hello.Kit.Length is 0 or > 100 || hello.Version.Length > 200 || hello.BootId.Length > 100) return null;
        if (hello.ClockJson.Length > TextLengthMax || hello.Interfaces.Count > InterfacesMax) return null;
        if (hello.Interfaces.Sum(each => each.Addresses.Count) > AddressesMax) return null;
        Dictionary<string, IReadOnlyList<IPAddress>> interfaces = new(StringComparer.Ordinal);
        foreach (NetworkInterface each in hello.Interfaces)
            if (!interfaces.TryAdd(each.Name, [.. each.Addresses.Select(Parse).OfType<IPAddress>()])) return null;
        return new(hello.Kit, hello.Version, hello.BootId, interfaces, hello.ClockJson, hello.Pid);
    }

    // An agent may write a prefix length or a zone behind the address; only the address matters here.
    private static IPAddress? Parse(string text) =>
        IPAddress.TryParse(text.Split('/', '%')[0], out IPAddress? address) ? address : null;
}
