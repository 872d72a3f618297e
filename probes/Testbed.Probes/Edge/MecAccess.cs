using System.Security.Cryptography.X509Certificates;
using Testbed.Probes.Http;

namespace Testbed.Probes.Edge;

/// <summary>
/// How a test reaches a MEC platform. Parameters: root (of one API), token (env:NAME, may be empty), ca (PEM, may be
/// empty), app (the application instance that services are registered for).
/// </summary>
internal sealed class MecAccess : IDisposable
{
    private const int PemLengthMax = 64 * 1024;
    /// <remarks>An interrupted run waits 3 s for its tasks.</remarks>
    private static readonly TimeSpan CleanUpWithin = TimeSpan.FromSeconds(2);

    private readonly Uri _root;
    private readonly ApiClient _client;

    private MecAccess(ProbeParameters parameters, IProbeHost host)
    {
        _root = parameters.Web("root");
        App = parameters.Text("app", 100);
        string pem = parameters.Text("ca", PemLengthMax), reference = parameters.Text("token", 200);
        X509Certificate2Collection? roots = pem.Length == 0 ? null : CertificateTrust.ReadRoots(pem)
            ?? throw new ProbeParameterException("ca", "certificates in PEM", "something else");
        Token = reference.Length == 0 ? null : SecretReference.Resolve(reference);
        _client = new(roots, host.Time);
    }

    public string App { get; }
    /// <summary>Null where the claim names none.</summary>
    public string? Token { get; }

    /// <exception cref="ProbeParameterException">A parameter is missing or wrong.</exception>
    /// <exception cref="SecretMissing">The kit's environment does not hold the token.</exception>
    public static MecAccess Open(ProbeParameters parameters, IProbeHost host) => new(parameters, host);

    /// <param name="path">Below the API's root, without a slash in front.</param>
    public Uri Below(string path) => new($"{_root.AbsoluteUri.TrimEnd('/')}/{path}");

    /// <summary>Below the resources of the application instance.</summary>
    public Uri OfApp(string path) => Below($"applications/{Uri.EscapeDataString(App)}/{path}");

    /// <summary>Whether a resource that the platform names is one of its own, under the API's root.</summary>
    public bool IsOwn(Uri resource) => resource.Scheme == _root.Scheme && resource.Authority == _root.Authority
        && resource.AbsolutePath.StartsWith(_root.AbsolutePath.TrimEnd('/') + "/", StringComparison.Ordinal);

    /// <summary>Calls with the claim's token.</summary>
    public Task<ApiAnswer> CallAsync(ApiRequest request, CancellationToken cancellation) =>
        CallAsync(request, Token, cancellation);

    public Task<ApiAnswer> CallAsync(ApiRequest request, string? token, CancellationToken cancellation) =>
        _client.CallAsync(request with { Token = token }, cancellation);

    /// <summary>Deletes a resource whatever becomes of the test, with a few seconds of its own.</summary>
    public async Task<bool> CleanUpAsync(Uri resource)
    {
        if (!IsOwn(resource)) return false;
        using CancellationTokenSource patience = new(CleanUpWithin);
        try
        {
            return (await CallAsync(new(HttpMethod.Delete, resource), patience.Token)).IsSuccess;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose() => _client.Dispose();
}
