using System.Net.Sockets;

namespace Testbed.Agent.Tests.Uplink;

/// <summary>
/// A site server that is about to end: each connection gets a GOAWAY with NO_ERROR (RFC 9113 §6.8) and is closed.
/// </summary>
internal sealed class ClosingServer : IDisposable
{
    private const int FrameHeader = 9;
    private static readonly byte[] Settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    private static readonly byte[] GoAway = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly int Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".Length;

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly bool _afterRequest;
    private int _closed;

    /// <param name="path">The socket's file.</param>
    /// <param name="afterRequest">Whether it lets a request's headers come before it closes.</param>
    public ClosingServer(string path, bool afterRequest)
    {
        _afterRequest = afterRequest;
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _ = AcceptAsync();
    }

    /// <summary>How many connections it closed.</summary>
    public int Closed => Volatile.Read(ref _closed);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using Socket socket = await _listener.AcceptAsync();
                await using NetworkStream stream = new(socket);
                await stream.WriteAsync(Settings);
                if (_afterRequest) await ReadHeadersAsync(stream);
                await stream.WriteAsync(GoAway);
                Interlocked.Increment(ref _closed);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // Disposed, or the agent was quicker.
        }
    }

    private static async Task ReadHeadersAsync(NetworkStream stream)
    {
        byte[] buffer = new byte[1 << 14];
        await stream.ReadExactlyAsync(buffer.AsMemory(0, Preface));
        do
        {
            await stream.ReadExactlyAsync(buffer.AsMemory(0, FrameHeader));
            await stream.ReadExactlyAsync(buffer.AsMemory(FrameHeader, (buffer[1] << 8) | buffer[2]));
        }
        while (buffer[3] != 1);
    }
}
