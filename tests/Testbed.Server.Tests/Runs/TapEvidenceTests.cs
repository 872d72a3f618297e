using System.Security.Cryptography;
using System.Text;
using Testbed.Evidence.Segments;
using Testbed.Server.Agents;
using Testbed.Server.Planning;
using Testbed.Server.Runs;

namespace Testbed.Server.Tests.Runs;

/// <summary>A capture is believed only when its files and its chain say the same.</summary>
public sealed class TapEvidenceTests
{
    private static readonly PlanTask Task = new("capture-1", "capture", "kit-a", 0,
        new Dictionary<string, string> { ["point"] = "n3", ["interface"] = "n3u" });

    private DirectoryInfo _place = null!;
    private RunFolder _folder = null!;
    private List<EvidenceFile> _files = null!;
    private List<string> _chain = null!;
    private string _previous = null!;

    [SetUp]
    public void MakeFolder()
    {
        _place = Directory.CreateTempSubdirectory("tb");
        _folder = RunFolder.Create(_place.FullName);
        (_files, _chain, _previous) = ([], [], SegmentRecord.NoPrevious);
    }

    [TearDown]
    public void RemoveFolder() => _place.Delete(recursive: true);

    [Test]
    public void Segments_that_match_their_chain_are_evidence()
    {
        Add(0, [1, 2]);
        Add(1, [3]);
        TapEvidence tap = Read();
        Assert.That(tap.Contradiction, Is.Null);
        Assert.That(tap.Segments, Is.EqualTo(new[] { "captures/n3-0000.pcapng", "captures/n3-0001.pcapng" }));
        Assert.That(tap.Bytes, Is.EqualTo(3));
    }

    [Test]
    public void A_segment_with_other_bytes_than_its_record_contradicts_it()
    {
        Add(0, [1, 2]);
        _files[0] = _files[0] with { Sha256 = new string('0', 64) };
        Assert.That(Read().Contradiction, Is.Not.Null);
    }

    [Test]
    public void A_segment_left_out_of_the_upload_is_noticed()
    {
        Add(0, [1]);
        Add(1, [2]);
        _files.RemoveAt(1);
        Assert.That(Read().Contradiction, Is.Not.Null);
    }

    [Test]
    public void A_segment_left_out_of_the_chain_is_noticed()
    {
        Add(0, [1]);
        Add(1, [2]);
        _chain.RemoveAt(0);
        Assert.That(Read().Contradiction, Is.Not.Null);
    }

    [Test]
    public void A_segment_that_no_chain_knows_is_noticed()
    {
        Add(0, [1]);
        _chain.Clear();
        Assert.That(Read().Contradiction, Is.Not.Null);
    }

    [Test]
    public void A_chain_that_cannot_be_read_is_a_contradiction_and_no_crash()
    {
        Add(0, [1]);
        _chain[0] = "{\"tap\":12}";
        Assert.That(Read().Contradiction!.En, Does.Contain("cannot be read"));
    }

    [Test]
    public void Counters_below_zero_are_not_believed()
    {
        Add(0, [1]);
        const string Negative = "{\"capture\":{\"captured\":-1,\"firstNs\":\"0\",\"interface\":\"n3u\","
            + "\"lastNs\":\"0\",\"osDropped\":0,\"point\":\"n3\",\"received\":0,\"segments\":1},"
            + "\"kpis\":[],\"records\":[]}";
        Assert.That(Read(Negative).Contradiction, Is.Not.Null);
    }

    private void Add(int seq, byte[] bytes)
    {
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        _files.Add(new($"captures/n3-{seq:0000}.pcapng", "kit-a", Task.Id, bytes.Length, sha256));
        SegmentRecord record = new("kit-a/n3-n3u", seq, _previous, sha256, bytes.Length, 1, 0, 0, 1, 2, "boot");
        _chain.Add(record.ToJson().ToString());
        _previous = record.Digest;
    }

    private TapEvidence Read(string outcome = "")
    {
        byte[] chain = Encoding.UTF8.GetBytes(string.Concat(_chain.Select(line => line + "\n")));
        File.WriteAllBytes(_folder.At("captures/n3.chain.ndjson"), chain);
        _files.Add(new("captures/n3.chain.ndjson", "kit-a", Task.Id, chain.Length,
            Convert.ToHexStringLower(SHA256.HashData(chain))));
        return TapEvidence.Read(Task, new(Task.Id, "kit-a", outcome, [], null), _folder, new(_files));
    }
}
