using Testbed.Wire.Http2;
using Testbed.Wire.Transport;

namespace Testbed.Analyzer.Decoding.Signalling;

/// <summary>Requests to one service and what they were answered.</summary>
internal sealed class SbiServiceCount
{
    public long Requests { get; set; }
    /// <summary>Responses by the first digit of their status; 0 for none that is valid.</summary>
    public long[] Responses { get; } = new long[10];
}

/// <summary>
/// Follows HTTP/2 in clear over TCP (TS 29.500 §5.2) and counts requests and answers by service. Connections are
/// known by the client's preface; one that began before the capture is not taken for HTTP/2. Bodies are never kept.
/// </summary>
internal sealed class SbiReader
{
    private const int ConnectionsMax = 16_384;
    private const int StreamsMax = 4_096;
    private const int ServicesMax = 256;
    /// <summary>A server may speak before the client's preface is seen; more than this it does not say.</summary>
    private const int StartMax = 16_384;

    private enum State { Unknown, Http2, Ended }

    private sealed class Direction
    {
        public TcpReassembly Tcp { get; } = new();
        public Http2Reader Http2 { get; } = new();
        public List<byte> Start { get; } = [];
    }

    private sealed class Connection
    {
        public State State { get; set; }
        public Direction[] Directions { get; } = [new(), new()];
        public bool HasBytes { get; set; }
        public int Client { get; set; }
        public Dictionary<int, string> Streams { get; } = [];
    }

    private readonly Dictionary<(ControlPeer, ControlPeer), Connection> _connections = [];
    private int _ended;

    public SortedDictionary<string, SbiServiceCount> Services { get; } = new(StringComparer.Ordinal);
    public long Connections { get; private set; }
    /// <summary>Connections that could not be followed to their end, by reason.</summary>
    public SortedDictionary<string, long> GivenUp { get; } = new(StringComparer.Ordinal);

    public void Add(ControlPeer source, ControlPeer destination, in TcpHeader segment)
    {
        int side = source.CompareTo(destination) <= 0 ? 0 : 1;
        (ControlPeer, ControlPeer) key = side == 0 ? (source, destination) : (destination, source);
        bool isNew = (segment.Flags & (TcpFlags.Syn | TcpFlags.Ack)) == TcpFlags.Syn;
        // Ports are used again: a connection that is set up anew ends the one before it.
        if (_connections.TryGetValue(key, out Connection? connection) && isNew && connection.HasBytes)
        {
            Finish(connection);
            _connections.Remove(key);
            connection = null;
        }
        if (connection is null)
        {
            if (_connections.Count >= ConnectionsMax && !ForgetEnded())
            {
                if (isNew) GiveUp("tooMany");
                return;
            }
            _connections[key] = connection = new();
        }
        if (connection.State is State.Ended) return;
        connection.HasBytes |= segment.PayloadLength > 0;
        Direction direction = connection.Directions[side];
        Take(connection, side, direction.Tcp.Add(segment));
        while (direction.Tcp.TryNext(out ReadOnlySpan<byte> waited)) Take(connection, side, waited);
        if (direction.Tcp.IsBroken) End(connection, "bytesMissing");
        else if ((segment.Flags & TcpFlags.Rst) != 0 && !direction.Tcp.HasGap) End(connection);
    }

    /// <summary>To be called once after the last packet.</summary>
    public void Finish()
    {
        foreach (Connection connection in _connections.Values) Finish(connection);
    }

    // Only a count says whether looking for them is worth it: there may be none among many.
    private bool ForgetEnded()
    {
        if (_ended == 0) return false;
        foreach ((ControlPeer, ControlPeer) key in
            _connections.Where(one => one.Value.State is State.Ended).Select(one => one.Key).ToList())
            _connections.Remove(key);
        _ended = 0;
        return _connections.Count < ConnectionsMax;
    }

    private void Finish(Connection connection)
    {
        if (connection.Directions.Any(direction => direction.Tcp.HasGap)) End(connection, "bytesMissing");
    }

    private void Take(Connection connection, int side, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        if (connection.State is State.Http2) Read(connection, side, bytes);
        else if (connection.State is State.Unknown) Begin(connection, side, bytes);
    }

    private void Begin(Connection connection, int side, ReadOnlySpan<byte> bytes)
    {
        List<byte> start = connection.Directions[side].Start;
        start.AddRange(bytes);
        bool isClient = IsPreface(start), canBe = IsPreface(connection.Directions[1 - side].Start);
        if (isClient && start.Count >= Http2Reader.Preface.Length)
        {
            connection.State = State.Http2;
            connection.Client = side;
            Connections++;
            for (int i = 0; i < 2; i++)
            {
                byte[] begun = [.. connection.Directions[i].Start];
                connection.Directions[i].Start.Clear();
                Read(connection, i, begun.AsSpan(i == side ? Http2Reader.Preface.Length : 0));
            }
        }
        else if (start.Count > StartMax || (!isClient && !canBe)) End(connection);
    }

    // Nothing at all may still become one.
    private static bool IsPreface(List<byte> start)
    {
        int length = Math.Min(start.Count, Http2Reader.Preface.Length);
        for (int i = 0; i < length; i++)
            if (start[i] != Http2Reader.Preface[i]) return false;
        return true;
    }

    private void Read(Connection connection, int side, ReadOnlySpan<byte> bytes)
    {
        Http2Reader reader = connection.Directions[side].Http2;
        while (connection.State is State.Http2)
        {
            switch (reader.Read(ref bytes, out Http2Headers headers))
            {
                case Http2Event.NeedMore:
                    return;
                case Http2Event.Fault:
                    End(connection, "damaged");
                    return;
                default:
                    if (side == connection.Client) Request(connection, reader.Stream, headers);
                    else Response(connection, reader.Stream, headers);
                    break;
            }
        }
    }

    private void Request(Connection connection, int stream, in Http2Headers headers)
    {
        if (headers.Service is not { } service) return;
        Count(service).Requests++;
        if (connection.Streams.Count < StreamsMax) connection.Streams[stream] = service;
    }

    // An interim answer (1xx) is followed by another one, so that the stream is not forgotten yet.
    private void Response(Connection connection, int stream, in Http2Headers headers)
    {
        if (headers.Status == 0 || !connection.Streams.TryGetValue(stream, out string? service)) return;
        Count(service).Responses[headers.Status / 100]++;
        if (headers.Status >= 200) connection.Streams.Remove(stream);
    }

    private SbiServiceCount Count(string service)
    {
        if (!Services.ContainsKey(service) && Services.Count >= ServicesMax) service = SbiService.Other;
        if (!Services.TryGetValue(service, out SbiServiceCount? count)) Services[service] = count = new();
        return count;
    }

    private void End(Connection connection, string reason)
    {
        if (connection.State is State.Http2) GiveUp(reason);
        End(connection);
    }

    private void End(Connection connection)
    {
        connection.State = State.Ended;
        _ended++;
    }

    private void GiveUp(string reason) => GivenUp[reason] = GivenUp.GetValueOrDefault(reason) + 1;
}
