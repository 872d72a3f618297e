using System.Text.Json;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Details;
using Testbed.Analyzer.Intervals;
using Testbed.Analyzer.Matching;
using Testbed.Analyzer.Matching.Losses;
using Testbed.Analyzer.Meters;
using Testbed.Analyzer.Meters.Crossings;
using Testbed.Analyzer.Meters.Records;
using Testbed.Analyzer.Meters.Sessions;
using Testbed.Conformance;

namespace Testbed.Analyzer;

/// <summary>Turns the context into the result that callers see.</summary>
internal sealed class ResultBuilder(AnalysisContext context)
{
    private readonly CrossingTable _crossings = context.Crossings.Table;

    /// <param name="elapsedNow">Asked at the end, so that measuring counts too.</param>
    public AnalysisResult Build(Func<TimeSpan> elapsedNow, CancellationToken cancellation = default)
    {
        List<LocalText> findings = AnalysisFindings.Of(context);
        MeterOutput output = Measure(findings);
        long packets = context.Taps.Sum(tap => tap.Tally.Packets) + context.ControlPlane.Packets;
        TapSummary n3 = Summary(tap => tap.Role is not TapRole.N6), n6 = Summary(tap => tap.Role is not TapRole.N3);
        RateSummary rates = new(
            RateMeter.Figure(context, RecordKind.Gpdu, PacketDirection.Uplink),
            RateMeter.Figure(context, RecordKind.Gpdu, PacketDirection.Downlink),
            RateMeter.Figure(context, RecordKind.Plain, PacketDirection.Uplink),
            RateMeter.Figure(context, RecordKind.Plain, PacketDirection.Downlink));
        MatchSummary match = Match();
        findings.AddRange(MatchFindings.Of(match));
        SortedDictionary<string, SliceSummary> slices = SliceSummaries();
        AnalysisOptions options = context.Request.Options;
        AnalysisDetails? details = options.DetailsTop is { } top
            ? DetailBuilder.Build(context, top, cancellation) : null;
        IntervalTable? intervals = options.WithIntervals ? new(new IntervalCount(context)) : null;
        TimeSpan elapsed = elapsedNow();
        return new()
        {
            N3 = n3,
            N6 = n6,
            GtpU = GtpUCount.Of(context.Taps),
            Match = match,
            Slices = slices,
            Rates = rates,
            N2 = N2Facts.Of(context),
            Sbi = SbiSummary.Of(context),
            Kpis = output.Kpis,
            Series = output.Series,
            Details = details,
            Intervals = intervals,
            Findings = findings,
            ElapsedMs = (long)elapsed.TotalMilliseconds,
            PacketsPerSecond = elapsed.Ticks == 0 ? 0 : (long)(packets / elapsed.TotalSeconds),
        };
    }

    // Meters see nothing of each other, so those of a run, which go through all packets, share the processors. What
    // they yield is put together in the order of their names, whoever was first.
    private MeterOutput Measure(List<LocalText> findings)
    {
        IReadOnlyList<IMeter> meters = MeterCatalogue.All();
        (MeterOutput Output, LocalText? Fault)[] each = new (MeterOutput, LocalText?)[meters.Count];
        int next = -1, workers = context.Request.Run is null ? 1 : Environment.ProcessorCount;
        if (workers == 1) Work(0);
        else Parallel.For(0, workers, Work);
        MeterOutput output = new();
        foreach ((MeterOutput own, LocalText? fault) in each)
        {
            if (fault is not null) findings.Add(fault);
            output.Kpis.AddRange(own.Kpis);
            output.Series.AddRange(own.Series);
        }
        return output;

        void Work(int worker)
        {
            for (int i; (i = Interlocked.Increment(ref next)) < meters.Count;) each[i] = Measure(meters[i]);
        }
    }

    // A kit's damaged record spoils what is measured with it and nothing else: a figure that is missing decides
    // nothing.
    private (MeterOutput Output, LocalText? Fault) Measure(IMeter meter)
    {
        MeterOutput own = new();
        try
        {
            meter.Measure(context, own);
            return (own, null);
        }
        catch (Exception fault) when (fault is RecordFormatException or IOException)
        {
            return (new(),
                new($"测试记录无法读取：{fault.Message}", $"a test record cannot be read: {fault.Message}"));
        }
    }

    private TapSummary Summary(Func<TapCapture, bool> isOfPoint)
    {
        List<DecodeTally> tallies = [.. context.Taps.Where(isOfPoint).Select(tap => tap.Tally)];
        bool any = tallies.Any(tally => tally.LastNs >= tally.FirstNs);
        return new()
        {
            Packets = tallies.Sum(tally => tally.Packets),
            Bytes = tallies.Sum(tally => tally.Bytes),
            FirstNs = any ? tallies.Min(tally => tally.FirstNs) : 0,
            LastNs = any ? tallies.Max(tally => tally.LastNs) : 0,
            Decoded = tallies.Sum(tally => tally.Decoded),
            NotDecoded = Sum(tallies.Select(tally => tally.NotDecoded())),
            Noticed = Sum(tallies.Select(tally => tally.Noticed())),
        };
    }

    private static SortedDictionary<string, long> Sum(IEnumerable<SortedDictionary<string, long>> all)
    {
        SortedDictionary<string, long> sum = new(StringComparer.Ordinal);
        foreach (SortedDictionary<string, long> counts in all)
            foreach ((string name, long count) in counts) sum[name] = sum.GetValueOrDefault(name) + count;
        return sum;
    }

    private MatchSummary Match()
    {
        long[] onN3 = context.Crossings.OnN3, onN6 = context.Crossings.OnN6;
        long[] all = [.. onN3.Zip(onN6, (a, b) => a + b)];
        return new()
        {
            Matched = _crossings.Uplink.Matched + _crossings.Downlink.Matched,
            OnlyN3 = onN3.Sum(),
            OnlyN6 = onN6.Sum(),
            Ambiguous = _crossings.Uplink.Ambiguous + _crossings.Downlink.Ambiguous,
            Nat = context.Crossings.Rule is not AddressRule.SameFlow
                && _crossings.Uplink.Matched + _crossings.Downlink.Matched > 0,
            Unmatched = ByName(all),
            UnmatchedN3 = ByName(onN3),
            UnmatchedN6 = ByName(onN6),
            Uplink = _crossings.Uplink.ToSummary(),
            Downlink = _crossings.Downlink.ToSummary(),
            Clock = context.Crossings.Clock,
        };
    }

    private static SortedDictionary<string, long> ByName(long[] counts)
    {
        SortedDictionary<string, long> named = new(StringComparer.Ordinal);
        foreach (UnmatchedReason reason in Enum.GetValues<UnmatchedReason>())
            if (reason is not UnmatchedReason.None && counts[(int)reason] > 0)
                named[JsonNamingPolicy.CamelCase.ConvertName(reason.ToString())] = counts[(int)reason];
        return named;
    }

    private SortedDictionary<string, SliceSummary> SliceSummaries()
    {
        SortedDictionary<string, SliceSummary> summaries = new(StringComparer.Ordinal);
        for (int slice = 0; slice < context.Slices.Count; slice++)
            summaries[context.Slices.Name(slice)] = new(
                _crossings.OfSlice(PacketDirection.Uplink, slice), _crossings.OfSlice(PacketDirection.Downlink, slice))
            {
                UplinkByQfi = _crossings.OfSliceByQfi(PacketDirection.Uplink, slice),
                DownlinkByQfi = _crossings.OfSliceByQfi(PacketDirection.Downlink, slice),
                Provenance = context.Slices.Provenance(slice),
            };
        return summaries;
    }
}
