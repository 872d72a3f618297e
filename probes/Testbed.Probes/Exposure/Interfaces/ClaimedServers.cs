using System.Net;
using System.Net.Sockets;

namespace Testbed.Probes.Exposure.Interfaces;

/// <summary>Whose server an address in a catalogue is.</summary>
internal enum ServerPlace
{
    /// <summary>One that the claim names: host and port.</summary>
    Claimed,
    /// <summary>Another port of a host that the claim names: it may be asked, and gets no token.</summary>
    ClaimedHost,
    /// <summary>A host that the claim does not name: it is not touched.</summary>
    Elsewhere,
}

/// <summary>One way to an API that a catalogue gives.</summary>
internal sealed record ListedApi(string Name, Uri? Resource)
{
    public ServerPlace Place { get; init; } = ServerPlace.Claimed;
}

/// <summary>
/// The servers that a claim names. A catalogue may call one of them by address where the claim has its name, or the
/// other way round: that is the same server, and it is called as the claim has it.
/// </summary>
internal sealed class ClaimedServers
{
    private readonly List<(Uri Root, IPAddress[] Addresses)> _servers = [];

    private ClaimedServers()
    {
    }

    public static async Task<ClaimedServers> OfAsync(ExposureAccess access, CancellationToken cancellation)
    {
        ClaimedServers servers = new();
        foreach (Uri? root in (Uri?[])[access.Root, access.TokenEndpoint, access.Capif, access.Camara])
            if (root is not null && servers._servers.All(each => each.Root.Authority != root.Authority))
                servers._servers.Add((root, await AddressesAsync(root.DnsSafeHost, cancellation)));
        return servers;
    }

    public async Task<ListedApi> PlaceAsync(ListedApi api, CancellationToken cancellation)
    {
        if (api.Resource is not { } resource) return api;
        if (_servers.Any(each => each.Root.Scheme == resource.Scheme && each.Root.Authority == resource.Authority))
            return api;
        IPAddress[] addresses = await AddressesAsync(resource.DnsSafeHost, cancellation);
        List<Uri> sameHost = [.. _servers.Where(each => IsSameHost(each.Root, each.Addresses, resource, addresses))
            .Select(each => each.Root)];
        if (sameHost.Find(root => root.Port == resource.Port && root.Scheme == resource.Scheme) is not { } same)
            return api with { Place = sameHost.Count > 0 ? ServerPlace.ClaimedHost : ServerPlace.Elsewhere };
        return api with { Resource = new UriBuilder(resource) { Host = same.Host }.Uri };
    }

    private static bool IsSameHost(Uri root, IPAddress[] claimed, Uri resource, IPAddress[] listed) =>
        string.Equals(root.DnsSafeHost, resource.DnsSafeHost, StringComparison.OrdinalIgnoreCase)
        || claimed.Intersect(listed).Any();

    /// <summary>None where the name does not resolve.</summary>
    private static async Task<IPAddress[]> AddressesAsync(string host, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host, out IPAddress? address)) return [address];
        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellation);
        }
        catch (SocketException)
        {
            return [];
        }
    }
}
