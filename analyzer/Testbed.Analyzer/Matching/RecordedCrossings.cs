using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Meters;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Matching;

/// <summary>Adds up the pairs and unmatched packets of records that are all in memory.</summary>
internal sealed class RecordedCrossings(AnalysisContext context)
{
    private readonly CrossingResult _result = new(context.Slices, context.Request.Options)
    {
        Rule = context.Matcher!.Rule, ClocksDisagree = context.Matcher.ClocksDisagree, Clock = context.Matcher.Clock,
    };

    public CrossingResult AddUp()
    {
        for (int tap = 0; tap < context.Taps.Count; tap++)
        {
            CountUnmatched(tap);
            AddTap(tap);
        }
        foreach (PacketDirection direction in Figures.Directions)
        {
            AddLosses(direction);
            AddTransit(direction);
        }
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

    private void AddLosses(PacketDirection direction)
    {
        List<(long TimeNs, int Tap, int Record)> entered = [];
        LossAccount account = _result.Losses(direction);
        for (int tap = 0; tap < context.Taps.Count; tap++)
        {
            RecordStore records = context.Taps[tap].Records;
            for (int i = 0; i < records.Count; i++)
            {
                ref PacketRecord record = ref records[i];
                if (record.Direction != direction || record.Kind is not (RecordKind.Gpdu or RecordKind.Plain)
                    || !EdgeRevision.IsEntry(record) || context.IsOverloaded(record.TimeNs)) continue;
                UnmatchedReason reason = context.Reasons[tap][i];
                if (context.Outcomes[tap].PartnerRecord[i] >= 0 || reason is UnmatchedReason.Lost)
                    entered.Add((record.TimeNs, tap, i));
                else if (reason is UnmatchedReason.CaptureEdge or UnmatchedReason.TapLoss) account.Undecided++;
            }
        }
        entered.Sort();
        foreach ((_, int tap, int record) in entered)
            if (context.Outcomes[tap].PartnerRecord[record] >= 0) account.Losses.Add(false);
            else account.AddLost(context.Taps[tap], context.Taps[tap].Records[record]);
    }

    private void AddTransit(PacketDirection direction)
    {
        List<(long TimeNs, long DelayNs)> points = [];
        for (int tap = 0; tap < context.Taps.Count; tap++)
        {
            RecordStore records = context.Taps[tap].Records;
            for (int i = 0; i < records.Count; i++)
            {
                int partner = context.Outcomes[tap].PartnerRecord[i];
                if (partner < 0 || records[i].Kind is not RecordKind.Gpdu
                    || records[i].Direction != direction) continue;
                long other = context.Taps[context.Outcomes[tap].PartnerTap[i]].Records[partner].TimeNs;
                bool up = direction is PacketDirection.Uplink;
                points.Add(
                    (Math.Min(records[i].TimeNs, other), up ? other - records[i].TimeNs : records[i].TimeNs - other));
            }
        }
        points.Sort();
        TransitSeries series = _result.Transit(direction);
        long step = long.MinValue, stepNs = context.Request.Options.SeriesStepNs;
        foreach ((long timeNs, long delayNs) in points)
        {
            if (timeNs / stepNs != step) series.Close(timeNs);
            step = timeNs / stepNs;
            series.Add(timeNs, delayNs);
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
