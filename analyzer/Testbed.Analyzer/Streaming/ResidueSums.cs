using Testbed.Analyzer.Captures;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Matching;
using Testbed.Analyzer.Matching.Losses;
using Testbed.Analyzer.Meters;
using Testbed.Wire.Files;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Streaming;

/// <summary>Gives reasons to the packets that stayed alone, and adds them to what the pairs add up to.</summary>
internal sealed class ResidueSums(
    AnalysisRequest request, AnalysisPlan plan, IReadOnlyList<TapCapture> taps, IReadOnlyList<Residue.Place[]> places,
    IReadOnlyList<JoinSource> sources, PairSums pairs, CrossingResult result)
{
    public void AddUp()
    {
        RequireNoUndirectedTwin();
        TapOutcome[] outcomes = [.. taps.Select(tap => new TapOutcome(tap.Records.Count))];
        UnmatchedReason[][] reasons =
            new UnmatchedClassifier(taps, outcomes, Facts(), plan, request).Run();
        for (int tap = 0; tap < taps.Count; tap++)
        {
            long[] counts = tap == 0 ? result.OnN3 : result.OnN6;
            foreach (UnmatchedReason reason in reasons[tap]) counts[(int)reason]++;
            counts[(int)UnmatchedReason.NotUserTraffic] += sources[tap].Undirected.Count;
            AddTap(tap, reasons[tap]);
        }
        foreach (PacketDirection direction in Figures.Directions) AddLosses(direction, reasons);
        result.Clock = pairs.Clock();
        if (result.Rule is not AddressRule.SameFlow) pairs.AddTranslations();
    }

    // Plain packets of unknown direction may still match in a pass without directions, if anything is left for them.
    private void RequireNoUndirectedTwin()
    {
        HashSet<ulong> left = [];
        for (int i = 0; i < taps[0].Records.Count; i++)
            if (taps[0].Records[i].Flow >= 0 && taps[0].Records[i].Fingerprint is var key && key != 0) left.Add(key);
        foreach (JoinSource source in sources)
            for (int i = 0; i < source.Undirected.Count; i++)
                if (left.Contains(source.Undirected[i]))
                    throw new HandOverException("有报文的方向不明", "the direction of some packets is not known");
    }

    private MatchedFacts Facts()
    {
        HashSet<HostAddress> asked = [], onN6 = [];
        foreach (TapCapture tap in taps)
        {
            for (int i = 0; i < tap.Records.Count; i++)
            {
                if (tap.Records[i].Flow < 0) continue;
                asked.Add(tap.Flow(tap.Records[i]).Source);
                asked.Add(tap.Flow(tap.Records[i]).Destination);
            }
        }
        foreach (JoinSource source in sources.Where(source => source.Side == 1 && asked.Count > 0))
        {
            for (int flow = 0; flow < source.Keys.Count; flow++)
            {
                FlowKey key = source.Keys[flow];
                if (asked.Contains(key.Source)) onN6.Add(key.Source);
                if (asked.Contains(key.Destination)) onN6.Add(key.Destination);
            }
        }
        return new()
        {
            Delays = pairs.Delays(request.Options.MatchWindowNs), Pairs = pairs.Pairs, OnN6 = onN6,
            FirstOf = (tap, flow) => flow < sources[tap].Flows.Count
                ? new(sources[tap].Flows[flow].Matched, sources[tap].Side == 1) : default,
            HasCrossedUp = (slice, qfi) =>
                result.Table.Find(PacketDirection.Uplink, slice, qfi) is { Matched: > 0 },
            N6ByUe = N6ByUe(), AddTimes = AddTimes,
        };
    }

    private Dictionary<HostAddress, (long, long)> N6ByUe()
    {
        Dictionary<HostAddress, (long, long)> byUe = [];
        if (sources.Count <= 2) return byUe;
        for (int flow = 0; flow < sources[0].Flows.Count; flow++)
        {
            FlowState state = sources[0].Flows[flow];
            if (state.Matched is PacketDirection.Unknown) continue;
            HostAddress ue = AnalysisContext.UeOf(sources[0].Keys[flow], state.Matched);
            for (int tap = 1; tap < sources.Count; tap++)
                if ((state.Taps >> tap & 1) != 0) MatchedFacts.Learn(ue, taps[tap].Tally, byUe);
        }
        return byUe;
    }

    // Whether a packet that stayed alone behind the UPF repeats one that matched is seen by reading that tap again.
    private void AddTimes(Dictionary<(int Tap, ulong Key), List<long>> times)
    {
        foreach (int tap in times.Keys.Select(key => key.Tap).Distinct().ToList())
        {
            HashSet<(ushort, uint)> alone = [];
            for (int i = 0; i < taps[tap].Records.Count; i++)
                alone.Add((taps[tap].Records[i].File, taps[tap].Records[i].FrameNumber));
            FrameDecoder decoder = new(taps[tap].Role, taps[tap].Decoder.Settings);
            VectorDecoder vectors = new(decoder, taps[tap].Role);
            PacketRecord[] records = new PacketRecord[VectorDecoder.FramesMax];
            for (int file = 0; file < taps[tap].Files.Count; file++)
            {
                using CaptureFileSource source = CaptureFiles.Open(taps[tap].Files[file]);
                for (int count; (count = vectors.Read(source, (ushort)file, records)) >= 0;)
                    foreach (ref readonly PacketRecord record in records.AsSpan(0, count))
                        if (record.Kind is RecordKind.Gpdu or RecordKind.Plain
                            && times.TryGetValue((tap, record.Fingerprint), out List<long>? list)
                            && !alone.Contains((record.File, record.FrameNumber)))
                            list.Add(record.TimeNs);
            }
        }
    }

    private void AddTap(int tap, UnmatchedReason[] reasons)
    {
        // By flow: how many it lost in a row, up to which place, every packet in between having stayed alone too.
        Dictionary<int, (uint Ordinal, int Run)> runs = [];
        for (int i = 0; i < reasons.Length; i++)
        {
            ref PacketRecord record = ref taps[tap].Records[i];
            Residue.Place place = places[tap][i];
            int run = 0;
            if (place.Ordinal >= 0)
            {
                (uint last, int before) = runs.GetValueOrDefault(record.Flow);
                run = (place.FlowOrdinal == last + 1 ? before : 0) + (reasons[i] is UnmatchedReason.Lost ? 1 : 0);
                runs[record.Flow] = (place.FlowOrdinal, run);
            }
            if (reasons[i] is not (UnmatchedReason.Lost or UnmatchedReason.Duplicate)) continue;
            int slice = plan.Slices.Of(AnalysisContext.UeOf(taps[tap].Flow(record), record.Direction));
            if (reasons[i] is UnmatchedReason.Duplicate) result.Table.AddDuplicate(record.Direction, slice, record.Qfi);
            else result.Table.AddLost(record.Direction, slice, record.Qfi, run);
        }
    }

    private void AddLosses(PacketDirection direction, UnmatchedReason[][] reasons)
    {
        List<(long Ordinal, int Tap, int Record)> entered = [];
        LossAccount account = result.Losses(direction);
        for (int tap = 0; tap < taps.Count; tap++)
        {
            for (int i = 0; i < reasons[tap].Length; i++)
            {
                ref PacketRecord record = ref taps[tap].Records[i];
                if (record.Direction != direction || !EdgeRevision.IsEntry(record)) continue;
                if (reasons[tap][i] is UnmatchedReason.CaptureEdge or UnmatchedReason.TapLoss) account.Undecided++;
                if (places[tap][i].Ordinal >= 0) entered.Add((places[tap][i].Ordinal, tap, i));
            }
        }
        entered.Sort();
        long next = 0;
        foreach ((long ordinal, int tap, int record) in entered)
        {
            account.Losses.AddDelivered(ordinal - next);
            next = ordinal + 1;
            if (reasons[tap][record] is UnmatchedReason.Lost)
                account.AddLost(taps[tap], taps[tap].Records[record]);
        }
        account.Losses.AddDelivered(pairs.Pairs[(int)direction] + entered.Count - next);
    }
}
