using System.Net;
using Testbed.Analyzer.Details;
using Testbed.Analyzer.Tests.Support;
using Testbed.Wire.Ip;
using Testbed.Wire.Transport;

namespace Testbed.Analyzer.Tests.Details;

/// <summary>A made-up TCP connection of a UE to a server, on N3 alone.</summary>
internal sealed class TcpScene : IDisposable
{
    public const int UePort = 40000, ServerPort = 443;
    private readonly CaptureFolder _folder = new();
    private readonly List<(long Us, byte[] Packet, int Interface)> _n3 = [];
    private ushort _id = 100;

    public void Up(long us, uint sequence, int length, TcpFlags flags = TcpFlags.Ack, ushort? id = null, int at = 0) =>
        _n3.Add((us, Packets.Up(Segment(true, sequence, length, flags, id ?? _id++)), at));

    public void Down(
        long us, uint sequence, int length, TcpFlags flags = TcpFlags.Ack, ushort? id = null, int at = 0) =>
        _n3.Add((us, Packets.Down(Segment(false, sequence, length, flags, id ?? _id++)), at));

    /// <summary>SYN at 0, SYN/ACK 700 µs later, the UE's ACK another 300 µs later.</summary>
    public void Open(long us = 0, uint ue = 1000, uint server = 5000)
    {
        Up(us, ue, 0, TcpFlags.Syn);
        Down(us + 700, server, 0, TcpFlags.Syn | TcpFlags.Ack);
        Up(us + 1000, ue + 1, 0);
    }

    public AnalysisDetails Analyze(int top = 10) => TrafficAnalysis.Run(new()
    {
        N3 = [_folder.Write("n3.pcapng", _n3, 0)], Options = new() { DetailsTop = top },
    }).Details!;

    public void Dispose() => _folder.Dispose();

    private static byte[] Segment(bool fromUe, uint sequence, int length, TcpFlags flags, ushort id)
    {
        byte[] packet = new byte[Ipv4Header.LengthMin + TcpHeader.LengthMin + length];
        uint ue = Bits(Packets.Ue), server = Bits(Packets.Server);
        int at = Ipv4Header.Write(
            packet, fromUe ? ue : server, fromUe ? server : ue, IpProtocol.Tcp, TcpHeader.LengthMin + length, id);
        TcpHeader.Write(packet.AsSpan(at), fromUe ? UePort : ServerPort, fromUe ? ServerPort : UePort, sequence, 1,
            flags);
        return packet;
    }

    private static uint Bits(string address) => HostAddress.From(IPAddress.Parse(address)).Ipv4Bits;
}
