using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Matching.Losses;
using Testbed.Analyzer.Meters;
using Testbed.Analyzer.Meters.Crossings;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Matching;

/// <summary>Adds up the pairs and unmatched packets of records that are all in memory.</summary>
internal sealed class RecordedCrossings(AnalysisContext context)
{
    private readonly CrossingResult _result = new(context.Slices, context.Request.Options)
    {
        Rule = context.Matcher!.Rule, ClocksDisagree = context.Matcher.ClocksDisagree, Clock = context.Matcher.Clock,
        Own = new(context.Request.Run),
    };

    private long _closedNs;

    public CrossingResult AddUp()
    {
        for (int tap = 0; tap < context.Taps.Count; tap++)
        {
            CountUnmatched(tap);
            AddTap(tap);
        }
        AddInTime();
        if (context.HasBothSides && _result.Rule is not AddressRule.SameFlow) AddTranslations();
        return _result;
    }

    private void CountUnmatched(int tap)
    {
        RecordStore records = context.Taps[tap].Records;
        for (int i = 0; i < records.Count; i++)
        {
            if (context.Outcomes[tap].PartnerRecord[i] >= 0) continue;
            if (records[i].Kind is RecordKind.Gpdu) _result.OnN3[(int)context.Reasons[tap][i]]++;
            else if (records[i].Kind is RecordKind.Plain) _result.OnN6[(int)context.Reasons[tap][i]]++;
        }
    }

    private void AddTap(int tap)
    {
        TapCapture capture = context.Taps[tap];
        FlowRuns runs = new(capture.Decoder.Flows.Count);
        foreach (int i in context.InTimeOrder(tap))
        {
            ref PacketRecord record = ref capture.Records[i];
            int partner = context.Outcomes[tap].PartnerRecord[i];
            if (partner < 0) AddUnmatched(tap, i, record, runs);
            // Every pair once, at the side where the packet left: that is the order in which reordering shows.
            else if (!EdgeRevision.IsEntry(record)) AddPair(tap, i, record, partner, runs);
            else runs.Arrived(record.Flow);
        }
    }

    private void AddPair(int tap, int index, in PacketRecord exit, int partner, FlowRuns runs)
    {
        int entryTap = context.Outcomes[tap].PartnerTap[index];
        ref PacketRecord entry = ref context.Taps[entryTap].Records[partner];
        bool ambiguous = (context.Outcomes[tap].Flags[index] & MatchFlags.Ambiguous) != 0;
        bool reordered = runs.Left(exit.Flow, entry.TimeNs);
        bool onN3 = exit.Kind is RecordKind.Gpdu;
        FlowKey n3Flow = onN3 ? context.Taps[tap].Flow(exit) : context.Taps[entryTap].Flow(entry);
        int slice = context.Slices.Of(AnalysisContext.UeOf(n3Flow, exit.Direction));
        _result.Table.AddPair(
            exit.Direction, slice, onN3 ? exit.Qfi : entry.Qfi, exit.TimeNs - entry.TimeNs, ambiguous, reordered);
    }

    private void AddUnmatched(int tap, int index, in PacketRecord record, FlowRuns runs)
    {
        UnmatchedReason reason = context.Reasons[tap][index];
        if (reason is not (UnmatchedReason.Lost or UnmatchedReason.Duplicate)) return;
        int slice = context.Slices.Of(AnalysisContext.UeOf(context.Taps[tap].Flow(record), record.Direction));
        if (reason is UnmatchedReason.Duplicate) _result.Table.AddDuplicate(record.Direction, slice, record.Qfi);
        else _result.Table.AddLost(record.Direction, slice, record.Qfi, runs.Missed(record.Flow));
    }

    // In the order of time over all taps, which is that of entering.
    private void AddInTime()
    {
        string?[][] own = [.. context.Taps.Select(_result.Own.SlicesOf)];
        foreach ((int tap, int index) in InTimeOrder())
        {
            ref PacketRecord record = ref context.Taps[tap].Records[index];
            if (record.Direction is PacketDirection.Unknown) continue;
            if (record.Kind is RecordKind.Gpdu) AddTransit(tap, index, record);
            else if (record.Kind is not RecordKind.Plain) continue;
            if (!EdgeRevision.IsEntry(record) || context.Overload.Contain(tap, record.TimeNs)) continue;
            AddEntered(tap, index, record, _result.Losses(record.Direction));
            if (record.Flow >= 0 && own[tap][record.Flow] is { } slice)
                AddEntered(tap, index, record, _result.Own.Of(slice, record.Direction));
        }
    }

    private void AddEntered(int tap, int index, in PacketRecord record, LossAccount account)
    {
        UnmatchedReason reason = context.Reasons[tap][index];
        if (context.Outcomes[tap].PartnerRecord[index] >= 0) account.Losses.Add(false);
        else if (reason is UnmatchedReason.Lost) account.AddLost(context.Taps[tap], record);
        else if (reason is UnmatchedReason.CaptureEdge or UnmatchedReason.TapLoss) account.Undecided++;
    }

    private void AddTransit(int tap, int index, in PacketRecord record)
    {
        TransitSeries series = _result.Transit(record.Direction);
        // A pair's times are at most a match window apart: nothing older can come after this.
        if (record.TimeNs - _closedNs >= context.Request.Options.SeriesStepNs)
        {
            foreach (PacketDirection direction in Figures.Directions)
                _result.Transit(direction).Close(record.TimeNs - context.Request.Options.MatchWindowNs);
            _closedNs = record.TimeNs;
        }
        int partner = context.Outcomes[tap].PartnerRecord[index];
        if (partner < 0) return;
        long other = context.Taps[context.Outcomes[tap].PartnerTap[index]].Records[partner].TimeNs;
        series.Add(
            Math.Min(record.TimeNs, other),
            record.Direction is PacketDirection.Uplink ? other - record.TimeNs : record.TimeNs - other);
    }

    // Of packets of one time those of the first tap come first.
    private IEnumerable<(int Tap, int Record)> InTimeOrder()
    {
        int[][] orders = [.. Enumerable.Range(0, context.Taps.Count).Select(context.InTimeOrder)];
        int[] cursors = new int[orders.Length];
        while (true)
        {
            int next = -1;
            long nextNs = long.MaxValue;
            for (int tap = 0; tap < orders.Length; tap++)
            {
                if (cursors[tap] == orders[tap].Length) continue;
                long timeNs = context.Taps[tap].Records[orders[tap][cursors[tap]]].TimeNs;
                if (next < 0 || timeNs < nextNs) (next, nextNs) = (tap, timeNs);
            }
            if (next < 0) yield break;
            yield return (next, orders[next][cursors[next]++]);
        }
    }

    private void AddTranslations()
    {
        Dictionary<(int, int), (int, int)> flows = [];
        HashSet<(int, int)> inconsistent = [];
        for (int tap = 0; tap < context.Taps.Count; tap++)
        {
            RecordStore records = context.Taps[tap].Records;
            for (int i = 0; i < records.Count; i++)
            {
                int partner = context.Outcomes[tap].PartnerRecord[i];
                if (partner < 0 || records[i].Kind is not RecordKind.Gpdu) continue;
                // Fragments without ports and packets without a flow of their own say nothing of ports.
                if ((records[i].Flags & RecordFlags.InnerFragment) != 0) continue;
                int otherTap = context.Outcomes[tap].PartnerTap[i];
                ref PacketRecord plain = ref context.Taps[otherTap].Records[partner];
                HostAddress from = AnalysisContext.UeOf(context.Taps[tap].Flow(records[i]), records[i].Direction);
                HostAddress to = AnalysisContext.UeOf(context.Taps[otherTap].Flow(plain), records[i].Direction);
                _result.Translations.Add(from, to, 1);
                if (!flows.TryAdd((tap, records[i].Flow), (otherTap, plain.Flow))
                    && flows[(tap, records[i].Flow)] != (otherTap, plain.Flow))
                    inconsistent.Add((tap, records[i].Flow));
            }
        }
        _result.Translations.InconsistentFlows = inconsistent.Count;
    }
}
