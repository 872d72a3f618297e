using System.Text;
using Testbed.Evidence.Files;

namespace Testbed.Evidence.Tests.Files;

public class DurableFileTests
{
    [Test]
    public void What_is_appended_and_synced_is_in_the_file()
    {
        using TemporaryFolder folder = new();
        using (DurableFile file = DurableFile.Create(folder.File("a")))
        {
            long end = file.Append("one"u8);
            Assert.That((end, file.DurableBytes), Is.EqualTo((3L, 0L)));
            file.Sync(end);
            Assert.That(file.DurableBytes, Is.EqualTo(3));
        }
        using (DurableFile file = DurableFile.OpenForAppend(folder.File("a")))
        {
            Assert.That(file.LengthBytes, Is.EqualTo(3));
            file.Append("two"u8);
            file.Sync();
        }
        Assert.That(File.ReadAllText(folder.File("a")), Is.EqualTo("onetwo"));
    }

    [Test]
    public void A_file_that_exists_is_not_created_again()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("a"), "kept");
        Assert.That(() => DurableFile.Create(folder.File("a")),
            Throws.TypeOf<EvidenceWriteException>().With.Property("Operation").EqualTo("open"));
        Assert.That(File.ReadAllText(folder.File("a")), Is.EqualTo("kept"));
    }

    [Test]
    public void A_full_disc_is_a_typed_error_and_ends_the_file()
    {
        using DurableFile file = OpenDevice("/dev/full");
        EvidenceWriteException failure = Assert.Throws<EvidenceWriteException>(() => file.Append("x"u8))!;
        Assert.That((failure.Operation, failure.ErrorNumber, failure.IsDiskFull), Is.EqualTo(("write", 28, true)));
        Assert.That(() => file.Append("x"u8),
            Throws.TypeOf<EvidenceWriteException>().With.Message.Contains("refused after an earlier failure"));
        Assert.That(() => file.Sync(0), Throws.TypeOf<EvidenceWriteException>());
        Assert.That(file.DurableBytes, Is.Zero);
    }

    [Test]
    public void A_failed_fsync_is_a_typed_error_and_ends_the_file()
    {
        // A character device takes every byte and answers EINVAL to fsync: an fsync that really fails.
        using DurableFile file = OpenDevice("/dev/null");
        long end = file.Append("gone"u8);
        EvidenceWriteException failure = Assert.Throws<EvidenceWriteException>(() => file.Sync(end))!;
        Assert.That((failure.Operation, failure.ErrorNumber), Is.EqualTo(("fsync", 22)));
        Assert.That(() => file.Sync(end), Throws.TypeOf<EvidenceWriteException>());
        Assert.That(() => file.Append("more"u8), Throws.TypeOf<EvidenceWriteException>());
        Assert.That(file.DurableBytes, Is.Zero);
    }

    [Test]
    public void A_missing_directory_is_a_typed_error()
    {
        Assert.That(() => DurableFile.SyncDirectory("/nonexistent/directory"),
            Throws.TypeOf<EvidenceWriteException>().With.Property("ErrorNumber").EqualTo(2));
        Assert.That(() => DurableFile.Create("/nonexistent/directory/a"), Throws.TypeOf<EvidenceWriteException>());
    }

    [Test]
    public void Writing_a_whole_file_replaces_it_and_leaves_no_part()
    {
        using TemporaryFolder folder = new();
        DurableFile.WriteWhole(folder.File("report.json"), "first"u8);
        DurableFile.WriteWhole(folder.File("report.json"), "2"u8);
        Assert.That(File.ReadAllText(folder.File("report.json")), Is.EqualTo("2"));
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public void Appends_of_many_threads_neither_mix_nor_vanish()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("a");
        using (DurableFile file = DurableFile.Create(path))
        {
            Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 },
                i => file.Sync(file.Append(Encoding.ASCII.GetBytes($"{i:d3}\n"))));
            Assert.That(file.DurableBytes, Is.EqualTo(800));
        }
        Assert.That(File.ReadAllLines(path).Order(), Is.EqualTo(Enumerable.Range(0, 200).Select(i => $"{i:d3}")));
    }

    [Test]
    public async Task A_digest_is_that_of_the_whole_file()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("abc"), "abc");
        FileDigest expected = new("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 3); // FIPS 180-4
        Assert.That(FileDigest.Of(folder.File("abc")), Is.EqualTo(expected));
        Assert.That(await FileDigest.OfAsync(folder.File("abc"), CancellationToken.None), Is.EqualTo(expected));
        byte[] large = new byte[300_000];
        new Random(5).NextBytes(large);
        File.WriteAllBytes(folder.File("large"), large);
        Assert.That(FileDigest.Of(folder.File("large")).Sha256,
            Is.EqualTo(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(large))));
    }

    private static DurableFile OpenDevice(string path)
    {
        if (!File.Exists(path)) Assert.Ignore($"{path} is not there");
        return DurableFile.OpenForAppend(path);
    }
}
