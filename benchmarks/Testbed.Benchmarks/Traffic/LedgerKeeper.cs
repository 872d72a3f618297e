using System.Collections;
using Testbed.Benchmarks.Traffic.Twists;

namespace Testbed.Benchmarks.Traffic;

/// <summary>Books every packet as it is made. Delays are kept, four bytes each, so that quantiles are exact.</summary>
internal sealed class LedgerKeeper(TrafficOptions options)
{
    private readonly GtpULedger _gtpu = new();
    private readonly Account _uplink = new(), _downlink = new();
    private readonly BitArray _uplinkTunnels = new(options.Sessions), _downlinkTunnels = new(options.Sessions);
    private readonly long[] _qfis = new long[64];
    private long _equalKeys;

    public void Book(in UserPacket packet)
    {
        (packet.IsUplink ? _uplink : _downlink).Book(packet);
        if (packet.Kind == FlowKind.KeepAlive) _equalKeys++;
        bool passesN3 = packet.IsUplink || !packet.IsLost;
        if (!passesN3) return;
        _gtpu.Gpdu++;
        if (packet.IsUplink) _gtpu.Uplink++;
        else _gtpu.Downlink++;
        _qfis[packet.Application.Qfi]++;
        (packet.IsUplink ? _uplinkTunnels : _downlinkTunnels)[packet.Session] = true;
    }

    public TrafficLedger Close(string recipe, TapLedger n3, TapLedger n6, string[] n3Files, string[] n6Files)
    {
        for (int session = 0; session < options.Sessions; session++)
        {
            if (_uplinkTunnels[session]) _gtpu.Tunnels++;
            if (_downlinkTunnels[session]) _gtpu.Tunnels++;
            if (_uplinkTunnels[session] || _downlinkTunnels[session]) _gtpu.Ues++;
        }
        for (int qfi = 0; qfi < _qfis.Length; qfi++)
            if (_qfis[qfi] > 0) _gtpu.Qfis[qfi] = _qfis[qfi];
        SkewedClock? clock = options.Twists.OfType<SkewedClock>().FirstOrDefault();
        return new()
        {
            Recipe = recipe, N3 = n3, N6 = n6, Gtpu = _gtpu, N3Files = n3Files, N6Files = n6Files,
            Uplink = _uplink.Close(), Downlink = _downlink.Close(), EqualKeys = _equalKeys,
            ClockOffsetNs = clock?.OffsetNs ?? 0, ClockDriftPpm = clock?.DriftPpm ?? 0,
        };
    }

    private sealed class Account
    {
        private readonly DirectionLedger _ledger = new();
        private uint[] _delays = new uint[4096];
        private Int128 _sum;

        public void Book(in UserPacket packet)
        {
            _ledger.Entered++;
            if (packet.IsLost) _ledger.Lost++;
            if (packet.IsMissedOnN6) _ledger.MissedOnN6++;
            if (packet.IsLost && packet.IsMissedOnN6) _ledger.LostAndMissed++;
            if (packet.IsLost || packet.IsMissedOnN6) return;
            if (_ledger.Matched == _delays.Length) Array.Resize(ref _delays, _delays.Length * 2);
            _delays[_ledger.Matched++] = checked((uint)packet.DelayNs);
            _sum += packet.DelayNs;
        }

        public DirectionLedger Close()
        {
            int count = (int)_ledger.Matched;
            if (count == 0) return _ledger;
            Array.Sort(_delays, 0, count);
            _ledger.DelayNs = new(
                _delays[0], (long)(_sum / count), Quantile(0.5), Quantile(0.9), Quantile(0.99), Quantile(0.999),
                _delays[count - 1]);
            return _ledger;

            long Quantile(double quantile) => _delays[Math.Clamp((int)Math.Ceiling(quantile * count), 1, count) - 1];
        }
    }
}
