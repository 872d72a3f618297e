using Testbed.Server.Agents;

namespace Testbed.Server.Tests.Agents;

public sealed class EvidencePathTests
{
    [TestCase("captures/n3-n3u-000001.pcapng")]
    [TestCase("records/stamp-sender-1/packets.csv")]
    public void Names_inside_the_two_evidence_folders_are_taken(string name) =>
        Assert.That(EvidencePath.IsAllowed(name), Is.True);

    [TestCase("")]
    [TestCase("captures")]
    [TestCase("captures/")]
    [TestCase("/etc/passwd")]
    [TestCase("../captures/a")]
    [TestCase("captures/../journal.ndjson")]
    [TestCase("captures/./a")]
    [TestCase("captures//a")]
    [TestCase("captures/.hidden")]
    [TestCase("captures/a\0b")]
    [TestCase("captures/a b")]
    [TestCase("captures/抓包.pcapng")]
    [TestCase("captures\\a")]
    [TestCase("report.json")]
    [TestCase("records/a/b/c")]
    [TestCase("captures/a.part")]
    public void Everything_else_is_refused(string name) => Assert.That(EvidencePath.IsAllowed(name), Is.False);

    [Test]
    public void A_name_longer_than_the_bound_is_refused() =>
        Assert.That(EvidencePath.IsAllowed("captures/" + new string('a', EvidencePath.LengthMax)), Is.False);
}
