using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Testbed.Probes.Tests.Http;

/// <summary>A server that does to its connections whatever a test wants.</summary>
internal sealed class BadPeer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private readonly X509Certificate2? _certificate;
    private readonly Func<Stream, CancellationToken, Task> _behave;
    private int _connections;

    public BadPeer(Func<Stream, CancellationToken, Task> behave, X509Certificate2? certificate = null)
    {
        _behave = behave;
        _certificate = certificate;
        _listener.Start();
        _running = RunAsync();
    }

    public int Connections => Volatile.Read(ref _connections);

    public Uri Root => new($"{(_certificate is null ? "http" : "https")}://{_listener.LocalEndpoint}/");

    /// <summary>Reads a request's head and writes this text.</summary>
    public static Func<Stream, CancellationToken, Task> Saying(string text) => async (stream, stop) =>
    {
        await ReadHeadAsync(stream, stop);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), stop);
        await stream.FlushAsync(stop);
        // A close with unread input would be a reset.
        await Task.Delay(50, stop);
    };

    public static async Task ReadHeadAsync(Stream stream, CancellationToken stop)
    {
        StringBuilder head = new();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)
            && await stream.ReadAsync(one, stop) == 1) head.Append((char)one[0]);
    }

    private async Task RunAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test is over. A listener that was stopped between two connections calls that an invalid operation.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        Interlocked.Increment(ref _connections);
        using TcpClient owned = client;
        try
        {
            Stream stream = client.GetStream();
            if (_certificate is not null)
            {
                SslStream tls = new(stream);
                await tls.AuthenticateAsServerAsync(_certificate);
                stream = tls;
            }
            await _behave(stream, _stop.Token);
        }
        catch (Exception end) when (end is IOException or OperationCanceledException
            or System.Security.Authentication.AuthenticationException)
        {
            // What the client makes of it is the test.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _running;
        _stop.Dispose();
        _certificate?.Dispose();
    }
}
