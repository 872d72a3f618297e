using System.Net;
using System.Net.Sockets;
using System.Text;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Slicing;

internal enum ReachProtocol { Udp, Tcp, Icmp }

/// <summary>One packet that was sent.</summary>
internal readonly record struct ReachTry(
    int Index, ReachProtocol Protocol, IPAddress Target, bool IsControl, long SentUnixNs);

/// <summary>
/// Sends tries in turn over all targets and protocols, and among them others to the UE's own data network: whoever is
/// not seen there cannot be missed elsewhere.
/// </summary>
internal sealed class SliceReach : IDisposable
{
    /// <summary>One control packet to so many tries.</summary>
    private const int TriesPerControl = 10;
    private const long NsPerSecond = 1_000_000_000;
    private const long WakeUpNs = NsPerSecond;

    private readonly ReachOrder _order;
    private readonly ReachPackets _packets;
    private readonly Socket _udp, _tcp, _icmp;

    /// <exception cref="SocketException">The kernel refused a socket; raw ones need CAP_NET_RAW.</exception>
    public SliceReach(ReachOrder order, ReachPackets packets)
    {
        (_order, _packets) = (order, packets);
        AddressFamily family = order.LocalAddress.AddressFamily;
        bool isIpv6 = family is AddressFamily.InterNetworkV6;
        _udp = Open(family, SocketType.Dgram, ProtocolType.Udp, order.LocalPort);
        _tcp = Open(family, SocketType.Raw, ProtocolType.Tcp, 0);
        _icmp = Open(family, SocketType.Raw, isIpv6 ? ProtocolType.IcmpV6 : ProtocolType.Icmp, 0);
    }

    public List<ReachTry> Sent { get; } = [];
    /// <summary>Packets that the kernel refused, for want of a route for instance.</summary>
    public int Refused { get; private set; }
    public double Share { get; private set; }

    public void Run(Wake wake)
    {
        // A UE that was idle has to be woken; what its modem has no room for meanwhile was never tried.
        _udp.SendTo(_packets.Udp(-1, Clocks.RealtimeNs()), new IPEndPoint(_order.Own, _order.Port));
        long start = Clocks.MonotonicNs() + WakeUpNs;
        int total = _order.Tries + _order.Tries / TriesPerControl + 1, tries = 0;
        for (int i = 0; i < total && !wake.IsSignalled; i++)
        {
            Clocks.SleepUntil(start + i * NsPerSecond / _order.RatePps);
            // Controls come first and last, so that they stand around every try.
            bool isControl = i % (TriesPerControl + 1) == 0;
            ReachProtocol protocol = (ReachProtocol)((isControl ? i / (TriesPerControl + 1) : tries) % 3);
            IPAddress target = isControl ? _order.Own : _order.Targets[tries / 3 % _order.Targets.Count];
            if (!isControl) tries++;
            Send(i, protocol, target, isControl);
            Share = (double)i / total;
        }
    }

    private void Send(int index, ReachProtocol protocol, IPAddress target, bool isControl)
    {
        long now = Clocks.RealtimeNs();
        ReadOnlySpan<byte> packet = protocol switch
        {
            ReachProtocol.Udp => _packets.Udp(index, now),
            ReachProtocol.Tcp =>
                _packets.Tcp(index, _order.LocalPort, _order.Port, _order.LocalAddress, target),
            _ => _packets.Icmp(index, _order.LocalPort, _order.LocalAddress, target),
        };
        Socket socket = protocol switch
        {
            ReachProtocol.Udp => _udp,
            ReachProtocol.Tcp => _tcp,
            _ => _icmp,
        };
        try
        {
            socket.SendTo(packet, new IPEndPoint(target, protocol is ReachProtocol.Udp ? _order.Port : 0));
            Sent.Add(new(index, protocol, target, isControl, now));
        }
        catch (SocketException)
        {
            // A "host unreachable" that an earlier try brought home, or a full queue: this one was not sent.
            Refused++;
        }
    }

    private Socket Open(AddressFamily family, SocketType type, ProtocolType protocol, int port)
    {
        Socket socket = new(family, type, protocol) { Blocking = false };
        try
        {
            socket.SetRawSocketOption(
                Libc.SolSocket, Libc.SoBindtodevice, [.. Encoding.ASCII.GetBytes(_order.Interface), 0]);
            socket.Bind(new IPEndPoint(_order.LocalAddress, port));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        return socket;
    }

    public void Dispose()
    {
        _udp.Dispose();
        _tcp.Dispose();
        _icmp.Dispose();
    }
}
