using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Testbed.Conformance;
using Testbed.Probes.Http;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Notifications;

/// <summary>
/// Where peers post notifications: one random path a subscription, bodies and counts bounded, nothing answered that
/// was not asked for. Plain HTTP on the exposure network, as a peer cannot know the kit's certificate: HTTP/1.1, and
/// HTTP/2 with prior knowledge, which is what network functions speak (TS 29.500 §5.2.1), on the same port.
/// </summary>
internal sealed class NotificationListener : IAsyncDisposable
{
    /// <summary>In every address that a listener gives out, so that a later run knows what is this product's.</summary>
    public const string PathMark = "/testbed-";
    private const int BodyBytesMax = 64 * 1024;
    private const int NotificationsMax = 10_000;
    private const int ConnectionsMax = 64;
    private const int StreamsMax = 64;
    private const int PathBytes = 16;
    private const int NoContent = 204, NotFound = 404, NotAllowed = 405, TooLarge = 413, TooMany = 429;
    private static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(5);

    private readonly WebApplication _application;
    private readonly ConcurrentDictionary<string, NotificationBox> _boxes = new(StringComparer.Ordinal);
    private readonly byte[] _key;
    private readonly string _mark;
    private int _opened, _unknown;

    private NotificationListener(IPAddress address, int port, byte[] key, string mark)
    {
        (_key, _mark) = (key, mark);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
            kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
            kestrel.Limits.RequestHeadersTimeout = HeadersWithin;
            // RFC 9113 §3.3: a request is http here, also where PriorKnowledge had to name a protocol.
            kestrel.AllowAlternateSchemes = true;
            kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsMax;
            kestrel.Listen(address, port, endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http1AndHttp2;
                endpoint.Use(next => connection => PriorKnowledge.TellAsync(connection, next, HeadersWithin));
            });
        });
        _application = builder.Build();
        _application.Run(TakeAsync);
        Root = new($"http://{new IPEndPoint(address, port)}/");
    }

    /// <summary>Begins the path of every address that one run gives out: by it a run knows its own.</summary>
    public static string MarkOf(ReadOnlyMemory<byte> runNonce) =>
        $"{PathMark}{Convert.ToHexStringLower(ProbeKeys.Derive(runNonce.Span, "testbed run mark v1").AsSpan(0, 4))}-";

    public Uri Root { get; }

    /// <summary>Requests to addresses that were never given out.</summary>
    public int Unknown => Volatile.Read(ref _unknown);

    /// <param name="runNonce">Paths derive from it: a run can be repeated, and nobody outside can guess them.</param>
    /// <exception cref="ListenFault">The kit cannot listen there.</exception>
    public static async Task<NotificationListener> StartAsync(
        IPAddress address, int port, ReadOnlyMemory<byte> runNonce, string purpose, CancellationToken cancellation)
    {
        NotificationListener listener = new(
            address, port, ProbeKeys.Derive(runNonce.Span, "testbed notification path v1 " + purpose),
            MarkOf(runNonce));
        try
        {
            await listener._application.StartAsync(cancellation).ConfigureAwait(false);
            return listener;
        }
        catch (Exception refused) when (refused is IOException or System.Net.Sockets.SocketException)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
            throw new ListenFault(new(address, port), refused.Message);
        }
    }

    /// <summary>A new address.</summary>
    public NotificationBox Open()
    {
        Span<byte> number = stackalloc byte[sizeof(int)];
        BitConverter.TryWriteBytes(number, Interlocked.Increment(ref _opened));
        string path = _mark[1..] + Convert.ToHexStringLower(HMACSHA256.HashData(_key, number).AsSpan(0, PathBytes));
        NotificationBox box = new(new(Root, path), NotificationsMax);
        _boxes[path] = box;
        return box;
    }

    private async Task TakeAsync(HttpContext context)
    {
        string path = context.Request.Path.Value?.TrimStart('/') ?? "";
        if (!_boxes.TryGetValue(path, out NotificationBox? box))
        {
            Interlocked.Increment(ref _unknown);
            context.Response.StatusCode = NotFound;
            return;
        }
        context.Response.StatusCode = await PutAsync(context, box).ConfigureAwait(false);
    }

    private static async Task<int> PutAsync(HttpContext context, NotificationBox box)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            box.Refuse();
            return NotAllowed;
        }
        try
        {
            byte[]? body = await BoundedBody.ReadAsync(context.Request.Body, BodyBytesMax, context.RequestAborted)
                .ConfigureAwait(false);
            if (body is not null)
                return box.TryPut(new(Clocks.RealtimeNs(), context.Request.ContentType, body)) ? NoContent : TooMany;
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException)
        {
            // Half a notification is none; the count below says that it came.
        }
        box.Refuse();
        return TooLarge;
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync().ConfigureAwait(false);
}

/// <summary>The kit cannot listen for notifications.</summary>
internal sealed class ListenFault(IPEndPoint at, string why) : ProbeFault($"cannot listen on {at}: {why}")
{
    public override LocalText Text => new($"无法在 {at} 监听通知：{why}", Message);
}
