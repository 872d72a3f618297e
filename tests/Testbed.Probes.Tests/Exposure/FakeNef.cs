using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Testbed.Probes.Tests.Http;

namespace Testbed.Probes.Tests.Exposure;

/// <summary>A NEF over TLS that gives out tokens and answers everything else as a test wants.</summary>
internal sealed class FakeNef : IAsyncDisposable
{
    public const string SecretVariable = "TESTBED_TEST_NEF_SECRET";
    private readonly TestCertificates _certificates = new();
    private readonly X509Certificate2 _certificate;
    private readonly WebApplication _application;

    /// <summary>Takes a client's secret in the Authorization header only (RFC 6749 §2.3.1).</summary>
    public bool IsBasicOnly { get; set; }
    /// <summary>The scope that it says it grants, whatever was asked for; null says nothing.</summary>
    public string? Grants { get; set; }
    /// <summary>The status that its token endpoint answers when asked for a scope.</summary>
    public int ScopeStatus { get; set; } = 200;
    /// <summary>Ends probes that run until they are stopped.</summary>
    public CancellationToken Stop { get; set; }
    public string Root => _application.Urls.Single();

    /// <summary>A certificate of the CA that it is held to, for another server of the same lab.</summary>
    public X509Certificate2 Issue() => _certificates.Good();

    private FakeNef(Func<HttpContext, Task> answer, Func<TestCertificates, X509Certificate2>? certificate, int life)
    {
        _certificate = (certificate ?? (all => all.Good()))(_certificates);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(_certificate)));
        _application = builder.Build();
        _application.Run(async context =>
        {
            if (context.Request.Path != "/token")
            {
                await answer(context);
                return;
            }
            IFormCollection form = await context.Request.ReadFormAsync();
            bool isKnown = IsBasicOnly
                ? context.Request.Headers.Authorization == "Basic YWYxOnMzY3JldA==" : form["client_secret"] == "s3cret";
            context.Response.StatusCode = !isKnown ? 401 : form["scope"].Count > 0 ? ScopeStatus : 200;
            string scope = Grants is { } grants ? $",\"scope\":\"{grants}\"" : "";
            string token = form["client_id"] == "af2" ? "other" : $"{form["scope"]}t";
            await context.Response.WriteAsync(
                $$"""{"access_token":"{{token}}","token_type":"Bearer","expires_in":{{life}}{{scope}}}""");
        });
        Environment.SetEnvironmentVariable(SecretVariable, "s3cret");
    }

    public static async Task<FakeNef> StartAsync(
        Func<HttpContext, Task> answer, Func<TestCertificates, X509Certificate2>? certificate = null, int life = 3600)
    {
        FakeNef nef = new(answer, certificate, life);
        await nef._application.StartAsync();
        return nef;
    }

    /// <summary>Runs a probe against it, with all that any exposure probe asks for.</summary>
    public async Task<(ProbeOutcome Outcome, TestHost Host)> RunAsync(
        string kind, params (string Name, string Value)[] parameters)
    {
        string root = _application.Urls.Single();
        Dictionary<string, string> all = new()
        {
            ["root"] = root, ["tokenEndpoint"] = root + "/token", ["clientId"] = "af1",
            ["secret"] = "env:" + SecretVariable, ["ca"] = _certificates.Pem, ["afId"] = "af1",
            ["apis"] = "as-session-with-qos", ["ueAddress"] = "10.45.0.2", ["uePort"] = "20001",
            ["remoteAddress"] = "10.100.61.10", ["remotePort"] = "20002", ["qosReference"] = "gold",
            ["listenPort"] = $"{FreePort()}", ["expiryWaitSeconds"] = "0", ["count"] = "30", ["capif"] = root,
        };
        foreach ((string name, string value) in parameters) all[name] = value;
        TestHost host = new();
        ProbeOutcome outcome = await ProbeCatalogue.Find(kind)!.RunAsync(
            new(kind + "-1", kind, new byte[32], all), host, Stop);
        return (outcome, host);
    }

    private static int FreePort()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return port;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _certificate.Dispose();
        _certificates.Dispose();
    }
}
