using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Testbed.Conformance.Results;

namespace Testbed.Probes.Tests.Exposure;

/// <summary>EXP-007: what a catalogue lists, and who gets our token for it.</summary>
public sealed class DiscoveryTests
{
    private const string Api = "3gpp-as-session-with-qos";
    private readonly ConcurrentBag<(int Port, string Path, string Token)> _calls = [];

    [SetUp]
    public void Forget() => _calls.Clear();

    /// <summary>A NEF with its catalogue, which lists the API at this host and port; 0 is the NEF's own.</summary>
    private Task<FakeNef> NefAsync(string host, Func<int> port) => FakeNef.StartAsync(async context =>
    {
        _calls.Add((
            context.Connection.LocalPort, context.Request.Path, context.Request.Headers.Authorization.ToString()));
        if (!context.Request.Path.StartsWithSegments("/service-apis"))
        {
            return;
        }
        int at = port() == 0 ? context.Connection.LocalPort : port();
        string server = char.IsDigit(host[0])
            ? $$"""{"interfaceDescriptions":[{"ipv4Addr":"{{host}}","port":{{at}}}],"""
            : $$"""{"domainName":"{{host}}:{{at}}",""";
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync($$"""
            {"serviceAPIDescriptions":[{"apiName":"{{Api}}","apiId":"1","aefProfiles":[
            {{server}}"aefId":"aef1","protocol":"HTTP_1_1","dataFormat":"JSON","securityMethods":["OAUTH"],
            "versions":[{"apiVersion":"v1",
            "resources":[{"resourceName":"r","commType":"REQUEST_RESPONSE","uri":"/{scsAsId}/subscriptions"}]}]}]}]}
            """);
    });

    private async Task<KpiResult> DiscoverAsync(FakeNef nef) =>
        (await nef.RunAsync("exposure-discovery")).Outcome.Kpis.Single();

    [TestCase("127.0.0.1")]
    [TestCase("localhost")]
    public async Task The_claimed_server_is_called_with_our_token_by_whatever_name_it_is_listed(string host)
    {
        await using FakeNef nef = await NefAsync(host, () => 0);
        KpiResult kpi = await DiscoverAsync(nef);
        Assert.That((kpi.Value, kpi.NotUsable?.En), Is.EqualTo((0m, (string?)null)),
            () => string.Join('\n', kpi.Findings.Select(finding => finding.En)));
        Assert.That(_calls.Single(call => call.Path.Contains(Api)).Token, Does.StartWith("Bearer "));
    }

    [Test]
    public async Task A_server_that_the_claim_does_not_name_is_not_called_and_named()
    {
        await using FakeNef nef = await NefAsync("192.0.2.7", () => 8443);
        KpiResult kpi = await DiscoverAsync(nef);
        Assert.That(kpi.NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(kpi.Findings.Select(finding => finding.En),
            Has.Some.Contains("192.0.2.7:8443, a host that the claim does not name: it was not called"));
    }

    [TestCase(401, 0)]
    [TestCase(404, 1)]
    public async Task Another_port_of_a_claimed_host_is_asked_without_a_token(int status, int failures)
    {
        int port = 0;
        await using FakeNef nef = await NefAsync("127.0.0.1", () => port);
        List<string> tokens = [];
        await using FakeNef other = await FakeNef.StartAsync(context =>
        {
            tokens.Add(context.Request.Headers.Authorization.ToString());
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        }, _ => nef.Issue());
        port = new Uri(other.Root).Port;
        KpiResult kpi = await DiscoverAsync(nef);
        Assert.That((kpi.Value, kpi.NotUsableVerdict),
            Is.EqualTo(((decimal)failures, failures > 0 ? null : (Verdict?)Verdict.Inconclusive)));
        Assert.That(tokens.Distinct(), Is.EqualTo(new[] { "" }));
    }
}
