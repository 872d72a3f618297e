using Testbed.Conformance.Json;

namespace Testbed.Evidence.Journals;

/// <summary>
/// Streams a journal's entries and checks that each follows from the one before. A last line without its line
/// feed was never acknowledged: it is told apart as torn, not as an entry.
/// </summary>
public sealed class JournalReader
{
    /// <summary>Longer than any entry that is written; a longer line is no journal.</summary>
    public const int LineBytesMax = 16 * 1024 * 1024;

    private readonly string _path;

    public JournalReader(string path) => _path = path;

    /// <summary>After a full enumeration: bytes of whole, verified lines.</summary>
    public long VerifiedBytes { get; private set; }
    /// <summary>After a full enumeration: bytes that follow the last line feed.</summary>
    public long TornBytes { get; private set; }

    /// <exception cref="JournalCorruptException">At the first line that does not follow.</exception>
    public IEnumerable<JournalEntry> Read()
    {
        (VerifiedBytes, TornBytes) = (0, 0);
        long seq = 0;
        string prev = JournalEntry.NoPrevious;
        using FileStream stream = new(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        foreach (byte[] line in Lines(stream))
        {
            JournalEntry entry = Check(line, seq, prev);
            VerifiedBytes += line.Length + 1;
            (seq, prev) = (seq + 1, entry.Sha256);
            yield return entry;
        }
    }

    private JournalEntry Check(byte[] line, long seq, string prev)
    {
        JournalEntry entry;
        try { entry = JournalEntry.Decode(line); }
        catch (CanonicalJsonException e) { throw Corrupt(seq, "not a journal entry: " + e.Message); }
        if (entry.Seq != seq) throw Corrupt(seq, $"seq is {entry.Seq} where {seq} is due");
        if (entry.Prev != prev)
            throw Corrupt(seq, $"prev is {entry.Prev}, but the line before has the digest {prev}");
        return entry;
    }

    private IEnumerable<byte[]> Lines(FileStream stream)
    {
        byte[] buffer = new byte[64 * 1024];
        MemoryStream line = new();
        long count = 0;
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            int from = 0;
            for (int feed; (feed = Array.IndexOf(buffer, (byte)'\n', from, read - from)) >= 0; from = feed + 1)
            {
                line.Write(buffer, from, feed - from);
                yield return line.ToArray();
                line.SetLength(0);
                count++;
            }
            line.Write(buffer, from, read - from);
            if (line.Length > LineBytesMax) throw Corrupt(count, $"a line of more than {LineBytesMax} bytes");
        }
        TornBytes = line.Length;
    }

    private JournalCorruptException Corrupt(long seq, string reason) => new(_path, seq + 1, reason);
}
