using Testbed.Wire.Files;

namespace Testbed.Analyzer.Captures;

/// <summary>Finds out which capture files follow each other in time, as a recorder's segments do.</summary>
public static class CaptureSequence
{
    /// <summary>
    /// Sorts files by the time of their first frame; those without any time come last, by name.
    /// </summary>
    /// <exception cref="CaptureFileException">A file is no capture.</exception>
    /// <exception cref="IOException">A file cannot be opened or read.</exception>
    public static List<string> InOrder(IEnumerable<string> files) =>
        [.. files.Select(file => (File: file, First: FirstNs(file)))
            .OrderBy(entry => entry.First).ThenBy(entry => entry.File, StringComparer.Ordinal)
            .Select(entry => entry.File)];

    /// <summary>
    /// Groups files into sequences in which no file starts before the one before it has ended. Files that overlap, such
    /// as those of several taps, stay apart. Reads a file to its end only when another may follow it.
    /// </summary>
    /// <exception cref="CaptureFileException">One of several files is no capture.</exception>
    /// <exception cref="IOException">A file cannot be opened or read.</exception>
    public static List<List<string>> Group(IReadOnlyList<string> files)
    {
        // Nothing to compare: whether it is a capture shows when it is read.
        if (files.Count < 2) return [.. files.Select(file => new List<string> { file })];
        List<List<string>> sequences = [];
        foreach (string file in InOrder(files))
        {
            long first = FirstNs(file);
            List<string>? before = first == long.MaxValue
                ? null : sequences.Find(sequence => EndsBefore(sequence[^1], first));
            if (before is null) sequences.Add([file]);
            else before.Add(file);
        }
        // In the order in which they were named, so that results do not depend on the captures' clocks.
        return [.. sequences.OrderBy(sequence => sequence.Min(file => IndexOf(files, file)))];
    }

    private static long FirstNs(string path)
    {
        using CaptureFileSource source = CaptureFiles.Open(path);
        while (source.TryRead(out CapturedFrame frame))
            if (frame.TimestampNs > 0) return frame.TimestampNs;
        return long.MaxValue;
    }

    private static bool EndsBefore(string path, long timeNs)
    {
        using CaptureFileSource source = CaptureFiles.Open(path);
        while (source.TryRead(out CapturedFrame frame))
            if (frame.TimestampNs > timeNs) return false;
        return true;
    }

    private static int IndexOf(IReadOnlyList<string> files, string file)
    {
        for (int i = 0; i < files.Count; i++)
            if (files[i] == file) return i;
        return -1;
    }
}
