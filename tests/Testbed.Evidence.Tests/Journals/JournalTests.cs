using System.Text;
using Testbed.Conformance;
using Testbed.Conformance.Json;
using Testbed.Evidence.Files;
using Testbed.Evidence.Journals;

namespace Testbed.Evidence.Tests.Journals;

public class JournalTests
{
    private TemporaryFolder _folder = null!;
    private string Path => _folder.File("journal.ndjson");

    [SetUp]
    public void Set_up() => _folder = new TemporaryFolder();

    [TearDown]
    public void Tear_down() => _folder.Dispose();

    [Test]
    public void Entries_come_back_in_order_with_time_and_data()
    {
        Write("first", "第二");
        JournalEntry[] entries = [.. new JournalReader(Path).Read()];
        Assert.That(entries.Select(entry => entry.Seq), Is.EqualTo(new[] { 0L, 1L }));
        Assert.That(entries.Select(entry => entry.Data.GetString("text")), Is.EqualTo(new[] { "first", "第二" }));
        Assert.That(entries[0].TimeUtcNs, Is.EqualTo(1_790_000_000_123_456_700));
        Assert.That(entries[0].TimeUtc, Is.EqualTo(FixedTime.Value));
        Assert.That(entries[0].Prev, Is.EqualTo(new string('0', 64)));
        Assert.That(entries[1].Prev, Is.EqualTo(entries[0].Sha256));
    }

    [Test]
    public void A_line_is_canonical_and_its_digest_can_be_taken_with_any_tool()
    {
        Write("a", "b");
        string[] lines = File.ReadAllLines(Path);
        Assert.That(lines[0], Is.EqualTo("{\"data\":{\"text\":\"a\"},\"kind\":\"Note\",\"prev\":\""
            + new string('0', 64) + "\",\"seq\":0,\"timeUtcNs\":\"1790000000123456700\"}"));
        byte[] digest = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(lines[0]));
        Assert.That(lines[1], Does.Contain(Convert.ToHexStringLower(digest)));
    }

    [Test]
    public void Opening_goes_on_where_the_last_writer_stopped()
    {
        Write("a");
        using (Journal journal = Journal.Open(Path, FixedTime.Provider))
        {
            Assert.That((journal.NextSeq, journal.Torn), Is.EqualTo((1L, (TornLineKept?)null)));
            journal.Store(new Note("b"));
        }
        Assert.That(new JournalReader(Path).Read().Count(), Is.EqualTo(2));
    }

    [Test]
    public void A_torn_last_line_is_kept_aside_reported_and_followed()
    {
        Write("a", "b");
        byte[] whole = File.ReadAllBytes(Path);
        int firstLine = Array.IndexOf(whole, (byte)'\n') + 1;
        for (int cut = firstLine + 1; cut < whole.Length; cut += 7)
        {
            foreach (string kept in Directory.GetFiles(_folder.Path)) File.Delete(kept);
            File.WriteAllBytes(Path, whole[..cut]);
            using (Journal journal = Journal.Open(Path, FixedTime.Provider))
            {
                Assert.That(journal.Torn!.Bytes, Is.EqualTo(cut - firstLine));
                journal.Store(new Note("c"));
            }
            Assert.That(File.ReadAllBytes(Path + ".torn-1"), Is.EqualTo(whole[firstLine..cut]));
            JournalEntry[] entries = [.. new JournalReader(Path).Read()];
            Assert.That(entries.Select(entry => entry.Kind), Is.EqualTo(new[] { "Note", "TornLineKept", "Note" }));
            Assert.That(entries[1].Data.GetString("file"), Is.EqualTo("journal.ndjson.torn-1"));
        }
    }

    [Test]
    public void A_reader_tells_a_torn_line_from_an_entry()
    {
        Write("a");
        File.AppendAllText(Path, "{\"data\":");
        JournalReader reader = new(Path);
        Assert.That(reader.Read().Count(), Is.EqualTo(1));
        Assert.That(reader.TornBytes, Is.EqualTo(8));
    }

    [Test]
    public void Every_flipped_bit_breaks_the_chain()
    {
        Write("a", "b");
        byte[] whole = File.ReadAllBytes(Path);
        // The last line is protected by what comes after it (the report names its digest), so the first is attacked.
        int firstLine = Array.IndexOf(whole, (byte)'\n') + 1;
        for (int bit = 0; bit < firstLine * 8; bit++)
        {
            byte[] edited = [.. whole];
            edited[bit / 8] ^= (byte)(1 << bit % 8);
            File.WriteAllBytes(Path, edited);
            Assert.That(() => new JournalReader(Path).Read().Count(), Throws.TypeOf<JournalCorruptException>());
        }
    }

    [Test]
    public void A_removed_or_exchanged_line_is_found_and_nothing_is_appended()
    {
        Write("a", "b", "c");
        string[] lines = File.ReadAllLines(Path);
        foreach (string[] edited in new string[][]
        {
            [lines[0], lines[2]], [lines[1], lines[2]], [lines[0], lines[2], lines[1]], [lines[0], lines[0]],
            [lines[0], "", lines[1]], [lines[0], "{}", lines[1]],
        })
        {
            File.WriteAllLines(Path, edited);
            byte[] before = File.ReadAllBytes(Path);
            Assert.That(() => Journal.Open(Path, FixedTime.Provider),
                Throws.TypeOf<JournalCorruptException>().With.Message.StartsWith(Path + ":"));
            Assert.That(File.ReadAllBytes(Path), Is.EqualTo(before));
        }
    }

    [Test]
    public void A_second_writer_is_refused()
    {
        using Journal first = Journal.Create(Path, FixedTime.Provider);
        Assert.That(() => Journal.Open(Path, FixedTime.Provider),
            Throws.TypeOf<EvidenceWriteException>().With.Property("Operation").EqualTo("lock"));
    }

    [Test]
    public void Many_threads_make_one_unbroken_chain()
    {
        using (Journal journal = Journal.Create(Path, FixedTime.Provider))
            Parallel.For(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 8 },
                i => journal.Store(new Note($"{i}")));
        Assert.That(new JournalReader(Path).Read().Select(entry => int.Parse(entry.Data.GetString("text"))),
            Is.EquivalentTo(Enumerable.Range(0, 100)));
    }

    [Test]
    public void A_task_that_failed_says_why_in_both_languages()
    {
        using (Journal journal = Journal.Create(Path, FixedTime.Provider))
            journal.Store(new TaskDone("t1", ["kit-a/n3u-0.pcapng"], null, new LocalText("无权限", "no permission")));
        JsonObject data = new JournalReader(Path).Read().Single().Data;
        Assert.That(data.GetObject("problem").GetString("en"), Is.EqualTo("no permission"));
        Assert.That(data.GetStrings("files"), Is.EqualTo(new[] { "kit-a/n3u-0.pcapng" }));
        Assert.That(data.TryGet("outcome", out _), Is.False);
    }

    private void Write(params string[] notes)
    {
        using Journal journal = Journal.Create(Path, FixedTime.Provider);
        foreach (string note in notes) journal.Append(new Note(note));
        journal.Commit(new FileInfo(Path).Length);
    }
}
