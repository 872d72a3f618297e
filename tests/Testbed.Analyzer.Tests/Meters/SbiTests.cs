using Testbed.Analyzer.Tests.Support;

namespace Testbed.Analyzer.Tests.Meters;

public sealed class SbiTests
{
    private const string Path = "/nsmf-pdusession/v1/sm-contexts/imsi-460110000000001";
    private CaptureFolder _folder = null!;

    [SetUp]
    public void Open()
    {
        _folder = new();
        Peers = new(_folder);
    }

    [TearDown]
    public void Close() => _folder.Dispose();

    private Http2Peers Peers { get; set; } = null!;

    private SbiSummary Analyze() => TrafficAnalysis.Run(new() { Sbi = [Peers.Write()] }).Sbi!;

    [Test]
    public void Requests_and_answers_are_counted_by_service_and_class()
    {
        Peers.FromServer(Http2Peers.Frame(4, 0, 0));
        Peers.Preface();
        Peers.Request(1, Path);
        Peers.Request(3, "/nudm-sdm/v2/imsi-460110000000001");
        Peers.Response(3, "404");
        Peers.Response(1, "100");
        Peers.Response(1, "201");
        Peers.FromServer(Http2Peers.Frame(0, 1, 1, new byte[500]));
        Peers.Request(5, "/other");
        SbiSummary sbi = Analyze();
        Assert.That(sbi.Connections, Is.EqualTo(1));
        Assert.That(sbi.Services["nsmf-pdusession"].Requests, Is.EqualTo(1));
        Assert.That(sbi.Services["nsmf-pdusession"].Responses,
            Is.EquivalentTo(new Dictionary<string, long> { ["1xx"] = 1, ["2xx"] = 1 }));
        Assert.That(sbi.Services["nudm-sdm"].Responses, Is.EquivalentTo(new Dictionary<string, long> { ["4xx"] = 1 }));
        Assert.That(sbi.Services["other"].Requests, Is.EqualTo(1));
        Assert.That(sbi.GivenUp, Is.Empty);
    }

    [Test]
    public void Segments_out_of_order_and_repeated_change_nothing()
    {
        Peers.Preface();
        Peers.Request(1, Path);
        Peers.Request(3, Path);
        Peers.SwapLast();
        Peers.RepeatLast();
        Assert.That(Analyze().Services["nsmf-pdusession"].Requests, Is.EqualTo(2));
    }

    [Test]
    public void A_gap_gives_the_connection_up_and_is_counted()
    {
        Peers.Preface();
        Peers.Request(1, Path);
        Peers.Lose(0, 50);
        Peers.Request(3, Path);
        SbiSummary sbi = Analyze();
        Assert.That(sbi.Services["nsmf-pdusession"].Requests, Is.EqualTo(1));
        Assert.That(sbi.GivenUp["bytesMissing"], Is.EqualTo(1));
    }

    [Test]
    public void A_gap_with_much_behind_it_ends_the_connection_at_once()
    {
        Peers.Preface();
        Peers.Lose(0, 50);
        for (int i = 0; i < 100; i++) Peers.Request(2 * i + 1, Path);
        SbiSummary sbi = Analyze();
        Assert.That(sbi.Services, Is.Empty);
        Assert.That(sbi.GivenUp["bytesMissing"], Is.EqualTo(1));
    }

    [Test]
    public void A_damaged_header_block_gives_the_connection_up_and_is_counted()
    {
        Peers.Preface();
        Peers.FromClient(Http2Peers.Frame(1, 4, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F));
        Peers.Request(3, Path);
        SbiSummary sbi = Analyze();
        Assert.That(sbi.Services, Is.Empty);
        Assert.That(sbi.GivenUp["damaged"], Is.EqualTo(1));
    }

    [Test]
    public void A_connection_without_its_beginning_is_not_taken_for_one()
    {
        Peers.Request(1, Path);
        Peers.Response(1, "200");
        Assert.That(Analyze().Connections, Is.Zero);
    }

    [Test]
    public void Nothing_of_a_subscriber_is_printed()
    {
        Peers.Preface();
        Peers.Request(1, Path);
        using MemoryStream stream = new();
        AnalysisJson.Write(TrafficAnalysis.Run(new() { Sbi = [Peers.Write()] }), stream);
        string json = System.Text.Encoding.UTF8.GetString(stream.ToArray());
        Assert.That(json, Does.Contain("nsmf-pdusession").And.Not.Contain("imsi"));
    }
}
