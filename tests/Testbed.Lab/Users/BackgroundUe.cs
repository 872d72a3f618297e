using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Testbed.Wire.Ip;

namespace Testbed.Lab.Users;

/// <summary>
/// One of the lab's own UEs: sends ICMP echo requests and UDP datagrams in turn. Open it inside namespace ue.
/// </summary>
internal sealed class BackgroundUe : IDisposable
{
    private const byte EchoRequest = 8;
    private const int PayloadBytes = 56;
    private const int IcmpHeaderBytes = 8;

    private readonly Socket _icmp;
    private readonly Socket _udp;
    private readonly EndPoint _host;
    private readonly byte[] _message = new byte[IcmpHeaderBytes + PayloadBytes];
    private readonly byte[] _received = new byte[2048];
    private ushort _sequence;

    public BackgroundUe(uint address, string host)
    {
        IPEndPoint own = new(HostAddress.FromIpv4(address).ToIPAddress(), 0);
        _host = new IPEndPoint(IPAddress.Parse(host), 0);
        _icmp = new(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp) { Blocking = false };
        _icmp.Bind(own);
        _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        _udp.Bind(own);
        _udp.Connect(new IPEndPoint(IPAddress.Parse(host), EchoHost.Port));
    }

    /// <summary>Sends one packet and takes in what came back since; returns how many came.</summary>
    public int Speak()
    {
        int answers = Drain(_icmp) + Drain(_udp);
        _sequence++;
        BinaryPrimitives.WriteUInt16BigEndian(_message.AsSpan(6), _sequence);
        if ((_sequence & 1) == 0)
        {
            _message[0] = EchoRequest;
            BinaryPrimitives.WriteUInt16BigEndian(_message.AsSpan(2), 0);
            BinaryPrimitives.WriteUInt16BigEndian(_message.AsSpan(2), Checksum.Compute(_message));
            _icmp.SendTo(_message, _host);
        }
        else
        {
            _udp.Send(_message);
        }
        return answers;
    }

    private int Drain(Socket socket)
    {
        int count = 0;
        while (socket.Available > 0)
        {
            socket.Receive(_received, SocketFlags.None, out SocketError error);
            if (error != SocketError.Success) break;
            count++;
        }
        return count;
    }

    public void Dispose()
    {
        _icmp.Dispose();
        _udp.Dispose();
    }
}
