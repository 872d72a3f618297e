using System.Security.Cryptography;
using Testbed.Conformance.Json;
using Testbed.Evidence.Files;

namespace Testbed.Evidence.Journals;

/// <summary>
/// The append-only record of a run, one line of canonical JSON an event, each line carrying the digest of the one
/// before. Everything else that a run writes can be derived from it and the files that it names.
/// </summary>
/// <remarks>
/// Thread-safe; one writer a file. <see cref="Append(IJournalEvent)"/> orders and hands over, <see cref="Commit"/>
/// makes durable; many threads that commit share an fsync.
/// </remarks>
public sealed class Journal : IDisposable
{
    private readonly DurableFile _file;
    private readonly TimeProvider _time;
    private readonly Lock _ordering = new();
    private long _nextSeq;
    private string _prev = JournalEntry.NoPrevious;

    private Journal(DurableFile file, TimeProvider time) => (_file, _time) = (file, time);

    public string Path => _file.Path;
    public long NextSeq { get { lock (_ordering) return _nextSeq; } }
    /// <summary>What was found of a torn line when the journal was opened; null when it ended cleanly.</summary>
    public TornLineKept? Torn { get; private set; }

    /// <summary>A new journal; the file must not exist.</summary>
    /// <exception cref="EvidenceWriteException"/>
    public static Journal Create(string path, TimeProvider time)
    {
        Journal journal = new(DurableFile.Create(path), time);
        journal.LockOrDispose();
        return journal;
    }

    /// <summary>Verifies the whole chain and goes on after its last whole line.</summary>
    /// <remarks>
    /// A torn last line is copied to <c>NAME.torn-N</c>, cut off, and reported by a <see cref="TornLineKept"/> entry.
    /// </remarks>
    /// <exception cref="JournalCorruptException">The chain is broken: nothing is appended to such a file.</exception>
    /// <exception cref="EvidenceWriteException"/>
    public static Journal Open(string path, TimeProvider time)
    {
        Journal journal = new(DurableFile.OpenForAppend(path), time);
        try
        {
            journal.LockOrDispose();
            JournalReader reader = new(path);
            foreach (JournalEntry entry in reader.Read())
                (journal._nextSeq, journal._prev) = (entry.Seq + 1, entry.Sha256);
            if (reader.TornBytes > 0) journal.KeepTornLine(reader.VerifiedBytes, reader.TornBytes);
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>Appends an event; it is not stored until <see cref="Commit"/>.</summary>
    /// <returns>The offset to commit to.</returns>
    public long Append(IJournalEvent what) => Append(what.Kind, what.ToJson());

    public long Append(string kind, JsonObject data)
    {
        lock (_ordering)
        {
            byte[] line = JournalEntry.Encode(_nextSeq, NowUtcNs(), kind, _prev, data);
            if (line.Length > JournalReader.LineBytesMax)
                throw new ArgumentException($"an entry of {line.Length} bytes belongs into a file of its own");
            byte[] withFeed = [.. line, (byte)'\n'];
            long end = _file.Append(withFeed);
            (_nextSeq, _prev) = (_nextSeq + 1, JournalEntry.Digest(line));
            return end;
        }
    }

    /// <summary>Returns when everything up to <paramref name="offset"/> is on the disc.</summary>
    /// <exception cref="EvidenceWriteException">It may not be, and the journal takes nothing more.</exception>
    public void Commit(long offset) => _file.Sync(offset);

    /// <summary>Appends an event and returns when it is on the disc.</summary>
    public void Store(IJournalEvent what) => Commit(Append(what));

    public void Dispose() => _file.Dispose();

    private void LockOrDispose()
    {
        try { _file.LockExclusively(); }
        catch
        {
            Dispose();
            throw;
        }
    }

    private void KeepTornLine(long from, long count)
    {
        byte[] torn = new byte[count];
        using (FileStream stream = new(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        {
            stream.Position = from;
            stream.ReadExactly(torn);
        }
        int number = 1;
        while (File.Exists($"{Path}.torn-{number}")) number++;
        string keptPath = $"{Path}.torn-{number}";
        DurableFile.WriteWhole(keptPath, torn);
        _file.TruncateTo(from);
        Torn = new TornLineKept(
            System.IO.Path.GetFileName(keptPath), count, Convert.ToHexStringLower(SHA256.HashData(torn)));
        Store(Torn);
    }

    private long NowUtcNs() => (_time.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100;
}
