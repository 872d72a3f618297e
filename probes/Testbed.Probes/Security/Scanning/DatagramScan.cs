using System.Net;
using Testbed.Probes.Sockets;
using Testbed.Probes.Sockets.Raw;
using Testbed.Wire.Ip;

namespace Testbed.Probes.Security.Scanning;

/// <summary>
/// Tries everything but TCP: ICMP echo, UDP with the question of each port, SCTP INIT. Each target is asked three
/// times, slowly; an answer counts when it comes from the address and port that was asked.
/// </summary>
internal sealed class DatagramScan(
    IPAddress local, int localPort, IReadOnlyList<ScanTarget> targets, byte[] key, TimeProvider time, Wake wake)
{
    public const int Rounds = 3;
    private const long NsPerMs = 1_000_000;
    /// <summary>One packet each five milliseconds: 200 a second.</summary>
    private const long GapNs = 5 * NsPerMs;
    /// <summary>How long after the last packet an answer may come.</summary>
    private const long GraceNs = 1_000 * NsPerMs;

    private readonly byte[] _buffer = new byte[2048];
    private readonly ushort _identifier = (ushort)ProbeKeys.Draw(key, 0);
    private readonly byte[] _key = key;

    public void Run()
    {
        using UdpSocket udp = new(local, localPort);
        using RawIpSocket icmp = new(local, IpProtocol.Icmp), sctp = new(local, IpProtocol.Sctp);
        int number = 0;
        for (int round = 0; round < Rounds; round++)
        {
            foreach (ScanTarget target in targets)
            {
                if (wake.IsSignalled) return;
                if (target.Answer is ScanAnswer.Open) continue;
                if (Ask(target, ++number, udp, icmp, sctp) != 0) target.Take(ScanAnswer.NotSent);
                Hear(udp, icmp, sctp, Clocks.MonotonicNs() + GapNs);
            }
        }
        long end = Clocks.MonotonicNs() + GraceNs;
        while (!wake.IsSignalled && Clocks.MonotonicNs() < end)
            Hear(udp, icmp, sctp, Math.Min(end, Clocks.MonotonicNs() + 10 * GapNs));
    }

    private int Ask(ScanTarget target, int number, UdpSocket udp, RawIpSocket icmp, RawIpSocket sctp)
    {
        switch (target.Protocol)
        {
            case ScanProtocol.Icmp:
                int echo = ScanPackets.WriteEcho(_buffer, _identifier, (ushort)number);
                return icmp.Send(_buffer.AsSpan(0, echo), target.Address);
            case ScanProtocol.Sctp:
                int init = ScanPackets.WriteInit(_buffer, localPort, target.Port, ProbeKeys.Draw(_key, number));
                return sctp.Send(_buffer.AsSpan(0, init), target.Address);
            default:
                int length = ScanPackets.WriteUdp(_buffer, target.Port, (uint)number, time.GetUtcNow());
                return udp.Send(_buffer.AsSpan(0, length), SockAddr.Create(target.Address, target.Port));
        }
    }

    private void Hear(UdpSocket udp, RawIpSocket icmp, RawIpSocket sctp, long untilNs)
    {
        udp.Wait(untilNs, wake);
        while (udp.TryReceive(_buffer, out Received received))
            Take(HostAddress.From(received.Source.Address), ScanProtocol.Udp, received.Source.Port, ScanAnswer.Open);
        while (sctp.TryReceive(_buffer, out int length))
            if (ScanPackets.ReadSctp(_buffer.AsSpan(0, length), localPort) is var (from, port, answer))
                Take(from, ScanProtocol.Sctp, port, answer);
        while (icmp.TryReceive(_buffer, out int length))
            if (ScanPackets.ReadIcmp(_buffer.AsSpan(0, length), _identifier) is var (from, port, answer))
                Take(from, port == 0 ? ScanProtocol.Icmp : ScanProtocol.Udp, port, answer);
    }

    private void Take(HostAddress from, ScanProtocol protocol, int port, ScanAnswer answer)
    {
        foreach (ScanTarget target in targets)
            if (target.Protocol == protocol && target.Port == port && HostAddress.From(target.Address) == from)
                target.Take(answer);
    }
}
