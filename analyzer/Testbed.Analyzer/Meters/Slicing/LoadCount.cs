using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Meters.Records;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Slicing;

/// <summary>One block of a load as the taps saw it: inner bytes, both sides of the UPF.</summary>
/// <param name="Window">Without the block's beginning, in which buckets fill and queues grow.</param>
/// <param name="SentBytes">Share of the sender's bytes that falls into the window.</param>
internal readonly record struct LoadWindow(TimeWindow Window, long SentBytes, long N3Bytes, long N6Bytes)
{
    public double Seconds => (Window.ToNs - Window.FromNs) / 1e9;
}

/// <summary>What the taps saw of one load, block by block, and how its packets were marked on N3.</summary>
internal sealed class LoadCount
{
    /// <summary>
    /// Left out at a block's start: token buckets and queues settle, and clocks of kits may differ. A rate is averaged
    /// over 2 s (TS 23.501 §5.7.2.6), so a bucket larger than a quarter of that is no fault of this measurement.
    /// </summary>
    public const long SettleNs = 500_000_000;
    /// <summary>Longer than any block of a plan.</summary>
    private const long BlockNsMax = 600_000_000_000;
    /// <summary>Shorter than this a sender's pause is smoothed by buckets and queues.</summary>
    private const long SlotNs = 100_000_000;

    private readonly HostAddress _ue, _remote;
    private readonly LoadContext _load;
    private readonly LoadWindow[] _windows;
    /// <summary>Bytes that came to the UPF, by window and slot.</summary>
    private readonly long[][] _offered;

    private LoadCount(LoadContext load)
    {
        _load = load;
        (_ue, _remote) = (HostAddress.From(load.UeAddress), HostAddress.From(load.RemoteAddress));
        RecordTable table = RecordTable.Read(load.RecordPath);
        int from = table.Column("startUnixNs"), to = table.Column("endUnixNs"), bytes = table.Column("bytes");
        List<LoadWindow> windows = [];
        List<TimeWindow> blocks = [];
        for (int i = 0; i < table.Rows.Count; i++)
        {
            long start = table.Number(i, from), end = table.Number(i, to);
            if (start < 0 || end < start || end - start > BlockNsMax)
                throw new RecordFormatException(
                    load.RecordPath, i + 2, "a block that ends within ten minutes of its start", $"{start} to {end}");
            blocks.Add(new(start, end));
            if (end - start <= SettleNs) continue;
            long sent = (long)(table.Number(i, bytes) * ((double)(end - start - SettleNs) / (end - start)));
            windows.Add(new(new(start + SettleNs, end), sent, 0, 0));
        }
        (_windows, Blocks) = ([.. windows], blocks);
        _offered = [.. windows.Select(window =>
            new long[(window.Window.ToNs - window.Window.FromNs + SlotNs - 1) / SlotNs])];
    }

    public IReadOnlyList<LoadWindow> Windows => _windows;
    /// <summary>Whole blocks, as the sender recorded them.</summary>
    public IReadOnlyList<TimeWindow> Blocks { get; }
    public bool IsUplink => _load.Direction == "uplink";
    public long N3Packets { get; private set; }
    /// <summary>True when the taps behind the UPF showed any of the load.</summary>
    public bool IsCarriedSeen => Windows.Any(window => Carried(window) > 0);
    /// <summary>Packets on N3 within the windows that named another QoS flow, and the first of them.</summary>
    public long OtherQfiPackets { get; private set; }
    public string? OtherQfiEvidence { get; private set; }
    public int OtherQfi { get; private set; } = -1;
    /// <summary>By DSCP of the outer header.</summary>
    public SortedDictionary<int, long> Dscps { get; } = [];
    public string? Evidence { get; private set; }

    /// <exception cref="RecordFormatException">The file is no load sender's record.</exception>
    public static LoadCount Of(AnalysisContext context, LoadContext load)
    {
        LoadCount count = new(load);
        foreach (TapCapture tap in context.Taps) count.Add(tap);
        return count;
    }

    private void Add(TapCapture tap)
    {
        PacketDirection direction = IsUplink ? PacketDirection.Uplink : PacketDirection.Downlink;
        for (int i = 0; i < tap.Records.Count; i++)
        {
            ref PacketRecord record = ref tap.Records[i];
            if (record.Direction != direction || record.Flow < 0
                || record.Kind is not (RecordKind.Gpdu or RecordKind.Plain)) continue;
            int at = WindowOf(record.TimeNs);
            if (at < 0 || !IsOf(tap.Flow(record), record.Kind is RecordKind.Gpdu)) continue;
            ref LoadWindow window = ref _windows[at];
            if (IsUplink == record.Kind is RecordKind.Gpdu)
                _offered[at][(record.TimeNs - window.Window.FromNs) / SlotNs] += record.InnerLength;
            if (record.Kind is RecordKind.Plain)
            {
                window = window with { N6Bytes = window.N6Bytes + record.InnerLength };
                continue;
            }
            window = window with { N3Bytes = window.N3Bytes + record.InnerLength };
            Note(tap, record);
        }
    }

    private void Note(TapCapture tap, in PacketRecord record)
    {
        N3Packets++;
        Evidence ??= tap.Evidence(record);
        int dscp = record.OuterTrafficClass >> 2;
        Dscps[dscp] = Dscps.GetValueOrDefault(dscp) + 1;
        if (record.Qfi == _load.Qfi) return;
        OtherQfiPackets++;
        if (OtherQfiEvidence is not null) return;
        OtherQfiEvidence = tap.Evidence(record);
        OtherQfi = record.Qfi;
    }

    // On N6 the UE's address and port may be translated.
    private bool IsOf(in FlowKey flow, bool onN3)
    {
        if (flow.Protocol != IpProtocol.Udp) return false;
        (HostAddress ue, ushort uePort, HostAddress remote, ushort remotePort) = IsUplink
            ? (flow.Source, flow.SourcePort, flow.Destination, flow.DestinationPort)
            : (flow.Destination, flow.DestinationPort, flow.Source, flow.SourcePort);
        return remote == _remote && remotePort == _load.RemotePort
            && (!onN3 || (ue == _ue && uePort == _load.UePort));
    }

    private int WindowOf(long timeNs)
    {
        for (int i = 0; i < _windows.Length; i++)
            if (_windows[i].Window.Contains(timeNs)) return i;
        return -1;
    }

    /// <summary>
    /// What the UPF was given, as a multiple of the limit; the sender's own word where no tap stands before the UPF.
    /// </summary>
    public double OfferedRatio(bool hasN6) => Ratio(
        window => IsUplink ? window.N3Bytes : hasN6 ? window.N6Bytes : window.SentBytes);

    /// <summary>
    /// What it passed on of what it could have: a sender that paused gave it nothing to pass, and a promise is not
    /// broken by that. <see cref="CarriedRatio"/> where no tap stands before the UPF.
    /// </summary>
    public double KeptRatioMax(bool hasN6)
    {
        if (!IsUplink && !hasN6) return CarriedRatio;
        double slotBytes = (double)_load.LimitMbps * 1e6 / 8 * SlotNs / 1e9, possible = 0;
        for (int i = 0; i < _windows.Length; i++)
            for (int slot = 0; slot < _offered[i].Length; slot++)
                possible += Math.Min(_offered[i][slot], slotBytes);
        return possible <= 0 ? 0 : Windows.Sum(Carried) / possible;
    }

    /// <summary>What it passed on, as a multiple of the limit.</summary>
    public double CarriedRatio => Ratio(Carried);

    /// <summary>The same of each window.</summary>
    public IReadOnlyList<double> CarriedRatios =>
        [.. Windows.Select(window => Carried(window) * 8 / (window.Seconds * 1e6) / (double)_load.LimitMbps)];

    private long Carried(LoadWindow window) => IsUplink ? window.N6Bytes : window.N3Bytes;

    private double Ratio(Func<LoadWindow, long> bytes)
    {
        double seconds = Windows.Sum(window => window.Seconds);
        return seconds <= 0 ? 0 : Windows.Sum(bytes) * 8 / (seconds * 1e6) / (double)_load.LimitMbps;
    }
}
