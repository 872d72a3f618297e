using System.Net;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Matching.Clocks;

/// <summary>
/// When the run overloaded the network on purpose, by the clock of each tap. The server noted the times by its own
/// clock; the run's own loads, as a tap saw them, tell how far that one is off. A load may move the times that the
/// server noted and can neither make nor lengthen any.
/// </summary>
internal sealed class OverloadTimes
{
    /// <summary>
    /// A load that says nothing for longer has ended: a phase may offer the same again on the same ports later.
    /// </summary>
    private const long PauseNs = 500_000_000;

    private readonly record struct Path(HostAddress Ue, HostAddress Remote, ushort Port);
    private readonly record struct Span(long FromNs, long ToNs);

    private readonly IReadOnlyList<TimeWindow> _windows;
    /// <summary>By tap: what its clock is behind the server's.</summary>
    private readonly long[] _behindNs;

    public OverloadTimes(IReadOnlyList<TapCapture> taps, RunContext? run)
    {
        _windows = run?.OverloadWindows ?? [];
        _behindNs = new long[taps.Count];
        if (_windows.Count == 0) return;
        Dictionary<Path, int> loads = LoadsOf(run!);
        long?[] found = new long?[taps.Count];
        for (int tap = 0; tap < taps.Count; tap++)
        {
            List<Span> spans = SpansOf(taps[tap], loads);
            if (spans.Count == 0) continue;
            found[tap] = Behind(spans);
            AreUnknown |= found[tap] is null;
        }
        // A tap that saw no load has the clock of its kit's other taps.
        for (int tap = 0; tap < taps.Count; tap++)
            _behindNs[tap] = found[tap] ?? Enumerable.Range(0, taps.Count)
                .Where(other => taps[tap].Kit is { } kit && taps[other].Kit == kit).Select(other => found[other])
                .FirstOrDefault(behind => behind is not null) ?? 0;
    }

    /// <summary>A tap saw the run's loads at times that no clock's offset explains.</summary>
    public bool AreUnknown { get; }

    public bool Contain(int tap, long timeNs)
    {
        foreach (TimeWindow window in _windows)
            if (window.Contains(timeNs + _behindNs[tap])) return true;
        return false;
    }

    /// <summary>0 where all loads lie in windows as they are; null where they never do.</summary>
    private long? Behind(List<Span> spans)
    {
        long? nearest = null;
        foreach (long shift in Candidates(spans))
            if ((nearest is null || Math.Abs(shift) < Math.Abs(nearest.Value)) && spans.TrueForAll(
                span => WindowOf(span, shift) is not null)) nearest = shift;
        if (nearest is not { } near || near == 0) return nearest;
        // Loads begin some time after their phase and end before it: the middle of what fits is the likeliest.
        long low = long.MinValue, high = long.MaxValue;
        foreach (Span span in spans)
        {
            TimeWindow window = WindowOf(span, near)!.Value;
            (low, high) = (Math.Max(low, window.FromNs - span.FromNs), Math.Min(high, window.ToNs - span.ToNs - 1));
        }
        return low + (high - low) / 2;
    }

    private IEnumerable<long> Candidates(List<Span> spans)
    {
        yield return 0;
        foreach (Span span in spans)
        {
            foreach (TimeWindow window in _windows)
            {
                yield return window.FromNs - span.FromNs;
                yield return window.ToNs - span.ToNs - 1;
            }
        }
    }

    private TimeWindow? WindowOf(Span span, long shift)
    {
        foreach (TimeWindow window in _windows)
            if (window.Contains(span.FromNs + shift) && window.Contains(span.ToNs + shift)) return window;
        return null;
    }

    private static Dictionary<Path, int> LoadsOf(RunContext run)
    {
        Dictionary<Path, int> loads = [];
        foreach (CapacityFlowContext each in run.CapacityFlows)
            Add(each.UeAddress, each.RemoteAddress, each.RemotePort);
        foreach (LoadContext each in run.Loads.Concat(run.OtherLoads))
            Add(each.UeAddress, each.RemoteAddress, each.RemotePort);
        return loads;

        // On N6 the UE's address may be translated: there the far end alone tells, under no UE.
        void Add(IPAddress ue, IPAddress remote, int port)
        {
            int number = loads.Count;
            loads.TryAdd(new(HostAddress.From(ue), HostAddress.From(remote), (ushort)port), number);
            loads.TryAdd(new(default, HostAddress.From(remote), (ushort)port), number);
        }
    }

    private static List<Span> SpansOf(TapCapture tap, Dictionary<Path, int> loads)
    {
        int[] ofFlow = new int[tap.Decoder.Flows.Count];
        for (int i = 0; i < ofFlow.Length; i++)
        {
            FlowKey flow = tap.Decoder.Flows[i];
            ofFlow[i] = flow.Protocol == IpProtocol.Udp
                ? NumberOf(flow.Source, flow.Destination, flow.DestinationPort)
                    ?? NumberOf(flow.Destination, flow.Source, flow.SourcePort) ?? -1
                : -1;
        }
        List<Span> ended = [];
        Dictionary<int, Span> spans = [];
        for (int i = 0; i < tap.Records.Count; i++)
        {
            ref PacketRecord record = ref tap.Records[i];
            if (record.Flow < 0 || ofFlow[record.Flow] is not (>= 0 and var load)
                || record.Kind is not (RecordKind.Gpdu or RecordKind.Plain)) continue;
            if (spans.TryGetValue(load, out Span span) && record.TimeNs - span.ToNs <= PauseNs)
            {
                spans[load] = new(Math.Min(span.FromNs, record.TimeNs), Math.Max(span.ToNs, record.TimeNs));
                continue;
            }
            if (span != default) ended.Add(span);
            spans[load] = new(record.TimeNs, record.TimeNs);
        }
        return [.. ended, .. spans.Values];

        int? NumberOf(HostAddress ue, HostAddress remote, ushort port) =>
            loads.TryGetValue(new(tap.Role is TapRole.N3 ? ue : default, remote, port), out int number) ? number : null;
    }
}
