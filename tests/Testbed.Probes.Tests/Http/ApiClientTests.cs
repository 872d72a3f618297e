using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Testbed.Probes.Http;

namespace Testbed.Probes.Tests.Http;

/// <summary>Whatever a peer does is a result with a cause, and none takes longer than the limits say.</summary>
public sealed class ApiClientTests
{
    private static readonly CallLimits Limits = CallLimits.Default with
    {
        Deadline = TimeSpan.FromMilliseconds(700), BodyBytesMax = 64 * 1024,
        RetryAfter = TimeSpan.FromMilliseconds(1),
    };
    private readonly TestCertificates _certificates = new();

    [OneTimeTearDown]
    public void Close() => _certificates.Dispose();

    [Test]
    public async Task A_peer_that_says_nothing_is_a_hang()
    {
        await using BadPeer peer = new((_, stop) => Task.Delay(Timeout.Infinite, stop));
        Assert.That((await GetAsync(peer)).Fault, Is.EqualTo(CallFault.Hang));
    }

    [Test]
    public async Task A_peer_that_connects_and_never_shakes_hands_is_a_hang_and_not_out_of_reach()
    {
        await using BadPeer peer = new((_, stop) => Task.Delay(Timeout.Infinite, stop));
        using ApiClient client = new(
            _certificates.Roots, TimeProvider.System, Limits with { ConnectWithin = TimeSpan.FromMilliseconds(200) });
        Uri tls = new(peer.Root.ToString().Replace("http:", "https:", StringComparison.Ordinal));
        ApiAnswer answer = await client.CallAsync(new(HttpMethod.Get, tls), CancellationToken.None);
        Assert.That(answer.Fault, Is.EqualTo(CallFault.Hang));
    }

    [Test]
    public async Task A_body_that_trickles_without_end_is_a_hang()
    {
        await using BadPeer peer = new(async (stream, stop) =>
        {
            await BadPeer.Saying("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")(stream, stop);
            while (!stop.IsCancellationRequested)
            {
                await stream.WriteAsync("x"u8.ToArray(), stop);
                await Task.Delay(100, stop);
            }
        });
        Assert.That((await GetAsync(peer)).Fault, Is.EqualTo(CallFault.Hang));
    }

    [Test]
    public async Task A_connection_that_ends_before_the_answer_is_a_reset_and_a_read_is_tried_again()
    {
        await using BadPeer peer = new((stream, stop) => BadPeer.ReadHeadAsync(stream, stop));
        ApiAnswer answer = await GetAsync(peer);
        Assert.That(answer.Fault, Is.EqualTo(CallFault.Reset));
        Assert.That(answer.Tries, Is.EqualTo(1 + Limits.RetriesMax));
    }

    [Test]
    public async Task A_call_that_may_have_had_an_effect_is_never_sent_twice()
    {
        await using BadPeer peer = new((stream, stop) => BadPeer.ReadHeadAsync(stream, stop));
        using ApiClient client = new(null, TimeProvider.System, Limits);
        ApiAnswer answer = await client.CallAsync(
            new ApiRequest(HttpMethod.Post, peer.Root).With("{}"), CancellationToken.None);
        Assert.That((answer.Tries, peer.Connections), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task A_body_longer_than_the_limit_is_not_read_to_its_end()
    {
        await using BadPeer peer = new(async (stream, stop) =>
        {
            await BadPeer.Saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")(stream, stop);
            byte[] chunk = Encoding.ASCII.GetBytes($"10000\r\n{new string('x', 0x10000)}\r\n");
            while (!stop.IsCancellationRequested) await stream.WriteAsync(chunk, stop);
        });
        long before = GC.GetTotalAllocatedBytes();
        ApiAnswer answer = await GetAsync(peer);
        Assert.That(answer.Fault, Is.EqualTo(CallFault.TooLarge));
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(16 << 20));
    }

    [Test]
    public async Task A_body_announced_with_ten_gigabytes_is_not_asked_for()
    {
        await using BadPeer peer = new(BadPeer.Saying("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n"));
        Assert.That((await GetAsync(peer)).Fault, Is.EqualTo(CallFault.TooLarge));
    }

    [Test]
    public async Task A_redirect_is_an_answer_and_is_not_followed()
    {
        await using BadPeer other = new(BadPeer.Saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        await using BadPeer peer = new(BadPeer.Saying(
            $"HTTP/1.1 302 Found\r\nLocation: {other.Root}\r\nContent-Length: 0\r\n\r\n"));
        ApiAnswer answer = await GetAsync(peer);
        Assert.That((answer.IsRedirect, answer.IsSuccess, other.Connections), Is.EqualTo((true, false, 0)));
    }

    [Test]
    public async Task A_page_instead_of_JSON_is_an_answer_without_JSON()
    {
        await using BadPeer peer = new(BadPeer.Saying(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>"));
        ApiAnswer answer = await GetAsync(peer);
        Assert.That(answer.Json(), Is.Null);
        Assert.That(answer.Summary.En, Is.EqualTo("answer 200 (text/html)"));
    }

    [Test]
    public async Task What_is_no_HTTP_is_told_apart()
    {
        await using BadPeer peer = new(BadPeer.Saying("SSH-2.0-OpenSSH_9.2\r\n"));
        Assert.That((await GetAsync(peer)).Fault, Is.EqualTo(CallFault.NotHttp));
    }

    [Test]
    public async Task A_port_where_nobody_listens_is_a_refusal()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Uri root = new($"http://{listener.LocalEndpoint}/");
        listener.Stop();
        using ApiClient client = new(null, TimeProvider.System, Limits);
        ApiAnswer answer = await client.CallAsync(new(HttpMethod.Get, root), CancellationToken.None);
        Assert.That(answer.Fault, Is.EqualTo(CallFault.Refused));
    }

    [TestCase("CertificateExpired")]
    [TestCase("CertificateWrongName")]
    [TestCase("CertificateUnknownIssuer")]
    [TestCase("None")]
    public async Task The_flaw_of_a_certificate_is_named(string name)
    {
        CallFault flaw = Enum.Parse<CallFault>(name);
        X509Certificate2 certificate = flaw switch
        {
            CallFault.CertificateExpired => _certificates.Expired(),
            CallFault.CertificateWrongName => _certificates.WrongName(),
            CallFault.CertificateUnknownIssuer => TestCertificates.OfAnotherCa(),
            _ => _certificates.Good(),
        };
        await using BadPeer peer = new(BadPeer.Saying("HTTP/1.1 204 No Content\r\n\r\n"), certificate);
        Assert.That((await GetAsync(peer, _certificates.Roots)).Fault, Is.EqualTo(flaw));
    }

    [Test]
    public async Task Plain_HTTP_where_TLS_should_be_is_no_TLS()
    {
        await using BadPeer peer = new(BadPeer.Saying("HTTP/1.1 400 Bad Request\r\n\r\n"));
        using ApiClient client = new(_certificates.Roots, TimeProvider.System, Limits);
        Uri tls = new(peer.Root.ToString().Replace("http:", "https:", StringComparison.Ordinal));
        ApiAnswer answer = await client.CallAsync(new(HttpMethod.Get, tls), CancellationToken.None);
        Assert.That(answer.Fault, Is.AnyOf(CallFault.NoTls, CallFault.Hang, CallFault.Reset));
        Assert.That(answer.IsAnswered, Is.False);
    }

    [Test]
    public async Task A_peer_that_speaks_HTTP_2_is_spoken_to_in_HTTP_2()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        using X509Certificate2 certificate = _certificates.Good();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(certificate)));
        await using WebApplication server = builder.Build();
        server.Run(context => context.Response.WriteAsync("{}"));
        await server.StartAsync();
        using ApiClient client = new(_certificates.Roots, TimeProvider.System, Limits);
        ApiAnswer answer = await client.CallAsync(
            new(HttpMethod.Get, new(server.Urls.Single())), CancellationToken.None);
        Assert.That((answer.Fault, answer.HttpVersion), Is.EqualTo((CallFault.None, HttpVersion.Version20)));
    }

    [Test]
    public async Task Cancelling_is_the_callers_and_is_thrown()
    {
        await using BadPeer peer = new((_, stop) => Task.Delay(Timeout.Infinite, stop));
        using ApiClient client = new(null, TimeProvider.System, Limits with { Deadline = TimeSpan.FromMinutes(1) });
        using CancellationTokenSource cancel = new(TimeSpan.FromMilliseconds(100));
        Assert.That(
            async () => await client.CallAsync(new(HttpMethod.Get, peer.Root), cancel.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase("\"\\ud800\"")]
    [TestCase("{\"\\udc00\":1}")]
    [TestCase("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    [TestCase("{\"a\":1}{")]
    [TestCase("")]
    public void JSON_that_would_throw_later_is_no_JSON(string text) =>
        Assert.That(PeerJson.Parse(Encoding.UTF8.GetBytes(text)), Is.Null);

    [Test]
    public void A_secret_comes_from_the_kits_own_environment()
    {
        Environment.SetEnvironmentVariable("TESTBED_TEST_SECRET", "s3cret");
        Assert.Multiple(() =>
        {
            Assert.That(SecretReference.Resolve("env:TESTBED_TEST_SECRET"), Is.EqualTo("s3cret"));
            Assert.That(() => SecretReference.Resolve("env:TESTBED_NO_SUCH"), Throws.InstanceOf<SecretMissing>());
        });
    }

    private static async Task<ApiAnswer> GetAsync(BadPeer peer, X509Certificate2Collection? roots = null)
    {
        using ApiClient client = new(roots, TimeProvider.System, Limits);
        return await client.CallAsync(new(HttpMethod.Get, peer.Root), CancellationToken.None);
    }
}
