using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Meters.Records;
using Testbed.Conformance;

namespace Testbed.Analyzer.Meters.Mirrors;

/// <summary>
/// KIT-002: the run's own numbered packets which the UPF's other side shows both ways, and this tap does not. What a
/// mirror or its switch drops before the kit is in no counter; these gaps are. An answer passed N3 where the UE got it:
/// one that N6 alone shows may be the UPF's loss. A packet that neither side shows may have been answered by somebody
/// beside the network and is E2E-004's matter.
/// </summary>
internal sealed class CaptureGapMeter : IMeter
{
    private const string Id = "capture-gap-ratio";
    private const string Source = "capture-gap-meter";

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Request.Run is not { StampSessions.Count: > 0 } run || !context.HasBothSides
            || context.Taps.Any(tap => tap.Role is TapRole.Both)) return;
        Dictionary<TapCapture, (long Missing, long Expected)> gaps = [];
        foreach (StampSessionContext session in run.StampSessions) Count(context, session, gaps);
        foreach (TapCapture tap in context.Taps)
        {
            if (!gaps.TryGetValue(tap, out (long Missing, long Expected) found) || found.Expected == 0) continue;
            // What a counter knows of is counted already.
            long missing = Math.Max(0, found.Missing - Figures.Dropped(context, each => each == tap));
            output.Kpis.Add(Figures.Exact(
                Id, Figures.Ratio((double)missing / found.Expected), found.Expected, Source) with
            {
                Scope = tap.Name, Findings = missing == 0 ? [] : [Say(tap, missing, found.Expected)],
            });
        }
    }

    private static LocalText Say(TapCapture tap, long missing, long expected) => new(
        $"UPF 另一侧双向可见的 {expected} 个测试报文中，{tap.Name} 缺失 {missing} 个且无计数器记录，应为镜像口或交换机丢失",
        $"{tap.Name} lacks {missing} of {expected} test packets that the UPF's other side shows both ways, and no "
            + "counter knows of them: the mirror or its switch lost them");

    private static IEnumerable<uint> Returned(AnalysisContext context, StampSessionContext session) =>
        context.Readings.StampRows(session.RecordPath).Where(row => row.IsReturned).Select(row => row.Sequence);

    private static void Count(
        AnalysisContext context, StampSessionContext session, Dictionary<TapCapture, (long, long)> gaps)
    {
        KeyedPackets[] seen = [.. context.Taps.Select(tap => KeyedPackets.Of(context, session, each => each == tap))];
        foreach (bool isN3 in (bool[])[true, false])
        {
            int[] here = [.. Places(isN3)], there = [.. Places(!isN3)];
            HashSet<uint> crossed = [.. there.SelectMany(tap => seen[tap].Uplink.Keys)];
            crossed.IntersectWith(there.SelectMany(tap => seen[tap].Downlink.Keys));
            Add(here, crossed, packets => packets.Uplink);
            if (isN3) crossed.IntersectWith(Returned(context, session));
            Add(here, crossed, packets => packets.Downlink);
        }

        IEnumerable<int> Places(bool isN3) => Enumerable.Range(0, context.Taps.Count)
            .Where(tap => context.Taps[tap].Role is TapRole.N3 == isN3);

        // A tap that shows nothing of a session's direction is not on its way, or KIT-003's matter. Of several that
        // do, each may carry a part: what none shows is held against all of them.
        void Add(int[] here, HashSet<uint> crossed, Func<KeyedPackets, Dictionary<uint, string>> way)
        {
            int[] onWay = [.. here.Where(tap => way(seen[tap]).Count > 0)];
            HashSet<uint> missing = [.. crossed];
            foreach (int tap in onWay) missing.ExceptWith(way(seen[tap]).Keys);
            foreach (int tap in onWay)
            {
                (long before, long of) = gaps.GetValueOrDefault(context.Taps[tap]);
                gaps[context.Taps[tap]] = (before + missing.Count, of + crossed.Count);
            }
        }
    }
}
