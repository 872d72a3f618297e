using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Matching.Clocks;

/// <summary>
/// When the run overloaded the network on purpose, by the clock of each tap. The server noted the times by its own
/// clock; each phase's own loads, as a tap saw them, tell how far that one is off. A load may move the times that the
/// server noted and can neither make nor lengthen any.
/// </summary>
internal sealed class OverloadTimes
{
    private readonly record struct Path(HostAddress Ue, HostAddress Remote, ushort Port);
    private readonly record struct Span(long FromNs, long ToNs);

    private readonly IReadOnlyList<OverloadPhase> _phases;
    /// <summary>By load: from the first to the last of the phases that offered it; some are measured again.</summary>
    private readonly List<Span> _offered = [];
    private readonly Dictionary<Path, int> _loads = [];
    /// <summary>By tap: what its clock is behind the server's.</summary>
    private readonly long[] _behindNs;

    public OverloadTimes(IReadOnlyList<TapCapture> taps, RunContext? run)
    {
        _phases = run?.OverloadPhases ?? [];
        _behindNs = new long[taps.Count];
        foreach (OverloadPhase phase in _phases)
            foreach (LoadPath load in phase.Loads) Offer(load, phase.Window);
        if (_loads.Count == 0) return;
        long?[] found = new long?[taps.Count];
        for (int tap = 0; tap < taps.Count; tap++)
        {
            Span?[] seen = SeenBy(taps[tap]);
            if (Array.TrueForAll(seen, span => span is null)) continue;
            found[tap] = Behind(seen);
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
        foreach (OverloadPhase phase in _phases)
            if (phase.Window.Contains(timeNs + _behindNs[tap])) return true;
        return false;
    }

    /// <summary>0 where every load lies in its phases as they are; null where no offset brings all there.</summary>
    private long? Behind(Span?[] seen)
    {
        long low = long.MinValue, high = long.MaxValue;
        for (int load = 0; load < seen.Length; load++)
        {
            if (seen[load] is not { } span) continue;
            low = Math.Max(low, _offered[load].FromNs - span.FromNs);
            high = Math.Min(high, _offered[load].ToNs - 1 - span.ToNs);
        }
        if (low > high) return null;
        // Loads begin some time after their phase and end before it: the middle of what fits is the likeliest.
        return low <= 0 && high >= 0 ? 0 : low + (high - low) / 2;
    }

    private void Offer(in LoadPath load, TimeWindow window)
    {
        HostAddress remote = HostAddress.From(load.RemoteAddress);
        OfferOn(new(HostAddress.From(load.UeAddress), remote, (ushort)load.RemotePort), window);
        // On N6 the UE's address may be translated: there the far end alone tells, under no UE.
        OfferOn(new(default, remote, (ushort)load.RemotePort), window);
    }

    private void OfferOn(in Path path, TimeWindow window)
    {
        if (_loads.TryAdd(path, _offered.Count)) _offered.Add(new(window.FromNs, window.ToNs));
        Span offered = _offered[_loads[path]];
        _offered[_loads[path]] = new(Math.Min(offered.FromNs, window.FromNs), Math.Max(offered.ToNs, window.ToNs));
    }

    private Span?[] SeenBy(TapCapture tap)
    {
        int?[] ofFlow = new int?[tap.Decoder.Flows.Count];
        for (int i = 0; i < ofFlow.Length; i++)
        {
            FlowKey flow = tap.Decoder.Flows[i];
            if (flow.Protocol == IpProtocol.Udp)
                ofFlow[i] = NumberOf(flow.Source, flow.Destination, flow.DestinationPort)
                    ?? NumberOf(flow.Destination, flow.Source, flow.SourcePort);
        }
        Span?[] seen = new Span?[_offered.Count];
        for (int i = 0; i < tap.Records.Count; i++)
        {
            ref PacketRecord record = ref tap.Records[i];
            if (record.Flow < 0 || ofFlow[record.Flow] is not { } load
                || record.Kind is not (RecordKind.Gpdu or RecordKind.Plain)) continue;
            seen[load] = seen[load] is { } span
                ? new(Math.Min(span.FromNs, record.TimeNs), Math.Max(span.ToNs, record.TimeNs))
                : new(record.TimeNs, record.TimeNs);
        }
        return seen;

        int? NumberOf(HostAddress ue, HostAddress remote, ushort port) =>
            _loads.TryGetValue(new(tap.Role is TapRole.N3 ? ue : default, remote, port), out int number)
                ? number : null;
    }
}
