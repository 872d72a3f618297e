using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Testbed.Conformance;
using Testbed.Probes.Http;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Exposure;

/// <summary>
/// How a test reaches the exposure interfaces. Parameters: root, tokenEndpoint, clientId, secret (env:NAME), ca (PEM,
/// may be empty), afId; capif and camara where the claim has them.
/// </summary>
internal sealed class ExposureAccess : IDisposable
{
    private const int PemLengthMax = 64 * 1024;

    private ExposureAccess(ProbeParameters parameters, IProbeHost host)
    {
        Root = parameters.Web("root");
        TokenEndpoint = parameters.Web("tokenEndpoint");
        AfId = parameters.Text("afId", 200);
        Capif = parameters.WebOrNull("capif");
        Camara = parameters.WebOrNull("camara");
        string pem = parameters.Text("ca", PemLengthMax);
        Roots = pem.Length == 0 ? null : CertificateTrust.ReadRoots(pem)
            ?? throw new ProbeParameterException("ca", "certificates in PEM", "something else");
        Client = new(Roots, host.Time);
        Tokens = new(Client, TokenEndpoint, parameters.Text("clientId", 200),
            SecretReference.Resolve(parameters.Text("secret", 200)));
        Token = new(Tokens);
    }

    public Uri Root { get; }
    public Uri TokenEndpoint { get; }
    public Uri? Capif { get; }
    public Uri? Camara { get; }
    public string AfId { get; }
    public X509Certificate2Collection? Roots { get; }
    public ApiClient Client { get; }
    public TokenClient Tokens { get; }
    public TokenSource Token { get; }

    /// <exception cref="ProbeParameterException">A parameter is missing or wrong.</exception>
    /// <exception cref="SecretMissing">The kit's environment does not hold the secret.</exception>
    public static ExposureAccess Open(ProbeParameters parameters, IProbeHost host) => new(parameters, host);

    /// <summary>Subscriptions of an application function; our own where <paramref name="owner"/> is null.</summary>
    /// <param name="api">As in TS 29.122 and TS 29.522, e.g. <c>3gpp-as-session-with-qos</c>.</param>
    public Uri Subscriptions(string api, string? owner = null) =>
        Below(Root, $"{api}/v1/{Uri.EscapeDataString(owner ?? AfId)}/subscriptions");

    public static Uri Below(Uri root, string path) => new($"{root.AbsoluteUri.TrimEnd('/')}/{path}");

    /// <summary>
    /// Whether a link in a notification names this resource: by its last two segments, as a NEF behind a gateway may
    /// know another root for itself than its callers do.
    /// </summary>
    public static bool IsLinkTo(Uri resource, string? link) =>
        link is not null && Uri.TryCreate(resource, link, out Uri? named)
        && Tail(named).SequenceEqual(Tail(resource), StringComparer.Ordinal);

    private static IEnumerable<string> Tail(Uri address) =>
        address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).TakeLast(2);

    /// <summary>Calls with a token that lives. Where none is to be had, the answer is the token endpoint's.</summary>
    public async Task<ApiAnswer> CallAsync(ApiRequest request, CancellationToken cancellation)
    {
        TokenResult token = await Token.GetAsync(cancellation).ConfigureAwait(false);
        return token.Token is null ? token.Answer
            : await Client.CallAsync(request with { Token = token.Token }, cancellation).ConfigureAwait(false);
    }

    /// <summary>The kit's own address on the way to the NEF: where notifications can come to.</summary>
    /// <exception cref="NoWayThere">The name does not resolve, or there is no route.</exception>
    public IPAddress LocalAddress()
    {
        try
        {
            // Connecting a datagram socket asks the kernel for a route and sends nothing.
            using Socket socket = new(SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(Root.DnsSafeHost, Root.Port);
            IPAddress local = ((IPEndPoint)socket.LocalEndPoint!).Address;
            return local.IsIPv4MappedToIPv6 ? local.MapToIPv4() : local;
        }
        catch (SocketException failure)
        {
            throw new NoWayThere(Root.DnsSafeHost, failure.SocketErrorCode.ToString());
        }
    }

    /// <summary>Deletes a resource whatever becomes of the test, with a few seconds of its own.</summary>
    public async Task<ApiAnswer?> CleanUpAsync(Uri resource)
    {
        using CancellationTokenSource patience = new(CleanUpWithin);
        try
        {
            return await CallAsync(new(HttpMethod.Delete, resource), patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <remarks>An interrupted run waits 3 s for its tasks.</remarks>
    private static readonly TimeSpan CleanUpWithin = TimeSpan.FromSeconds(2);

    public void Dispose() => Client.Dispose();
}

/// <summary>The kit has no address from which the NEF could be reached.</summary>
internal sealed class NoWayThere(string host, string why) : ProbeFault($"no way to {host}: {why}")
{
    public override LocalText Text => new($"无法到达 {host}：{why}", Message);
}
