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

    /// <summary>Frames that hold the marker of this place.</summary>
    public long Found(int marker) => _found[marker];

    public IReadOnlyList<string> Evidence(int marker) => _evidence[marker];

    public void Read(AnalysisContext context, Func<TapCapture, bool> isAt)
    {
        foreach (TapCapture tap in context.Taps)
            if (isAt(tap)) Read(tap);
    }

    private void Read(TapCapture tap)
    {
        bool[] isOutside = FilesOutside(tap);
        for (int file = 0; file < tap.Files.Count; file++)
        {
            if (isOutside[file]) continue;
            using CaptureFileSource source = CaptureFiles.Open(tap.Files[file]);
            while (source.TryRead(out CapturedFrame frame))
            {
                for (int i = 0; i < markers.Count; i++)
                    if (frame.Bytes.IndexOf(markers[i]) >= 0) Note(i, tap.Files[file], source.FrameCount);
            }
        }
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
