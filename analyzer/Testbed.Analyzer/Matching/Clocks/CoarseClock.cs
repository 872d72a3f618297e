using Testbed.Analyzer.Decoding;

namespace Testbed.Analyzer.Matching.Clocks;

/// <summary>
/// Finds clocks that are so far apart that no packet meets its twin within the matching window, as between two machines
/// of which nobody set the clocks: all packets that both sides saw lie equally far apart.
/// </summary>
internal static class CoarseClock
{
    /// <summary>Packets of N3 that are looked for on N6.</summary>
    private const int SamplesMax = 8_192;
    private const int HitsMin = 16;
    /// <summary>Share of what was found that must agree; equal keys hit at random.</summary>
    private const double AgreementMin = 0.5;

    /// <summary>What N6's clocks are ahead, to within the window; null when nothing says so.</summary>
    /// <param name="pairs">Pairs found with the clocks as they are: when there are many, they are near enough.</param>
    public static long? Find(IReadOnlyList<TapCapture> taps, long pairs, long windowNs)
    {
        long n3 = taps.Where(tap => tap.Role is TapRole.N3).Sum(tap => (long)tap.Records.Count);
        long n6 = taps.Where(tap => tap.Role is TapRole.N6).Sum(tap => (long)tap.Records.Count);
        // One capture of both sides has one clock.
        if (pairs > Math.Min(n3, n6) / 2 || taps.Any(tap => tap.Role is TapRole.Both)) return null;
        List<long> apart = Apart(taps, Samples(taps, n3));
        if (apart.Count < HitsMin) return null;
        apart.Sort();
        (int from, int count) = Densest(apart, windowNs);
        return count >= apart.Count * AgreementMin ? apart[from + count / 2] : null;
    }

    /// <summary>Brings N6's times to N3's clock.</summary>
    public static void Align(IReadOnlyList<TapCapture> taps, long aheadNs)
    {
        foreach (TapCapture tap in taps)
        {
            if (tap.Role is not TapRole.N6) continue;
            for (int i = 0; i < tap.Records.Count; i++)
                if (tap.Records[i].TimeNs != 0) tap.Records[i].TimeNs -= aheadNs;
            tap.Tally.Shift(-aheadNs);
        }
    }

    // Every so many-th packet of N3, by key; keys that come again say nothing.
    private static Dictionary<ulong, long> Samples(IReadOnlyList<TapCapture> taps, long records)
    {
        Dictionary<ulong, long> samples = [];
        int step = (int)Math.Max(1, records / SamplesMax);
        foreach (TapCapture tap in taps)
        {
            if (tap.Role is not TapRole.N3) continue;
            for (int i = 0; i < tap.Records.Count; i += step)
            {
                ref PacketRecord record = ref tap.Records[i];
                if (record.Kind is not RecordKind.Gpdu || record.Fingerprint == 0) continue;
                if (!samples.TryAdd(record.Fingerprint, record.TimeNs)) samples[record.Fingerprint] = 0;
            }
        }
        return samples;
    }

    private static List<long> Apart(IReadOnlyList<TapCapture> taps, Dictionary<ulong, long> samples)
    {
        List<long> apart = [];
        foreach (TapCapture tap in taps)
        {
            if (tap.Role is not TapRole.N6) continue;
            for (int i = 0; i < tap.Records.Count; i++)
            {
                ref PacketRecord record = ref tap.Records[i];
                if (record.Kind is RecordKind.Plain && record.Fingerprint != 0
                    && samples.TryGetValue(record.Fingerprint, out long timeNs) && timeNs != 0)
                    apart.Add(record.TimeNs - timeNs);
            }
        }
        return apart;
    }

    private static (int From, int Count) Densest(List<long> sorted, long widthNs)
    {
        (int bestFrom, int best) = (0, 0);
        int from = 0;
        for (int to = 0; to < sorted.Count; to++)
        {
            while (sorted[to] - sorted[from] > widthNs) from++;
            if (to - from + 1 > best) (bestFrom, best) = (from, to - from + 1);
        }
        return (bestFrom, best);
    }
}
