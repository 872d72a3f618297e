using System.Text;
using Testbed.Conformance.Json;
using Testbed.Conformance.Results;

namespace Testbed.Conformance.Tests.Json;

public class KpiResultJsonTests
{
    private static readonly KpiResult Full = new()
    {
        Id = "round-trip-delay-p99", Value = 12.5m, Low = 11.25m, High = 13.000m, HighIsOpen = true, Unit = "ms",
        Samples = 10_000,
        CaptureLossLow = 0.0001m, CaptureLossHigh = 0.0002m, Direction = Direction.RoundTrip, Layer = Layer.Udp,
        Confidence = 0.95m, Scope = "slice-a", Source = "stamp-sender@kit-ue",
        Uncertainty = [new("timestamp-resolution", 0.0000003m), new("clock-bound", 0.1m)],
        Evidence = ["records/t1/stamp.ndjson#17"], Findings = [new("第十七个包迟到", "packet 17 came late")],
        OtherAttempts = [new(20, 22.5m, 0.25m, "records/t2/stamp.csv")],
        NotUsable = new("时钟未知", "the clock is unknown"), NotUsableVerdict = Verdict.Inconclusive,
    };

    private static readonly KpiResult Bare = new()
    {
        Id = "x", Value = 0, Low = 0, High = 0, Unit = "1", Samples = 0, Source = "s",
    };

    [Test]
    public void A_result_comes_back_as_it_went()
    {
        foreach (KpiResult kpi in (KpiResult[])[Full, Bare])
        {
            byte[] written = CanonicalJson.Write(KpiResultJson.Write(kpi));
            KpiResult read = KpiResultJson.Read(CanonicalJson.ParseObject(written));
            Assert.That(read, Is.EqualTo(kpi).UsingPropertiesComparer());
            Assert.That(CanonicalJson.Write(KpiResultJson.Write(read)), Is.EqualTo(written));
        }
    }

    [Test]
    public void Every_member_of_a_result_travels()
    {
        // A member that is added to KpiResult and forgotten here would be lost on its way to the judge.
        string written = KpiResultJson.Write(Full).ToString();
        IEnumerable<string> members = typeof(KpiResult).GetProperties().Where(p => p.CanWrite).Select(p => p.Name);
        foreach (string member in members)
            Assert.That(written, Does.Contain($"\"{char.ToLowerInvariant(member[0])}{member[1..]}\":"));
    }

    [TestCase("\"low\":\"0\"", "\"low\":\"1\"", "outside its interval")]
    [TestCase("\"high\":\"0\"", "\"high\":\"-1\"", "outside its interval")]
    [TestCase("\"samples\":0", "\"samples\":-1", "samples")]
    [TestCase("\"value\":\"0\"", "\"value\":0", "value")]
    [TestCase("\"layer\":\"None\"", "\"layer\":\"0\"", "layer")]
    [TestCase("\"layer\":\"None\"", "\"layer\":\"\"", "layer")]
    [TestCase("\"id\":\"x\",", "", "id")]
    [TestCase("\"id\":\"x\"", "\"confidence\":\"1.5\",\"id\":\"x\"", "confidence")]
    [TestCase("\"low\":\"0\",", "\"low\":\"0\",\"notUsableVerdict\":\"Pass\",", "decides")]
    [TestCase("\"low\":\"0\",", "\"low\":\"0\",\"notUsableVerdict\":\"Invalid\",", "without")]
    public void What_cannot_be_is_refused_by_name(string from, string to, string named)
    {
        string text = KpiResultJson.Write(Bare).ToString();
        string bent = text.Replace(from, to, StringComparison.Ordinal);
        Assert.That(bent, Is.Not.EqualTo(text));
        CanonicalJsonException e = Assert.Throws<CanonicalJsonException>(
            () => KpiResultJson.Read(CanonicalJson.ParseObject(Encoding.UTF8.GetBytes(bent))));
        Assert.That(e.Message, Does.Contain(named));
    }
}
