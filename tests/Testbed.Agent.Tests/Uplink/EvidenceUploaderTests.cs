using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Testbed.Agent.Uplink;
using Testbed.Agents.V1;
using Testbed.Evidence.Files;

namespace Testbed.Agent.Tests.Uplink;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class EvidenceUploaderTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose()
    {
        File.Delete(_path);
        GC.SuppressFinalize(this);
    }

    private async Task SendAsync(ScriptedHub hub, string? sha256 = null)
    {
        EvidenceUploader uploader = new(hub, "kit-a", TimeProvider.System, NullLogger.Instance);
        await uploader.SendAsync("t1", new(_path, "records/t1/x.csv", sha256), default);
    }

    [TestCase(0, 1)]
    [TestCase(1, 1)]
    [TestCase(256 << 10, 1)]
    [TestCase((256 << 10) + 1, 2)]
    [TestCase(1_000_000, 4)]
    public async Task A_file_goes_in_chunks_and_is_deleted_when_its_receipt_agrees(int bytes, int chunks)
    {
        byte[] content = new byte[bytes];
        new Random(1).NextBytes(content);
        File.WriteAllBytes(_path, content);
        ScriptedHub hub = new(ScriptedHub.Truthful);
        await SendAsync(hub, FileDigest.Of(_path).Sha256);
        List<EvidenceChunk> sent = hub.Uploads.Single();
        Assert.Multiple(() =>
        {
            Assert.That(sent, Has.Count.EqualTo(chunks));
            Assert.That(sent.SelectMany(chunk => chunk.Data.ToByteArray()), Is.EqualTo(content));
            Assert.That(sent.Select(chunk => chunk.Last), Is.EqualTo(
                Enumerable.Range(1, chunks).Select(n => n == chunks)));
            Assert.That(sent.Select(chunk => (chunk.Kit, chunk.TaskId, chunk.Name)).Distinct(),
                Is.EqualTo((IEnumerable<object>)[("kit-a", "t1", "records/t1/x.csv")]));
            Assert.That(File.Exists(_path), Is.False);
        });
    }

    private static readonly Func<EvidenceReceipt, EvidenceReceipt>[] Lies =
    [
        receipt => new(receipt) { Bytes = receipt.Bytes - 1 },
        receipt => new(receipt) { Sha256 = ByteString.CopyFrom(new byte[32]) },
        receipt => new(receipt) { Sha256 = ByteString.Empty },
    ];

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public async Task A_receipt_for_something_else_keeps_the_file(int lie)
    {
        File.WriteAllText(_path, "evidence");
        UploadException e = (await Assert.ThrowsAsync<UploadException>(() => SendAsync(new(Lies[lie]))))!;
        Assert.That(e.Message, Does.Contain("records/t1/x.csv"));
        Assert.That(File.ReadAllText(_path), Is.EqualTo("evidence"));
    }

    [Test]
    public async Task A_broken_line_is_tried_again()
    {
        File.WriteAllText(_path, "evidence");
        ScriptedHub hub = new(ScriptedHub.Broken, ScriptedHub.Truthful);
        await SendAsync(hub);
        Assert.That(hub.Uploads, Has.Count.EqualTo(2));
        Assert.That(File.Exists(_path), Is.False);
    }

    [Test]
    public async Task A_line_that_stays_broken_keeps_the_file()
    {
        File.WriteAllText(_path, "evidence");
        ScriptedHub hub = new(ScriptedHub.Broken);
        await Assert.ThrowsAsync<UploadException>(() => SendAsync(hub));
        Assert.That(hub.Uploads, Has.Count.EqualTo(3));
        Assert.That(File.Exists(_path), Is.True);
    }

    [Test]
    public async Task A_segment_that_changed_since_it_was_sealed_is_not_passed_off_as_evidence()
    {
        File.WriteAllText(_path, "evidence");
        string sealedAs = FileDigest.Of(_path).Sha256;
        File.WriteAllText(_path, "Evidence");
        ScriptedHub hub = new(ScriptedHub.Truthful);
        await Assert.ThrowsAsync<UploadException>(() => SendAsync(hub, sealedAs));
        Assert.That(hub.Uploads.Single().Where(chunk => chunk.Last), Is.Empty);
        Assert.That(File.Exists(_path), Is.True);
    }
}
