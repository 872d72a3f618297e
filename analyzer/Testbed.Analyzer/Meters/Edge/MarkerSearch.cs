using Testbed.Analyzer.Captures;
using Testbed.Analyzer.Decoding;
using Testbed.Wire.Files;

namespace Testbed.Analyzer.Meters.Edge;

/// <summary>
/// Looks for a run's markers in the raw bytes of every frame of some taps, whatever the frame is: decoding would look
/// where a packet ought to be, and a copy stands where it ought not.
/// </summary>
/// <param name="window">Files whose packets are all outside of it are left out.</param>
internal sealed class MarkerSearch(TimeWindow window, params IReadOnlyList<byte[]> markers)
{
    private readonly long[] _found = new long[markers.Count];
    private readonly List<string>[] _evidence = [.. markers.Select(_ => new List<string>())];

    /// <summary>Frames that were looked at, and those of them of which the capture kept only the beginning.</summary>
    public long Frames { get; private set; }
    public long Cut { get; private set; }
    /// <summary>
    /// Cut frames of no flow that N3 showed as well: what was cut off may hold anything.
    /// </summary>
    public long CutAndForeign { get; private set; }

    /// <summary>Frames that hold the marker of this place.</summary>
    public long Found(int marker) => _found[marker];

    public IReadOnlyList<string> Evidence(int marker) => _evidence[marker];

    public void Read(AnalysisContext context, Func<TapCapture, bool> isAt)
    {
        for (int tap = 0; tap < context.Taps.Count; tap++)
            if (isAt(context.Taps[tap])) Read(context, tap);
    }

    private void Read(AnalysisContext context, int place)
    {
        TapCapture tap = context.Taps[place];
        bool[] isOutside = FilesOutside(tap);
        long cutBefore = Cut;
        for (int file = 0; file < tap.Files.Count; file++)
        {
            if (isOutside[file]) continue;
            using CaptureFileSource source = CaptureFiles.Open(tap.Files[file]);
            while (source.TryRead(out CapturedFrame frame))
            {
                Frames++;
                if (frame.Bytes.Length < frame.OriginalLength) Cut++;
                for (int i = 0; i < markers.Count; i++)
                    if (frame.Bytes.IndexOf(markers[i]) >= 0) Note(i, tap.Files[file], source.FrameCount);
            }
        }
        CutAndForeign += Math.Max(0, Cut - cutBefore - CutAndKnown(context, place, isOutside));
    }

    private static long CutAndKnown(AnalysisContext context, int place, bool[] isOutside)
    {
        TapCapture tap = context.Taps[place];
        // A UE's address makes no frame a UE's: whoever hides edge data writes what address he likes. The pairs tell,
        // also behind a translator of addresses.
        bool[] isKnown = new bool[tap.Decoder.Flows.Count];
        int[]? partners = context.Matcher?.Outcomes[place].PartnerRecord;
        for (int i = 0; i < tap.Records.Count && partners is not null; i++)
            if (partners[i] >= 0 && tap.Records[i].Flow >= 0) isKnown[tap.Records[i].Flow] = true;
        long known = 0;
        for (int i = 0; i < tap.Records.Count; i++)
        {
            ref PacketRecord record = ref tap.Records[i];
            if ((record.Flags & RecordFlags.Snapped) == 0 || isOutside[record.File] || record.Flow < 0) continue;
            if (isKnown[record.Flow]) known++;
        }
        return known;
    }

    private void Note(int marker, string file, long frame)
    {
        _found[marker]++;
        if (_evidence[marker].Count < Figures.EvidenceMax)
            _evidence[marker].Add($"{Path.GetFileName(file)}#{frame}");
    }

    // A file without a single decoded packet is read: what it holds is not known.
    private bool[] FilesOutside(TapCapture tap)
    {
        long[] firstNs = new long[tap.Files.Count], lastNs = new long[tap.Files.Count];
        Array.Fill(firstNs, long.MaxValue);
        for (int i = 0; i < tap.Records.Count; i++)
        {
            ref PacketRecord record = ref tap.Records[i];
            firstNs[record.File] = Math.Min(firstNs[record.File], record.TimeNs);
            lastNs[record.File] = Math.Max(lastNs[record.File], record.TimeNs);
        }
        return [.. firstNs.Zip(lastNs, (first, last) => last > 0 && (last < window.FromNs || first >= window.ToNs))];
    }
}
