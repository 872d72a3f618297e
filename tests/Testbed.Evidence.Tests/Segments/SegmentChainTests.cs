using Testbed.Conformance.Json;
using Testbed.Evidence.Files;
using Testbed.Evidence.Segments;

namespace Testbed.Evidence.Tests.Segments;

public class SegmentChainTests
{
    [Test]
    public void Unbroken_chains_of_several_taps_verify()
    {
        SegmentRecord[] n3 = Chain("kit-a/n3u", 4), n6 = Chain("kit-a/n6au", 4);
        Assert.That(SegmentChain.Verify(n3.Zip(n6, (a, b) => new[] { a, b }).SelectMany(pair => pair)), Is.Empty);
    }

    [Test]
    public void A_record_survives_its_journey_as_json()
    {
        SegmentRecord record = Chain("kit-a/n3u", 2)[1];
        byte[] bytes = CanonicalJson.Write(record.ToJson());
        Assert.That(SegmentRecord.FromJson(CanonicalJson.ParseObject(bytes)), Is.EqualTo(record));
    }

    [Test]
    public void A_segment_left_out_is_found()
    {
        SegmentRecord[] chain = Chain("kit-a/n3u", 4);
        foreach (int left in new[] { 0, 1, 2 })
            Assert.That(SegmentChain.Verify(chain.Where((_, i) => i != left)), Is.Not.Empty, $"{left} left out");
        Assert.That(SegmentChain.Verify([chain[0], chain[2], chain[1], chain[3]]), Is.Not.Empty);
    }

    [Test]
    public void Every_edited_member_breaks_the_chain()
    {
        SegmentRecord[] chain = Chain("kit-a/n3u", 3);
        SegmentRecord second = chain[1];
        foreach (SegmentRecord edited in new[]
        {
            second with { Sha256 = new string('f', 64) }, second with { Bytes = 1 }, second with { Packets = 1 },
            second with { OsDrops = 1 }, second with { InterfaceDrops = 1 }, second with { FirstNs = 1 },
            second with { LastNs = second.LastNs + 1 }, second with { BootId = "other" },
            second with { Previous = SegmentRecord.NoPrevious },
        })
            Assert.That(SegmentChain.Verify([chain[0], edited, chain[2]]), Is.Not.Empty, edited.ToString());
    }

    [Test]
    public void A_restart_between_segments_is_named_in_both_languages()
    {
        SegmentRecord first = Chain("kit-a/n3u", 1)[0];
        SegmentRecord second = first with { Seq = 1, Previous = first.Digest, BootId = "boot-2" };
        SegmentProblem problem = SegmentChain.Verify([first, second]).Single();
        Assert.That(problem.Reason.En, Does.Contain("restarted"));
        Assert.That(problem.Reason.Zh, Does.Contain("重新启动"));
    }

    [Test]
    public void A_file_that_is_missing_or_altered_is_found()
    {
        SegmentRecord[] chain = Chain("kit-a/n3u", 2);
        FileDigest? True(SegmentRecord record) => new(record.Sha256, record.Bytes);
        Assert.That(SegmentChain.Verify(chain, True), Is.Empty);
        Assert.That(SegmentChain.Verify(chain, _ => null), Has.Count.EqualTo(2));
        Assert.That(SegmentChain.Verify(chain, r => new(r.Sha256, r.Bytes + 1)), Has.Count.EqualTo(2));
        Assert.That(SegmentChain.Verify(chain, r => new(new string('0', 64), r.Bytes)), Has.Count.EqualTo(2));
    }

    private static SegmentRecord[] Chain(string tap, int count)
    {
        SegmentRecord[] chain = new SegmentRecord[count];
        string previous = SegmentRecord.NoPrevious;
        for (int i = 0; i < count; i++)
        {
            long firstNs = 1_790_000_000_000_000_000 + i * 10_000_000_000L;
            chain[i] = new(tap, i, previous, $"{i + 1:x64}", 4096 + i, 30, 0, 0,
                firstNs, firstNs + 9_000_000_000, "boot-1");
            previous = chain[i].Digest;
        }
        return chain;
    }
}
