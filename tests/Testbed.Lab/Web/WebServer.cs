using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Testbed.Lab.Native;

namespace Testbed.Lab.Web;

/// <param name="Certificate">Null serves plain HTTP.</param>
internal sealed record WebPort(int Port, X509Certificate2? Certificate);

/// <summary>An HTTP server inside one of the lab's namespaces: HTTP/2 and HTTP/1.1 over TLS.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    private const int Backlog = 64;
    private const int ConnectionsMax = 200;
    private readonly WebApplication _application;

    private WebServer(WebApplication application) => _application = application;

    /// <param name="where">Namespace, and an address in it.</param>
    public static async Task<WebServer> StartAsync(
        (string Namespace, string Address) where, IReadOnlyList<WebPort> ports, Func<ApiCall, Task> answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = ApiCall.BodyBytesMax + 1;
            kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
            foreach (WebPort port in ports)
                kestrel.ListenHandle((ulong)Open(where, port.Port), endpoint => Serve(endpoint, port.Certificate));
        });
        WebServer server = new(builder.Build());
        server._application.Run(context => ApiCall.HandleAsync(context, answer));
        await server._application.StartAsync();
        return server;
    }

    private static void Serve(ListenOptions endpoint, X509Certificate2? certificate)
    {
        endpoint.Protocols = certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
        if (certificate is null) return;
        endpoint.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = certificate,
            SslProtocols = System.Security.Authentication.SslProtocols.Tls12
                | System.Security.Authentication.SslProtocols.Tls13,
        });
    }

    /// <summary>A socket belongs to the namespace in which it is opened; Kestrel takes it over as it is.</summary>
    private static long Open((string Namespace, string Address) where, int port) =>
        NetworkNamespace.Run(where.Namespace, () =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(where.Address), port));
            socket.Listen(Backlog);
            nint handle = socket.SafeHandle.DangerousGetHandle();
            socket.SafeHandle.SetHandleAsInvalid();
            return (long)handle;
        });

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    /// <summary>A client whose connections start in a namespace.</summary>
    public static HttpClient ClientIn(string networkNamespace, TimeSpan timeout) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        ConnectCallback = async (context, cancellation) =>
        {
            Socket socket = NetworkNamespace.Run(networkNamespace, static () =>
                new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    })
    { Timeout = timeout };
}
