using Testbed.Analyzer.Drafting;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Claims;

namespace Testbed.Analyzer.Tests.Drafting;

public sealed class ClaimDraftTests
{
    private CrossingRun _run = null!;

    [SetUp]
    public void Open() => _run = new();

    [TearDown]
    public void Close() => _run.Dispose();

    /// <summary>Two slices on all four points; the files have names that tell nothing.</summary>
    private string[] AllPoints()
    {
        N4 n4 = new(_run.Folder);
        N2 n2 = new(_run.Folder);
        n2.Setup(0);
        n4.Session(1_000_000, Packets.Ue, 1, 101, qfi: 9, dnn: "internet", snssai: new(1, 1));
        n4.Session(1_000_100, "10.46.0.2", 2, 102, qfi: 5, dnn: "mec", snssai: new(1, 2));
        n2.Session(1_000_200, 1, 101, new(1, 1), 9, 9, 1);
        n2.Session(1_000_300, 2, 102, new(1, 2), 5, 82, 2);
        for (int i = 0; i < 5; i++)
        {
            _run.Cross(2_000_000 + i * 1000, Packets.Ue, 1, 101, 9);
            _run.Cross(2_000_500 + i * 1000, "10.46.0.2", 2, 102, 5);
        }
        AnalysisRequest request = _run.Request();
        return [n2.Write("d.pcapng").Files[0], request.N6[0].Files[0], n4.Write().Files[0], request.N3[0].Files[0]];
    }

    [Test]
    public void Nodes_slices_pools_flows_and_taps_are_told_by_content_alone()
    {
        ClaimDraft draft = ClaimDrafter.Draft(AllPoints());
        Assert.That(draft.Plmn, Is.EqualTo("00101"));
        Assert.That(draft.Gnbs.Single(), Has.Property("Name").EqualTo("gnb-one")
            .And.Property("N3").EqualTo(new[] { Packets.Gnb }).And.Property("N2").EqualTo(new[] { N2.Gnb }));
        Assert.That(draft.Upfs.Single(), Has.Property("N3").EqualTo(new[] { Packets.Upf })
            .And.Property("N4").EqualTo(new[] { N4.Upf }));
        Assert.That(draft.Core, Is.EqualTo(new[] { N2.Amf, N4.Smf }));
        Assert.That(draft.HasNat, Is.False);
        Assert.That(draft.Slices.Select(slice => slice.Name), Is.EqualTo(new[] { "internet", "mec" }));
        DraftSlice b = draft.Slices[1];
        Assert.That((b.Sst, b.Sd, b.Dnn, b.Upf, b.Source), Is.EqualTo((1, 2, "mec", "upf1", "ngap+pfcp")));
        Assert.That(b.Pools.Single().ToString(), Is.EqualTo("10.46.0.0/24"));
        Assert.That(b.Flows, Is.EqualTo(new DraftFlow[] { new(5, 82, null, null) }));
        Assert.That(draft.Taps.Select(tap => tap.Point), Is.EqualTo(new[] { "n2", "n6", "n4", "n3" }));
    }

    [Test]
    public void Lint_names_exactly_the_places_to_fill_in() => AssertLint(ClaimDrafter.Draft(AllPoints()));

    [Test]
    public void N3_alone_gives_a_slice_for_each_group_of_addresses()
    {
        _run.Cross(1000, Packets.Ue, 1, 101, 9);
        _run.Cross(2000, "10.60.0.2", 2, 102, 9);
        ClaimDraft draft = ClaimDrafter.Draft([_run.Request().N3[0].Files[0]]);
        Assert.That(draft.Slices.Select(slice => slice.Pools.Single().ToString()),
            Is.EqualTo(new[] { "10.45.0.0/24", "10.60.0.0/24" }));
        Assert.That(draft.Slices.Select(slice => slice.Source), Is.All.EqualTo("pool"));
        Assert.That(draft.Slices[0].Sst, Is.Null);
        AssertLint(draft);
    }

    [Test]
    public void One_file_of_both_sides_stands_at_both_points()
    {
        _run.Cross(1000, Packets.Ue, 1, 101, 9);
        _run.Cross(2000, Packets.Ue, 1, 101, 9);
        string file = _run.Folder.Write("all.pcapng", [.. _run.N3.Concat(_run.N6)
            .Select(packet => (packet.Us, packet.Packet))]).Files[0];
        Assert.That(ClaimDrafter.Draft([file]).Taps.Select(tap => tap.Point), Is.EqualTo(new[] { "n3", "n6" }));
    }

    [Test]
    public void A_file_that_tells_nothing_is_listed_and_all_is_left_to_fill_in()
    {
        _run.OnN6(1000, Packets.Udp("192.0.2.1", "192.0.2.2", 1, 1));
        ClaimDraft draft = ClaimDrafter.Draft([_run.Request().N6[0].Files[0]]);
        Assert.That(draft.Taps.Single().Point, Is.Null);
        AssertLint(draft);
    }

    [Test]
    public void A_DNN_from_the_network_cannot_write_into_the_file()
    {
        N4 n4 = new(_run.Folder);
        n4.Session(0, Packets.Ue, 1, 101, dnn: "internet: x, # y");
        _run.Cross(1000, Packets.Ue, 1, 101, 9);
        string text = ClaimDraftText.Write(ClaimDrafter.Draft([n4.Write().Files[0], _run.Request().N3[0].Files[0]]));
        Assert.That(text, Does.Not.Contain("internet: x"));
        AssertLint(text);
    }

    [TestCase("1-baseline")]
    [TestCase("4-n3-fragmented")]
    public void A_real_core_gives_two_slices_with_their_pools(string folder)
    {
        string[] files = ["n6b.pcap", "n4-pfcp.pcap", "n3.pcap", "n6a.pcap"];
        ClaimDraft draft = ClaimDrafter.Draft(
            [.. files.Select(file => SharedCaptures.Path(Path.Combine("open5gs", folder, file)))]);
        Assert.That(draft.Slices.SelectMany(slice => slice.Pools).Select(pool => pool.ToString()),
            Is.EquivalentTo(new[] { "10.45.0.0/24", "10.46.0.0/24" }));
        Assert.That(draft.Taps.Select(tap => tap.Point), Is.EqualTo(new[] { "n6", "n4", "n3", "n6" }));
        Assert.That(draft.Upfs.Single().N3, Is.EqualTo(new[] { "10.100.3.1" }));
        Assert.That(draft.HasNat, Is.False);
        AssertLint(draft);
    }

    private static void AssertLint(ClaimDraft draft) => AssertLint(ClaimDraftText.Write(draft));

    private static void AssertLint(string text)
    {
        string[] lines = text.Split('\n');
        List<int> expected =
        [
            .. Enumerable.Range(0, lines.Length)
                .Where(i => lines[i].Contains(ClaimDraftText.FillMark) && !lines[i].StartsWith('#'))
                .Select(i => i + 1),
        ];
        ClaimReadResult result = ClaimReader.Parse(text, "lab.yaml");
        Assert.That(result.Errors.Select(error => error.Line).Distinct(), Is.EquivalentTo(expected), text);
        Assert.That(result.Errors, Has.Count.EqualTo(expected.Count));
    }
}
