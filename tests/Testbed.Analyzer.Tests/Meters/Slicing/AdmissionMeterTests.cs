using System.Globalization;
using System.Text;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Meters.Slicing;

public sealed class AdmissionMeterTests
{
    private readonly StringBuilder _record = new();
    private CaptureFolder _folder = null!;
    private N4 _n4 = null!;

    [SetUp]
    public void Open()
    {
        _folder = new();
        _n4 = new(_folder);
        _record.Clear().Append("kind,sst,sd,dnn,startUnixNs,endUnixNs,outcome\n");
    }

    [TearDown]
    public void Close() => _folder.Dispose();

    private void Ask(long us, string kind, int sd, string dnn, string outcome, bool isGranted)
    {
        long start = CaptureFolder.StartNs + us * 1000;
        _record.Append(CultureInfo.InvariantCulture, $"{kind},1,{sd},{dnn},{start},{start + 5_000_000},{outcome}\n");
        if (isGranted) _n4.Session(us + 100, "10.45.0.9", (uint)us + 1, (uint)us + 2, dnn: dnn, snssai: new(1, sd));
    }

    private KpiResult Result(string id, bool byN2 = false)
    {
        string path = _folder.Path("admission.csv");
        File.WriteAllText(path, _record.ToString());
        return TrafficAnalysis.Run(new()
        {
            Claim = TestClaims.TwoSlices, N4 = byN2 ? [] : [_n4.Write()],
            N2 = byN2 ? [_folder.Write("n2.pcapng", [(0, Packets.Udp("10.100.2.1", "10.100.2.2", 1, 1))])] : [],
            Run = new() { Nonce = new byte[32], Admissions = [new("A", path)] },
        }).Kpis.Single(kpi => kpi.Id == id);
    }

    [Test]
    public void Refusals_count_beside_a_control_that_N4_shows()
    {
        Ask(0, "control", 1, "internet", "granted", true);
        for (int i = 1; i <= 10; i++)
            Ask(i * 100_000, i % 2 == 0 ? "dnn" : "slice", i * 7, $"none-{i}", "refused", false);
        Assert.Multiple(() =>
        {
            Assert.That(Result("unsubscribed-sessions").Value, Is.Zero);
            Assert.That(Result("unsubscribed-sessions").Samples, Is.EqualTo(10));
            Assert.That(Result("admission-control-sessions").Value, Is.EqualTo(1));
        });
    }

    [Test]
    public void A_session_on_N4_counts_whatever_the_UE_side_says()
    {
        Ask(0, "dnn", 1, "none-1", "refused", true);
        KpiResult result = Result("unsubscribed-sessions");
        Assert.That(result.Value, Is.EqualTo(1));
        Assert.That(result.Evidence[0], Does.StartWith("n4.pcapng#"));
    }

    [Test]
    public void A_grant_that_N4_does_not_show_decides_nothing()
    {
        Ask(0, "slice", 99, "internet", "granted", false);
        Assert.That(Result("unsubscribed-sessions").NotUsable, Is.Not.Null);
    }

    [Test]
    public void Unanswered_requests_are_no_refusals()
    {
        Ask(0, "dnn", 1, "none-1", "unanswered", false);
        Assert.That(Result("unsubscribed-sessions").Samples, Is.Zero);
    }

    [Test]
    public void Where_N2_alone_is_tapped_a_refused_data_network_shows_nothing()
    {
        Ask(0, "dnn", 1, "none-1", "refused", false);
        Ask(100_000, "slice", 77, "internet", "refused", false);
        Assert.That(Result("unsubscribed-sessions", byN2: true).Samples, Is.EqualTo(1));
    }

    [Test]
    public void A_control_that_N4_does_not_show_is_none()
    {
        Ask(0, "control", 1, "internet", "granted", false);
        Assert.That(Result("admission-control-sessions").Value, Is.Zero);
    }
}
