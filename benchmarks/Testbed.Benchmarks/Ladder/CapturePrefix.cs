using Testbed.Benchmarks.Traffic;
using Testbed.Wire.Files;

namespace Testbed.Benchmarks.Ladder;

/// <summary>The first frames of a capture as a file of their own, for tools that take minutes for the whole.</summary>
internal static class CapturePrefix
{
    /// <returns>The file, and how many frames it holds.</returns>
    public static (string Path, long Frames) Write(string path, long framesMax, int snapLength)
    {
        string target = Path.ChangeExtension(path, $".first{framesMax}.pcapng");
        using CaptureFileSource source = CaptureFile.Open(path);
        using PcapNgFile file = new(target, snapLength, Path.GetFileNameWithoutExtension(path));
        long frames = 0;
        for (; frames < framesMax && source.TryRead(out CapturedFrame frame); frames++)
            file.Write(0, frame.TimestampNs, frame.OriginalLength, frame.Bytes);
        return (target, frames);
    }
}
