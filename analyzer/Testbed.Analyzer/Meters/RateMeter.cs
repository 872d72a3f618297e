using Testbed.Analyzer.Decoding;

namespace Testbed.Analyzer.Meters;

/// <summary>Bits a second of inner packets at each tap and in each direction, and their course over time.</summary>
internal sealed class RateMeter : IMeter
{
    /// <summary>Intervals kept of one line; longer captures get wider intervals nowhere, they end here.</summary>
    private const int StepsMax = 131_072;
    private static readonly (RecordKind, string)[] Points = [(RecordKind.Gpdu, "n3"), (RecordKind.Plain, "n6")];

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Taps.Count == 0) return;
        long stepNs = context.Request.Options.SeriesStepNs, startNs = context.Taps.Min(tap => tap.Tally.FirstNs);
        foreach (TapCapture tap in context.Taps)
        {
            foreach ((RecordKind kind, string point) in Points)
            {
                foreach (PacketDirection direction in Figures.Directions)
                {
                    List<long> bytes = BytesByStep(tap, kind, direction, startNs, stepNs);
                    if (bytes.Count == 0) continue;
                    output.Series.Add(new(
                        "rate", "Mbit/s", Figures.Of(direction), $"{point}/{tap.Name}", startNs, stepNs,
                        [.. bytes.Select(count => (double?)(count * 8000.0 / stepNs))]));
                }
            }
        }
    }

    /// <summary>Sums over all taps of one point. The largest interval is one second wide.</summary>
    public static RateFigure Figure(AnalysisContext context, RecordKind kind, PacketDirection direction)
    {
        const long secondNs = 1_000_000_000;
        long packets = 0, bytes = 0, first = long.MaxValue, last = long.MinValue;
        long startNs = context.Taps.Count == 0 ? 0 : context.Taps.Min(tap => tap.Tally.FirstNs);
        long[] sums = [];
        foreach (TapCapture tap in context.Taps)
        {
            List<long> ofTap = BytesByStep(tap, kind, direction, startNs, secondNs);
            if (ofTap.Count > sums.Length) Array.Resize(ref sums, ofTap.Count);
            for (int i = 0; i < ofTap.Count; i++) sums[i] += ofTap[i];
            for (int i = 0; i < tap.Records.Count; i++)
            {
                ref PacketRecord record = ref tap.Records[i];
                if (record.Kind != kind || record.Direction != direction) continue;
                packets++;
                bytes += record.InnerLength;
                (first, last) = (Math.Min(first, record.TimeNs), Math.Max(last, record.TimeNs));
            }
        }
        double seconds = last > first ? (last - first) / 1e9 : 0;
        return new(
            packets, bytes, seconds == 0 ? 0 : (long)(bytes * 8 / seconds), sums.Length == 0 ? 0 : sums.Max() * 8);
    }

    private static List<long> BytesByStep(
        TapCapture tap, RecordKind kind, PacketDirection direction, long startNs, long stepNs)
    {
        List<long> bytes = [];
        for (int i = 0; i < tap.Records.Count; i++)
        {
            ref PacketRecord record = ref tap.Records[i];
            if (record.Kind != kind || record.Direction != direction || record.TimeNs < startNs) continue;
            long step = (record.TimeNs - startNs) / stepNs;
            if (step >= StepsMax) continue;
            while (bytes.Count <= step) bytes.Add(0);
            bytes[(int)step] += record.InnerLength;
        }
        return bytes;
    }
}
