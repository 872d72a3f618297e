using Testbed.Analyzer.Captures;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Wire.Files;

namespace Testbed.Analyzer.Decoding;

/// <summary>Reads a tap's files, one after the other, into records. One thread a tap.</summary>
internal static class TapReader
{
    private const long BytesBetweenChecks = 1 << 20;

    /// <exception cref="CaptureFileException">A file is no capture.</exception>
    /// <exception cref="IOException">A file cannot be opened or read.</exception>
    public static TapCapture Read(
        TapInput input, TapRole role, DecoderSettings settings, Action<long> progress, CancellationToken cancellation)
    {
        FrameDecoder decoder = new(role, settings);
        VectorDecoder vectors = new(decoder, role);
        PacketRecord[] vector = new PacketRecord[VectorDecoder.FramesMax];
        RecordStore records = new();
        List<(string, CaptureEnding)> damaged = [];
        bool isSorted = true;
        long lastNs = long.MinValue;
        for (int file = 0; file < input.Files.Count; file++)
        {
            using CaptureFileSource source = CaptureFiles.Open(input.Files[file]);
            long reported = 0;
            int count;
            while ((count = vectors.Read(source, (ushort)file, vector)) >= 0)
            {
                if (source.Position - reported > BytesBetweenChecks)
                {
                    cancellation.ThrowIfCancellationRequested();
                    progress(source.Position - reported);
                    reported = source.Position;
                }
                foreach (ref readonly PacketRecord record in vector.AsSpan(0, count))
                {
                    if (record.TimeNs < lastNs) isSorted = false;
                    lastNs = record.TimeNs;
                    records.Add(record);
                }
            }
            progress(source.Position - reported);
            if (source.Ending.Kind is not CaptureEndingKind.Complete) damaged.Add((input.Files[file], source.Ending));
        }
        decoder.Finish();
        return new()
        {
            Name = input.Name, Role = role, IsEdge = input.IsEdge, Slices = input.Slices,
            Files = input.Files, Records = records, Decoder = decoder, DamagedFiles = damaged, IsSorted = isSorted,
        };
    }
}
