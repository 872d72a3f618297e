using System.Net;
using System.Net.Sockets;
using Testbed.Lab.Native;

namespace Testbed.Lab.Users;

/// <summary>A data network's host as the lab's own UEs know it: UDP echo (RFC 862); its kernel answers ICMP.</summary>
internal sealed class EchoHost : IDisposable
{
    public const int Port = 7;

    private readonly Socket _socket;

    public EchoHost(string networkNamespace, string address)
    {
        _socket = NetworkNamespace.Run(networkNamespace, () =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), Port));
            return socket;
        });
        _ = AnswerAsync();
    }

    private async Task AnswerAsync()
    {
        byte[] buffer = new byte[2048];
        SocketAddress peer = new(AddressFamily.InterNetwork);
        while (true)
        {
            try
            {
                int length = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, peer);
                await _socket.SendToAsync(buffer.AsMemory(0, length), SocketFlags.None, peer);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception) when (exception.SocketErrorCode != SocketError.OperationAborted)
            {
                // A peer that is gone (port unreachable) is no reason to stop serving the others.
            }
            catch (SocketException)
            {
                return;
            }
        }
    }

    public void Dispose() => _socket.Dispose();
}
