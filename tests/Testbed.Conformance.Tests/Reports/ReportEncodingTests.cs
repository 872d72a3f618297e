using System.Globalization;
using System.Text;
using Testbed.Conformance.Json;
using Testbed.Conformance.Reports;
using Testbed.Conformance.Results;

namespace Testbed.Conformance.Tests.Reports;

public class ReportEncodingTests
{
    [Test]
    public void A_report_comes_back_with_the_same_bytes()
    {
        byte[] bytes = ReportEncoding.Encode(SampleReport.Create());
        RunReport back = ReportEncoding.Decode(bytes);
        Assert.That(ReportEncoding.Encode(back), Is.EqualTo(bytes));
        Assert.That(back.Judgement.Requirements[4].Kpis[0].Result.Low, Is.EqualTo(0.01209m));
        Assert.That(back.Clocks[1].BoundNs, Is.Null);
        Assert.That(back.Agents[1].Problem!.En, Does.Contain("lost"));
    }

    [Test]
    public void The_members_are_those_of_the_design()
    {
        JsonObject json = CanonicalJson.ParseObject(ReportEncoding.Encode(SampleReport.Create()));
        Assert.That(json.Keys, Is.EquivalentTo(new[]
        {
            "schema", "run", "claim", "profile", "conclusion", "requirements", "totals", "loss", "clocks", "agents",
            "residualRisk",
        }));
        Assert.That(json.GetString("schema"), Is.EqualTo("testbed.report/1"));
        Assert.That(json.GetObject("run").GetObject("tool").Keys, Is.EqualTo(new[] { "commit", "version" }));
        Assert.That(json.GetObject("conclusion").GetObject("technologies").GetString("edge"),
            Is.EqualTo("NotApplicable"));
        JsonObject failed = json.GetObjects("requirements").Single(r => r.GetString("verdict") == "Fail");
        Assert.That(failed.GetObject("limit").GetString("rule"), Is.EqualTo("at-most"));
        Assert.That(failed.GetObjects("kpis")[0].GetString("value"), Is.EqualTo("0.0123"));
        Assert.That(failed.GetObjects("kpis")[0].GetString("direction"), Is.EqualTo("Uplink"));
        Assert.That(json.GetObject("loss").GetObject("n6/n6au").GetInteger("osDropped"), Is.EqualTo(1204));
    }

    [Test]
    public void Totals_name_every_verdict_and_add_up_to_the_number_of_requirements()
    {
        JsonObject json = CanonicalJson.ParseObject(ReportEncoding.Encode(SampleReport.Create()));
        JsonObject totals = json.GetObject("totals");
        Assert.That(totals.Keys, Is.EquivalentTo(Enum.GetNames<Verdict>()));
        Assert.That(totals.Keys.Sum(totals.GetInteger), Is.EqualTo(json.GetArray("requirements").Count));
    }

    [Test]
    public void The_bytes_are_the_same_under_any_culture()
    {
        byte[] expected = ReportEncoding.Encode(SampleReport.Create());
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        odd.NumberFormat.NumberDecimalSeparator = odd.NumberFormat.NegativeSign = "~";
        odd.DateTimeFormat.TimeSeparator = ".";
        try
        {
            CultureInfo.CurrentCulture = odd;
            Assert.That(ReportEncoding.Encode(SampleReport.Create()), Is.EqualTo(expected));
        }
        finally { CultureInfo.CurrentCulture = before; }
    }

    [TestCase("\"Fail\":1", "\"Fail\":0")]
    [TestCase("\"贯通\"},\"verdict\":\"Fail\"", "\"贯通\"},\"verdict\":\"Pass\"")]
    [TestCase("\"osDropped\":1204", "\"osDropped\":1204,\"zeal\":1")]
    [TestCase("\"expandedUncertainty\":\"0.00122", "\"expandedUncertainty\":\"0.00022")]
    [TestCase("testbed.report/1", "testbed.report/2")]
    [TestCase("\"rule\":\"at-most\"", "\"rule\":\"about\"")]
    [TestCase("\"unit\":\"1\",", "")]
    [TestCase("2026-10-01T08:00:00.120Z", "2026-10-01 08:00")]
    public void A_report_whose_members_do_not_follow_from_each_other_is_refused(string find, string replace)
    {
        string text = Encoding.UTF8.GetString(ReportEncoding.Encode(SampleReport.Create()));
        int at = text.IndexOf(find, StringComparison.Ordinal);
        Assert.That(at, Is.Positive, $"{find} is not in the report");
        string edited = text[..at] + replace + text[(at + find.Length)..];
        Assert.That(() => ReportEncoding.Decode(Encoding.UTF8.GetBytes(edited)),
            Throws.TypeOf<CanonicalJsonException>());
    }
}
