using System.Net;
using System.Net.Sockets;

namespace Testbed.Probes.Tests;

/// <summary>
/// A network between one client and one server on loopback. Rules see each datagram and may change it, drop it
/// (null) or hold it back for as long as they like; both directions on one task each.
/// </summary>
internal sealed class Relay : IAsyncDisposable
{
    public delegate byte[]? Rule(byte[] datagram, int index);

    private readonly UdpClient _front = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly UdpClient _back = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _there, _return;
    private volatile IPEndPoint? _client;

    public Relay(int serverPort, Rule? toServer = null, Rule? toClient = null)
    {
        IPEndPoint server = new(IPAddress.Loopback, serverPort);
        _front.Client.ReceiveBufferSize = _back.Client.ReceiveBufferSize = 4 << 20;
        _there = PumpAsync(_front, toServer, async (bytes, from) =>
        {
            _client = from;
            await _back.SendAsync(bytes, server);
        });
        _return = PumpAsync(_back, toClient, async (bytes, _) =>
        {
            if (_client is { } client) await _front.SendAsync(bytes, client);
        });
    }

    public int Port => ((IPEndPoint)_front.Client.LocalEndPoint!).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_there, _return);
        _front.Dispose();
        _back.Dispose();
        _stop.Dispose();
    }

    private async Task PumpAsync(UdpClient socket, Rule? rule, Func<byte[], IPEndPoint, Task> forward)
    {
        try
        {
            for (int index = 0; ; index++)
            {
                UdpReceiveResult received = await socket.ReceiveAsync(_stop.Token);
                byte[]? bytes = rule is null ? received.Buffer : rule(received.Buffer, index);
                if (bytes is not null) await forward(bytes, received.RemoteEndPoint);
            }
        }
        catch (OperationCanceledException) { }
    }
}
