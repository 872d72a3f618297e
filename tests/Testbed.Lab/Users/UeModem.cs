using System.Net;
using System.Net.Sockets;
using System.Text;
using Testbed.Lab.Native;
using Testbed.Lab.Topology;
using Testbed.Wire.Ip;

namespace Testbed.Lab.Users;

/// <summary>
/// What a modem's control port is to a real UE: whoever is in namespace ue may end a UE's PDU session. Datagrams on
/// the loopback, <c>down ADDRESS</c>; a session comes up again with the UE's next packet.
/// </summary>
internal sealed class UeModem : IDisposable
{
    /// <summary>The kits' environment variable for <see cref="Command"/>.</summary>
    public const string CommandVariable = "UE_SESSION_COMMAND";
    private const int Port = 4545;

    /// <summary>Ends the PDU session of a UE; <c>{action}</c> and <c>{address}</c> are the kit's to fill in.</summary>
    public static readonly string Command =
        $"bash -c 'echo \"{{action}} {{address}}\" > /dev/udp/127.0.0.1/{Port}'";

    private readonly Socket _socket;
    private readonly Action<uint> _release;

    /// <param name="release">Called with the UE's IPv4 address as a big-endian number.</param>
    public UeModem(Action<uint> release)
    {
        _release = release;
        _socket = NetworkNamespace.Run(Plan.Ue, static () =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, Port));
            return socket;
        });
        _ = ObeyAsync();
    }

    private async Task ObeyAsync()
    {
        byte[] buffer = new byte[128];
        while (true)
        {
            int length;
            try
            {
                length = await _socket.ReceiveAsync(buffer, SocketFlags.None);
            }
            catch (Exception end) when (end is ObjectDisposedException or SocketException)
            {
                return;
            }
            if (Encoding.ASCII.GetString(buffer, 0, length).Split(' ', StringSplitOptions.TrimEntries) is
                ["down", var text] && IPAddress.TryParse(text, out IPAddress? address))
                _release(HostAddress.From(address).Ipv4Bits);
        }
    }

    public void Dispose() => _socket.Dispose();
}
