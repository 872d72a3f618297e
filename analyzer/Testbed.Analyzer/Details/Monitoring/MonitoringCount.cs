using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Details.Monitoring;

/// <summary>Pairs the two halves of QoS monitoring and adds up what one clock supports.</summary>
internal sealed class MonitoringCount
{
    /// <summary>Downlink packets that are remembered for their answer, a tap.</summary>
    private const int SentMax = 1_000_000;
    private const int QfiCount = 64;

    /// <summary>What the answer says of the packet that it answers.</summary>
    private readonly record struct SentKey(HostAddress Gnb, ulong Stamp, byte Qfi);

    private readonly record struct Sent(long TimeNs, uint Teid, bool IsAmbiguous);

    private sealed class Flow
    {
        public long DownlinkPackets;
        public long UplinkPackets;
        public readonly List<long> RoundTripNs = [];
        public readonly List<long> HoldingNs = [];
        public readonly List<long> DownlinkDifferenceNs = [];
        public readonly List<long> UplinkDifferenceNs = [];
        public readonly List<long> ReportedDownlinkMs = [];
        public readonly List<long> ReportedUplinkMs = [];
        public readonly List<long> ReportedN3N9Ms = [];
    }

    private readonly Flow?[] _flows = new Flow?[QfiCount];
    private readonly Dictionary<SentKey, Sent> _sent = [];
    private long _unpaired;
    private long _ambiguous;
    private long _disordered;
    private long _beyondMemory;

    public long Damaged { get; set; }

    public void BeginTap() => _sent.Clear();

    /// <param name="timeNs">Capture time, 0 for none.</param>
    public void AddDownlink(byte qfi, ulong stamp, HostAddress gnb, uint teid, long timeNs)
    {
        Of(qfi).DownlinkPackets++;
        if (stamp == 0 || timeNs == 0) return;
        SentKey key = new(gnb, stamp, qfi);
        if (_sent.TryGetValue(key, out Sent earlier))
        {
            // The same tunnel again is the capture's copy, or a packet of the same instant.
            if (earlier.Teid != teid) _sent[key] = earlier with { IsAmbiguous = true };
        }
        else if (_sent.Count < SentMax) _sent[key] = new(timeNs, teid, false);
        else _beyondMemory++;
    }

    public void AddUplink(in PduSessionInformation information, HostAddress gnb, long timeNs)
    {
        if (information.MonitoringTimes is null && information.DownlinkDelay is null
            && information.UplinkDelay is null && information.N3N9Delay is null) return;
        Flow flow = Of(information.Qfi);
        Add(flow.ReportedDownlinkMs, information.DownlinkDelay);
        Add(flow.ReportedUplinkMs, information.UplinkDelay);
        Add(flow.ReportedN3N9Ms, information.N3N9Delay);
        if (information.MonitoringTimes is not { } times) return;
        flow.UplinkPackets++;
        // 0 stands for a time that its node does not know (RFC 5905 §6).
        if (times.DownlinkSent != 0 && times.DownlinkReceived != 0)
            flow.DownlinkDifferenceNs.Add(NtpTime.Between(times.DownlinkSent, times.DownlinkReceived));
        if (times.UplinkSent != 0 && timeNs != 0)
            flow.UplinkDifferenceNs.Add(timeNs - NtpTime.ToUnixNs(times.UplinkSent));
        long holdingNs = NtpTime.Between(times.DownlinkReceived, times.UplinkSent);
        if (times.DownlinkReceived == 0 || times.UplinkSent == 0 || holdingNs < 0)
        {
            _disordered++;
            return;
        }
        flow.HoldingNs.Add(holdingNs);
        if (!_sent.TryGetValue(new(gnb, times.DownlinkSent, information.Qfi), out Sent sent) || timeNs == 0)
            _unpaired++;
        else if (sent.IsAmbiguous) _ambiguous++;
        else flow.RoundTripNs.Add(timeNs - sent.TimeNs - holdingNs);
    }

    public MonitoringDetails? ToDetail()
    {
        List<MonitoringFlow> flows = [];
        for (int qfi = 0; qfi < QfiCount; qfi++)
            if (_flows[qfi] is { } flow) flows.Add(Detail(qfi, flow));
        return flows.Count == 0 && Damaged == 0 ? null : new()
        {
            DownlinkPackets = flows.Sum(flow => flow.DownlinkPackets),
            UplinkPackets = flows.Sum(flow => flow.UplinkPackets),
            Flows = flows,
            Unpaired = _unpaired,
            Ambiguous = _ambiguous,
            Disordered = _disordered,
            BeyondMemory = _beyondMemory,
            Damaged = Damaged,
        };
    }

    private static MonitoringFlow Detail(int qfi, Flow flow) => new(qfi, flow.DownlinkPackets, flow.UplinkPackets)
    {
        RoundTripTapGnbNs = ExactDelays.Summary(flow.RoundTripNs),
        GnbHoldingNs = ExactDelays.Summary(flow.HoldingNs),
        DownlinkDifferenceNs = ExactDelays.Summary(flow.DownlinkDifferenceNs),
        UplinkDifferenceNs = ExactDelays.Summary(flow.UplinkDifferenceNs),
        ReportedDownlinkMs = ExactDelays.Summary(flow.ReportedDownlinkMs),
        ReportedUplinkMs = ExactDelays.Summary(flow.ReportedUplinkMs),
        ReportedN3N9Ms = ExactDelays.Summary(flow.ReportedN3N9Ms),
    };

    private static void Add(List<long> values, uint? value)
    {
        if (value is { } known) values.Add(known);
    }

    private Flow Of(byte qfi) => _flows[qfi] ??= new();
}
