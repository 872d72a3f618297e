using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Testbed.Conformance;

namespace Testbed.Server.Agents;

/// <summary>Listens for a run's agents on a Unix domain socket that only its owner may open.</summary>
public sealed class AgentListener : IAsyncDisposable
{
    /// <remarks><c>sun_path</c> of unix(7) holds 108 bytes with the closing zero.</remarks>
    public const int PathBytesMax = 107;

    /// <summary>Four times the chunk that agents send.</summary>
    private const int MessageBytesMax = 4 * 1024 * 1024;

    private readonly WebApplication _application;

    private AgentListener(WebApplication application, string path) => (_application, Path) = (application, path);

    public string Path { get; }

    /// <exception cref="AgentListenerException">The path is too long, taken, or not writable.</exception>
    public static async Task<AgentListener> StartAsync(
        string path, string runId, byte[] nonce, AgentRegistry registry, EvidenceIntake intake, TimeProvider time,
        CancellationToken cancellation)
    {
        string full = System.IO.Path.GetFullPath(path);
        await ClearAsync(full, cancellation).ConfigureAwait(false);
        // An empty builder reads no settings and no environment: nothing outside can add an address to listen on.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = BindForOwner);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.ListenUnixSocket(full, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Limits.MaxRequestBodySize = null; // Streams; the intake has its own quota.
            kestrel.Limits.MinRequestBodyDataRate = null; // A heartbeat is a few bytes a second.
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = MessageBytesMax);
        builder.Services.AddSingleton(registry).AddSingleton(intake).AddSingleton(time)
            .AddSingleton(new RunGreeting(runId, nonce));
        WebApplication application = builder.Build();
        application.UseRouting();
        application.MapGrpcService<AgentHubService>();
        try
        {
            await application.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or SocketException or UnauthorizedAccessException)
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw new AgentListenerException(new(
                $"无法在 {full} 监听：{exception.Message}", $"cannot listen on {full}: {exception.Message}"));
        }
        return new(application, full);
    }

    public async ValueTask DisposeAsync()
    {
        using (CancellationTokenSource limit = new(TimeSpan.FromSeconds(2)))
            await _application.StopAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _application.DisposeAsync().ConfigureAwait(false);
        File.Delete(Path);
    }

    // Between bind and listen nobody can connect yet, so the path is never open to others.
    private static Socket BindForOwner(EndPoint endPoint)
    {
        Socket socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
        if (endPoint is UnixDomainSocketEndPoint && endPoint.ToString() is { } path && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return socket;
    }

    // A socket that a killed run left behind is taken away; one that somebody answers on is not.
    private static async Task ClearAsync(string path, CancellationToken cancellation)
    {
        if (Encoding.UTF8.GetByteCount(path) > PathBytesMax)
            throw new AgentListenerException(new(
                $"套接字路径过长（最多 {PathBytesMax} 字节）：{path}；请用 --socket /tmp/tb.sock",
                $"the socket path is longer than {PathBytesMax} bytes: {path}; try --socket /tmp/tb.sock"));
        if (!File.Exists(path)) return;
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await probe.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation).ConfigureAwait(false);
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException other)
        {
            throw new AgentListenerException(new(
                $"{path} 不是可用的套接字：{other.Message}", $"{path} is no usable socket: {other.Message}"));
        }
        throw new AgentListenerException(new(
            $"{path} 正被另一个运行使用", $"{path} is in use by another run"));
    }
}

/// <summary>The server cannot listen where it was told to; the message says why and what to do.</summary>
public sealed class AgentListenerException(LocalText text) : Exception(text.En)
{
    public LocalText Text { get; } = text;
}
