using System.Buffers.Binary;
using System.Text;
using Testbed.Wire.Http2;
using Testbed.Wire.Ip;
using Testbed.Wire.Transport;

namespace Testbed.Analyzer.Tests.Support;

/// <summary>Builds one HTTP/2 connection in clear between two core functions.</summary>
internal sealed class Http2Peers(CaptureFolder folder)
{
    private const string Client = "10.100.6.1", Server = "10.100.6.2";
    private readonly List<(long Us, byte[] Packet)> _packets = [];
    private readonly uint[] _next = [1000, 5000];
    private long _us;

    public void Preface() => FromClient([.. Http2Reader.Preface, .. Frame(4, 0, 0)]);

    public void Request(int stream, string path) => FromClient(Frame(1, 5, stream, Literal(4, path)));

    public void Response(int stream, string status) => FromServer(Frame(1, 4, stream, Literal(8, status)));

    public void FromClient(byte[] bytes) => Send(0, bytes);

    public void FromServer(byte[] bytes) => Send(1, bytes);

    /// <summary>Bytes that the capture missed.</summary>
    public void Lose(int side, int bytes) => _next[side] += (uint)bytes;

    /// <summary>Swaps the last two segments, as a network may.</summary>
    public void SwapLast() => (_packets[^1], _packets[^2]) =
        ((_packets[^1].Us, _packets[^2].Packet), (_packets[^2].Us, _packets[^1].Packet));

    public void RepeatLast() => _packets.Add(_packets[^1]);

    public TapInput Write() => folder.Write("sbi.pcapng", _packets);

    public static byte[] Frame(byte type, byte flags, int stream, params byte[] payload)
    {
        byte[] frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8 | type);
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    // A literal with the name of a static entry, not kept, of plain octets.
    private static byte[] Literal(byte name, string value) =>
        [name, (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];

    private void Send(int side, byte[] bytes)
    {
        byte[] packet = new byte[Ipv4Header.LengthMin + TcpHeader.LengthMin + bytes.Length];
        (string from, string to) = side == 0 ? (Client, Server) : (Server, Client);
        int at = Ipv4Header.Write(packet, HostAddress.Parse(from).Ipv4Bits, HostAddress.Parse(to).Ipv4Bits,
            IpProtocol.Tcp, TcpHeader.LengthMin + bytes.Length, 1);
        (int source, int destination) = side == 0 ? (40_000, 7777) : (7777, 40_000);
        at += TcpHeader.Write(packet.AsSpan(at), source, destination, _next[side], 0, TcpFlags.Ack);
        bytes.CopyTo(packet, at);
        _next[side] += (uint)bytes.Length;
        _packets.Add((_us += 100, packet));
    }
}
