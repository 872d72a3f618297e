using BenchmarkDotNet.Attributes;
using Testbed.Benchmarks.Traffic;
using Testbed.Wire;
using Testbed.Wire.Ip;
using Testbed.Wire.Link;
using Testbed.Wire.Packets;
using Testbed.Wire.Pfcp;
using Testbed.Wire.Transport;

namespace Testbed.Benchmarks.Micro;

/// <summary>What one header of each protocol costs to read.</summary>
[MemoryDiagnoser]
public class ProtocolBenchmarks
{
    private readonly byte[] _frame = new byte[256];
    private readonly byte[] _ipv6 = new byte[256];
    private readonly byte[] _tcp = new byte[20];
    private readonly byte[] _sctp = new byte[28];
    private readonly byte[] _pfcp = new byte[256];
    private int _pfcpLength;

    [GlobalSetup]
    public void Write()
    {
        Framer framer = new(new(new(1)));
        UserPacket packet = new() { InnerLength = 100, Kind = 0, IsUplink = true };
        framer.Write(packet, Tap.N3, _frame.Length).CopyTo(_frame);
        packet.IsIpv6 = true;
        framer.Write(packet, Tap.N6, _ipv6.Length)[14..].CopyTo(_ipv6);
        TcpHeader.Write(_tcp, 1, 2, 3, 4, TcpFlags.Ack);
        SctpHeader.Write(_sctp, 38412, 38412, 1);
        PfcpMessage message = new(PfcpMessageType.SessionModificationRequest, 1) { Seid = 7 };
        message.UpdateFars.Add(new(2)
        {
            ApplyAction = ForwardingActionRule.Forward,
            OuterHeaderCreation = OuterHeaderCreation.ToTunnel(1, HostAddress.FromIpv4(0x0A00_0001)),
        });
        _pfcpLength = message.Write(_pfcp);
    }

    [Benchmark]
    public int EthernetLink() =>
        LinkFrame.Read(LinkType.Ethernet, _frame, out LinkFrame link) is DecodeStatus.Ok ? link.PayloadOffset : 0;

    [Benchmark]
    public int Ipv4() =>
        IpPacket.Read(_frame.AsSpan(14), out IpPacket packet) is DecodeStatus.Ok ? packet.TotalLength : 0;

    [Benchmark]
    public int Ipv6() => IpPacket.Read(_ipv6, out IpPacket packet) is DecodeStatus.Ok ? packet.TotalLength : 0;

    [Benchmark]
    public int Udp() =>
        UdpHeader.Read(_frame.AsSpan(34), out UdpHeader header) is DecodeStatus.Ok ? header.DestinationPort : 0;

    [Benchmark]
    public int Tcp() => TcpHeader.Read(_tcp, out TcpHeader header) is DecodeStatus.Ok ? header.DestinationPort : 0;

    [Benchmark]
    public bool Sctp() => SctpHeader.Read(_sctp, out _) is DecodeStatus.Ok;

    /// <summary>Control plane: an object a message is its design.</summary>
    [Benchmark]
    public bool Pfcp() => PfcpMessage.Read(_pfcp.AsSpan(0, _pfcpLength), out _) is DecodeStatus.Ok;
}
