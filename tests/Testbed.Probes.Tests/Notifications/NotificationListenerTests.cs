using System.Net;
using System.Net.Sockets;
using System.Text;
using Testbed.Probes.Notifications;

namespace Testbed.Probes.Tests.Notifications;

public sealed class NotificationListenerTests
{
    private static readonly byte[] Nonce = new byte[32];
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);
    private readonly HttpClient _client = new();
    private NotificationListener _listener = null!;

    [SetUp]
    public async Task Listen() => _listener = await NotificationListener.StartAsync(
        IPAddress.Loopback, FreePort(), Nonce, "test", CancellationToken.None);

    [TearDown]
    public async Task Close() => await _listener.DisposeAsync();

    [OneTimeTearDown]
    public void CloseClient() => _client.Dispose();

    [Test]
    public async Task A_notification_lands_in_the_box_whose_address_it_was_sent_to()
    {
        NotificationBox one = _listener.Open(), other = _listener.Open();
        Assert.That(await PostAsync(one.Address, "{\"a\":1}"), Is.EqualTo(HttpStatusCode.NoContent));
        Notification? got = await one.NextAsync(Soon, TimeProvider.System, CancellationToken.None);
        Assert.That(Encoding.UTF8.GetString(got!.Body), Is.EqualTo("{\"a\":1}"));
        Assert.That(other.TakeAll(), Is.Empty);
    }

    /// <summary>3GPP network functions speak HTTP/2 with prior knowledge (TS 29.500 §5.2.1).</summary>
    [Test]
    public async Task Both_versions_of_HTTP_are_taken_on_the_one_port()
    {
        NotificationBox box = _listener.Open();
        foreach (Version version in (Version[])[HttpVersion.Version20, HttpVersion.Version11, HttpVersion.Version20])
        {
            using HttpRequestMessage request = new(HttpMethod.Post, box.Address)
            {
                Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new StringContent($"{{\"v\":{version.Major}}}", Encoding.UTF8, "application/json"),
            };
            using HttpResponseMessage response = await _client.SendAsync(request);
            Assert.That((response.StatusCode, response.Version), Is.EqualTo((HttpStatusCode.NoContent, version)));
        }
        Assert.That(box.TakeAll().Select(got => Encoding.UTF8.GetString(got.Body)),
            Is.EqualTo(new[] { "{\"v\":2}", "{\"v\":1}", "{\"v\":2}" }));
    }

    [TestCase("P")]
    [TestCase("PRI * HTTP/2.0\r\n\r\nXX")]
    [TestCase("GET")]
    public async Task Half_a_beginning_and_rubbish_leave_the_listener_as_it_was(string beginning)
    {
        NotificationBox box = _listener.Open();
        using (TcpClient rude = new())
        {
            await rude.ConnectAsync(_listener.Root.Host, _listener.Root.Port);
            await rude.GetStream().WriteAsync(Encoding.ASCII.GetBytes(beginning));
            Assert.That(await PostAsync(box.Address, "{}"), Is.EqualTo(HttpStatusCode.NoContent));
        }
        Assert.That(await PostAsync(box.Address, "{}"), Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(box.TakeAll(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_beginning_that_comes_byte_by_byte_is_understood()
    {
        NotificationBox box = _listener.Open();
        using TcpClient slow = new();
        await slow.ConnectAsync(_listener.Root.Host, _listener.Root.Port);
        NetworkStream stream = slow.GetStream();
        string request = $"POST {box.Address.AbsolutePath} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{{}}";
        foreach (byte each in Encoding.ASCII.GetBytes(request)) await stream.WriteAsync(new[] { each });
        byte[] answer = new byte[12];
        await stream.ReadExactlyAsync(answer);
        Assert.That(Encoding.ASCII.GetString(answer), Is.EqualTo("HTTP/1.1 204"));
    }

    [Test]
    public async Task An_address_that_was_never_given_out_is_counted()
    {
        Assert.That(await PostAsync(new(_listener.Root, "0123"), "{}"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(_listener.Unknown, Is.EqualTo(1));
    }

    [Test]
    public async Task A_body_that_is_too_long_is_counted_and_not_kept()
    {
        NotificationBox box = _listener.Open();
        await PostAsync(box.Address, new string('x', 100_000));
        Assert.That((box.Refused, box.TakeAll().Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task What_is_not_posted_is_no_notification()
    {
        NotificationBox box = _listener.Open();
        using HttpResponseMessage response = await _client.GetAsync(box.Address);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        Assert.That((box.Refused, box.TakeAll().Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task Waiting_ends_when_nothing_comes() => Assert.That(
        await _listener.Open().NextAsync(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None),
        Is.Null);

    [Test]
    public void A_full_box_counts_what_it_throws_away()
    {
        NotificationBox box = new(new("http://127.0.0.1/x"), countMax: 2);
        for (int i = 0; i < 5; i++) box.TryPut(new(0, null, []));
        Assert.That((box.TakeAll().Count, box.Refused), Is.EqualTo((2, 3)));
    }

    private async Task<HttpStatusCode> PostAsync(Uri address, string body)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _client.PostAsync(address, content);
        return response.StatusCode;
    }

    private static int FreePort()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return port;
    }
}
