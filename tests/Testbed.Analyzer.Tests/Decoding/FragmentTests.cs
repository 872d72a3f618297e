using Testbed.Analyzer.Tests.Support;
using Testbed.Wire.GtpU;

namespace Testbed.Analyzer.Tests.Decoding;

public sealed class FragmentTests
{
    private CaptureFolder _folder = null!;

    [SetUp]
    public void Open() => _folder = new();

    [TearDown]
    public void Close() => _folder.Dispose();

    private static List<byte[]> LargeGpdu(ushort id, int inner = 1400, int cut = 800) => Packets.Fragments(
        Packets.Gpdu(
            Packets.Udp(Packets.Ue, Packets.Server, id, id, payloadLength: inner), 1, PduSessionInformation.Uplink(9),
            Packets.Gnb, Packets.Upf), cut, id);

    private AnalysisResult Analyze(IEnumerable<byte[]> packets) => TrafficAnalysis.Run(new()
    {
        N3 = [_folder.Write("n3.pcapng", packets.Select((packet, i) => ((long)i, packet)))],
    });

    [Test]
    public void A_datagram_in_fragments_counts_once_in_any_order()
    {
        foreach (int[] order in (int[][])[[0, 1], [1, 0]])
        {
            List<byte[]> fragments = LargeGpdu(5);
            AnalysisResult result = Analyze(order.Select(at => fragments[at]));
            Assert.That(result.GtpU.Gpdu, Is.EqualTo(1));
            Assert.That(result.GtpU.Qfis, Is.EqualTo(new Dictionary<int, long> { [9] = 1 }));
            Assert.That(result.N3.Decoded, Is.EqualTo(2));
            Assert.That(result.Rates.N3Uplink.Bytes, Is.EqualTo(1428));
        }
    }

    [Test]
    public void Headers_that_are_spread_over_fragments_are_read_in_any_order()
    {
        List<byte[]> fragments = LargeGpdu(5, inner: 100, cut: 8);
        fragments.Reverse();
        AnalysisResult result = Analyze(fragments);
        Assert.That(result.GtpU.Gpdu, Is.EqualTo(1));
        Assert.That(result.GtpU.Qfis, Is.EqualTo(new Dictionary<int, long> { [9] = 1 }));
        Assert.That(result.Rates.N3Uplink.Bytes, Is.EqualTo(128));
    }

    [TestCase(0)]
    [TestCase(1)]
    public void A_datagram_with_a_missing_fragment_is_none_and_has_a_reason(int missing)
    {
        List<byte[]> fragments = LargeGpdu(5);
        fragments.RemoveAt(missing);
        AnalysisResult result = Analyze(fragments);
        Assert.That(result.GtpU.Gpdu, Is.Zero);
        Assert.That(result.N3.NotDecoded, Is.EqualTo(new Dictionary<string, long> { ["fragmentsIncomplete"] = 1 }));
    }

    [Test]
    public void A_repeated_fragment_is_counted_and_does_no_harm()
    {
        List<byte[]> fragments = LargeGpdu(5);
        AnalysisResult result = Analyze([fragments[0], fragments[0], fragments[1]]);
        Assert.That(result.GtpU.Gpdu, Is.EqualTo(1));
        Assert.That(result.N3.NotDecoded, Is.EqualTo(new Dictionary<string, long> { ["fragmentsRepeated"] = 1 }));
    }

    [Test]
    public void Overlapping_fragments_spoil_their_datagram()
    {
        List<byte[]> fragments = LargeGpdu(5, cut: 800), others = LargeGpdu(5, cut: 400);
        AnalysisResult result = Analyze([fragments[0], others[2], others[1], fragments[1]]);
        Assert.That(result.GtpU.Gpdu, Is.LessThanOrEqualTo(1));
        Assert.That(result.N3.Decoded + result.N3.NotDecoded.Values.Sum(), Is.EqualTo(result.N3.Packets));
    }

    [Test]
    public void A_flood_of_first_fragments_stays_bounded_and_accounted_for()
    {
        IEnumerable<byte[]> flood = Enumerable.Range(0, 5000).Select(id => LargeGpdu((ushort)id)[0]);
        AnalysisResult result = Analyze(flood);
        Assert.That(result.GtpU.Gpdu, Is.Zero);
        Assert.That(result.N3.NotDecoded["fragmentsIncomplete"], Is.EqualTo(5000));
    }

    [Test]
    public void Fragmented_and_whole_packets_match_across_the_UPF()
    {
        using CrossingRun run = new();
        for (ushort i = 1; i <= 20; i++)
        {
            byte[] inner = Packets.Udp(Packets.Ue, Packets.Server, i, i, payloadLength: 1400);
            List<byte[]> fragments = LargeGpdu(i);
            run.OnN3(i * 1000, fragments[0]);
            run.OnN3(i * 1000 + 1, fragments[1]);
            run.OnN6(i * 1000 + 50, inner);
        }
        Assert.That(run.Analyze().Match.Matched, Is.EqualTo(20));
    }
}
