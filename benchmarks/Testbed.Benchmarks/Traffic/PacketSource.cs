using Testbed.Wire.Ip;

namespace Testbed.Benchmarks.Traffic;

/// <summary>
/// Users' packets in the order in which they reach the UPF. Neighbours belong to different users: no table finds its
/// last entry still in cache, which is the hardest case for an analyzer.
/// </summary>
internal sealed class PacketSource
{
    /// <summary>Made-up captures begin here: in autumn 2025.</summary>
    public const long StartNs = 1_760_000_000_000_000_000;
    private const double HeavyUserShare = 0.1, HeavyTrafficShare = 0.5;
    private const int SegmentBytes = 1_360;
    private readonly TrafficOptions _options;
    private readonly SeededRandom _random;
    private readonly DelayModel _delays;
    /// <summary>Packets so far, by session, kind's place and direction: TCP counts on.</summary>
    private readonly uint[] _sent;
    private readonly double[][] _kindShares;
    private readonly int _stride;
    private readonly double _meanGapNs;
    private readonly long _calmPackets;
    private long _ordinal;
    private double _nowNs;

    public PacketSource(TrafficOptions options)
    {
        _options = options;
        _random = new(options.Seed);
        _delays = new(new(options.Seed ^ 0xD31A));
        _sent = new uint[(long)options.Sessions * options.FlowsPerSession * 2];
        _kindShares = [.. Enumerable.Range(0, FlowKind.Usual).Select(first => Shares(first, options.FlowsPerSession))];
        _stride = Coprime(options.Sessions);
        _meanGapNs = 1e9 / options.RatePps;
        _calmPackets = options.CalmPackets;
    }

    public bool TryNext(out UserPacket packet)
    {
        packet = default;
        if (_ordinal == _options.Packets) return false;
        _nowNs += _meanGapNs * _random.NextExponential();
        packet.Ordinal = _ordinal++;
        packet.EntryNs = StartNs + (long)_nowNs;
        packet.IsCalm = packet.Ordinal < _calmPackets || packet.Ordinal >= _options.Packets - _calmPackets;
        (packet.Session, int place) = NextFlow(packet.Ordinal, out bool? uplink);
        packet.Kind = (byte)((packet.Session + place) % FlowKind.Usual);
        packet.IsIpv6 = _options.Ipv6Share > 0
            && SeededRandom.Mix((ulong)packet.Session ^ 0x6666) < _options.Ipv6Share * ulong.MaxValue;
        FlowKind kind = packet.Application;
        packet.IsUplink = uplink ?? _random.NextDouble() < kind.UplinkShare;
        packet.InnerLength = (packet.IsUplink ? kind.Up : kind.Down).Next(_random) + (packet.IsIpv6 ? 20 : 0);
        packet.Content = SeededRandom.Mix((ulong)packet.Ordinal ^ _options.Seed << 40);
        packet.DelayNs = _delays.NextNs();
        packet.IsLost = !packet.IsCalm && _random.NextDouble() < _options.LossRatio;
        Count(ref packet, (packet.Session * (long)_options.FlowsPerSession + place) * 2);
        return true;
    }

    // Every tunnel once, as far as there are packets; then half of the traffic from a tenth of the users.
    private (int Session, int Place) NextFlow(long ordinal, out bool? uplink)
    {
        int sessions = _options.Sessions;
        uplink = ordinal < 2L * sessions ? (ordinal & 1) == 0 : null;
        long session = uplink is not null ? ordinal / 2
            : _random.Next(_random.NextDouble() < HeavyTrafficShare
                ? Math.Max(1, (int)(sessions * HeavyUserShare)) : sessions);
        session = session * _stride % sessions;
        double[] shares = _kindShares[session % FlowKind.Usual];
        double draw = _random.NextDouble();
        int place = 0;
        while (place < shares.Length - 1 && draw >= shares[place]) place++;
        return ((int)session, place);
    }

    // TCP: one end counts bytes, the other acknowledges them; the IP id counts each flow's packets.
    private void Count(ref UserPacket packet, long flow)
    {
        ref uint mine = ref _sent[flow + (packet.IsUplink ? 0 : 1)];
        uint theirs = _sent[flow + (packet.IsUplink ? 1 : 0)];
        if (packet.Application.Protocol == IpProtocol.Tcp)
        {
            ulong start = SeededRandom.Mix((ulong)flow ^ 0x7C9);
            uint up = (uint)start, down = (uint)(start >> 32);
            packet.TcpSequence = (packet.IsUplink ? up : down) + mine * SegmentBytes;
            packet.TcpAcknowledgment = (packet.IsUplink ? down : up) + theirs * SegmentBytes;
            packet.IpId = (ushort)((start >> 24) + mine);
        }
        mine++;
    }

    private static double[] Shares(int first, int count)
    {
        double[] weights =
            [.. Enumerable.Range(0, count).Select(place => FlowKind.All[(first + place) % FlowKind.Usual].Weight)];
        double sum = 0, all = weights.Sum();
        return [.. weights.Select(weight => sum += weight / all)];
    }

    // Spreads sessions that follow each other over the whole range, each number once.
    private static int Coprime(int count)
    {
        long stride = (long)(count * 0.618_033_988) | 1;
        while (Gcd(stride, count) != 1) stride += 2;
        return (int)stride;
    }

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);
}
