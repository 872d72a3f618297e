using System.Net.Sockets;
using Grpc.Net.Client;

namespace Testbed.Agent.Uplink;

/// <summary>Where the site server is: <c>unix:PATH</c> or <c>https://HOST:PORT</c>.</summary>
internal sealed record ServerAddress(string Text, string? SocketPath)
{
    // A silent network is noticed within ten seconds; a closed socket at once.
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(5);

    public static ServerAddress Parse(string text)
    {
        if (text.StartsWith("unix:", StringComparison.Ordinal) && text.Length > "unix:".Length)
            return new(text, text["unix:".Length..]);
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme == Uri.UriSchemeHttps)
            return new(text, null);
        throw new AgentException(AgentFault.BadOption,
            new($"无法识别的服务器地址“{text}”。", $"'{text}' is no server address."),
            new("示例：unix:/run/testbed.sock 或 https://10.0.0.1:7443",
                "Examples: unix:/run/testbed.sock or https://10.0.0.1:7443"));
    }

    public GrpcChannel Open()
    {
        SocketsHttpHandler handler = new()
        {
            UseProxy = false,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = PingDelay,
            KeepAlivePingTimeout = PingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        };
        if (SocketPath is null)
            return GrpcChannel.ForAddress(Text, new() { HttpHandler = handler, DisposeHttpClient = true });
        handler.ConnectCallback = ConnectAsync;
        // The name is never looked up: the callback dials the socket.
        return GrpcChannel.ForAddress("http://localhost", new() { HttpHandler = handler, DisposeHttpClient = true });
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath!), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
