using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Http;

/// <summary>
/// Calls one peer over HTTP/2, or HTTP/1.1 where it speaks no other, with TLS where the address says https. Follows no
/// redirect, keeps no cookie, uses no proxy. Whatever the peer does becomes an <see cref="ApiAnswer"/>.
/// </summary>
internal sealed class ApiClient : IDisposable
{
    private readonly CallLimits _limits;
    private readonly TimeProvider _time;
    private readonly CertificateTrust _trust;
    private readonly HttpClient _client;
    private int _connected;

    /// <param name="roots">CA certificates that a peer's must lead to; null: the system's.</param>
    public ApiClient(X509Certificate2Collection? roots, TimeProvider time, CallLimits? limits = null)
    {
        _limits = limits ?? CallLimits.Default;
        _time = time;
        _trust = new(roots, time);
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = _limits.ConnectWithin,
            ConnectCallback = ConnectAsync,
            EnableMultipleHttp2Connections = true,
            MaxResponseDrainSize = 0,
            MaxResponseHeadersLength = _limits.HeaderKilobytesMax,
            UseCookies = false,
            UseProxy = false,
            SslOptions = new()
            {
                RemoteCertificateValidationCallback = (sender, certificate, chain, _) => _trust.Accepts(
                    (sender as SslStream)?.TargetHostName ?? "", certificate, chain),
            },
        };
        // The deadline of a call is ours: it covers the body too.
        _client = new(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public CallLimits Limits => _limits;

    /// <summary>Sends one request; a repeatable one again when its connection failed, within the limits.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled; nothing else is thrown.</exception>
    public async Task<ApiAnswer> CallAsync(ApiRequest request, CancellationToken cancellation)
    {
        long calledNs = Clocks.RealtimeNs();
        for (int tries = 1; ; tries++)
        {
            ApiAnswer answer = await TryAsync(request, cancellation).ConfigureAwait(false);
            answer = answer with { CalledNs = calledNs, EndedNs = Clocks.RealtimeNs(), Tries = tries };
            bool again = request.IsRepeatable && tries <= _limits.RetriesMax
                && answer.Fault is (CallFault.Refused or CallFault.Reset);
            if (!again) return answer;
            await Task.Delay(_limits.RetryAfter, _time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Counts TCP connections that came about: whoever then says nothing is there, and hangs.</summary>
    private async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellation).ConfigureAwait(false);
            Interlocked.Increment(ref _connected);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<ApiAnswer> TryAsync(ApiRequest request, CancellationToken cancellation)
    {
        int connected = Volatile.Read(ref _connected);
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using ITimer timer = _time.CreateTimer(
            static state => ((CancellationTokenSource)state!).Cancel(), deadline, _limits.Deadline,
            Timeout.InfiniteTimeSpan);
        try
        {
            using HttpRequestMessage message = Message(request);
            using HttpResponseMessage response = await _client
                .SendAsync(message, HttpCompletionOption.ResponseHeadersRead, deadline.Token).ConfigureAwait(false);
            ApiAnswer answer = new()
            {
                Request = request, Status = response.StatusCode, HttpVersion = response.Version, Limits = _limits,
                Headers = [.. Flat(response.Headers), .. Flat(response.Content.Headers)],
            };
            // A body that says it is too long is not asked for at all.
            if (response.Content.Headers.ContentLength > _limits.BodyBytesMax) return TooLarge(request);
            await using Stream stream =
                await response.Content.ReadAsStreamAsync(deadline.Token).ConfigureAwait(false);
            byte[]? body = await BoundedBody.ReadAsync(stream, _limits.BodyBytesMax, deadline.Token)
                .ConfigureAwait(false);
            return body is null ? TooLarge(request) : answer with { Body = body };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new()
            {
                Request = request, Limits = _limits,
                Fault = deadline.IsCancellationRequested || Volatile.Read(ref _connected) != connected
                    ? CallFault.Hang : CallFault.Unreachable,
            };
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return new() { Request = request, Limits = _limits, Fault = CallFailure.Read(failure, _trust) };
        }
    }

    private ApiAnswer TooLarge(ApiRequest request) =>
        new() { Request = request, Limits = _limits, Fault = CallFault.TooLarge };

    private static HttpRequestMessage Message(ApiRequest request)
    {
        HttpRequestMessage message = new(request.Method, request.Address)
        {
            Version = request.Address.Scheme == Uri.UriSchemeHttps
                ? System.Net.HttpVersion.Version20 : System.Net.HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Headers.Accept.Add(new(ApiRequest.Json));
        message.Headers.Accept.Add(new("application/problem+json"));
        if (request.Token is { } token) message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach ((string name, string value) in request.Headers)
            message.Headers.TryAddWithoutValidation(name, value);
        if (request.Body is { } body) message.Content = SentBody.Of(body, request.MediaType);
        return message;
    }

    private static IEnumerable<(string Name, string Value)> Flat(HttpHeaders headers) =>
        headers.NonValidated.SelectMany(header => header.Value.Select(value => (header.Key, value)));

    public void Dispose() => _client.Dispose();
}
