using System.IO.Compression;
using Testbed.Analyzer.Captures;
using Testbed.Fuzz.Corpus;
using Testbed.Wire.Files;

namespace Testbed.Fuzz.Targets;

/// <summary>Readers of capture files, plain and packed.</summary>
internal static class FileTargets
{
    public static IEnumerable<FuzzTarget> All()
    {
        List<byte[]> frames = [.. Samples.Frames().Take(4)];
        byte[] pcapNg = Samples.PcapNg(frames), pcap = Samples.Pcap(frames);
        yield return new("pcapng", Read, [pcapNg, [.. pcapNg, .. pcapNg]]);
        yield return new("pcap", Read,
            [pcap, Samples.Pcap(frames, 0xA1B23C4D), Samples.Pcap(frames, isBigEndian: true)]);
        yield return new("erf", Read, [Samples.Erf(frames)]);
        yield return new("gzip", Read, [Gzip(pcapNg), Gzip(pcap), [.. Gzip(pcap[..50]), .. Gzip(pcap[50..])]]);
        yield return new("zstd", Read, [Zstd(pcapNg), Zstd(pcap)]);
    }

    private static unsafe bool Read(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) return Read(Stream.Null);
        // The stream stands right on the input, so that nothing is copied out of reach of the guard.
        fixed (byte* start = input)
        {
            using UnmanagedMemoryStream stream = new(start, input.Length);
            return Read(stream);
        }
    }

    private static bool Read(Stream stream)
    {
        try
        {
            using CaptureFileSource source = CaptureFiles.Open(stream);
            while (source.TryRead(out CapturedFrame frame))
            {
                Sink.Eat(frame.Bytes);
                Sink.Eat(frame.OriginalLength + frame.TimestampNs + frame.Interface);
            }
            if (source.Ending.Kind is CaptureEndingKind.NotYet)
                throw new InvalidOperationException("ended without saying how");
            return source.FrameCount > 0;
        }
        catch (CaptureFileException)
        {
            return false;
        }
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Zstd(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (ZstdSharp.CompressionStream zstd = new(packed)) zstd.Write(bytes);
        return packed.ToArray();
    }
}
