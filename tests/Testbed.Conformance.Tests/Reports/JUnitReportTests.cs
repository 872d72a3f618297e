using System.Xml.Linq;
using Testbed.Conformance.Reports;
using Testbed.Conformance.Results;

namespace Testbed.Conformance.Tests.Reports;

public class JUnitReportTests
{
    [Test]
    public void Each_verdict_takes_its_form_and_only_a_pass_looks_like_one()
    {
        RunReport report = SampleReport.Create();
        XElement root = XDocument.Parse(JUnitReport.Render(report)).Root!;
        foreach (RequirementResult requirement in report.Judgement.Requirements)
        {
            XElement test = root.Descendants("testcase").Single(each => Name(each).StartsWith(requirement.Id + " "));
            string form = string.Concat(test.Elements().Select(each => each.Name.LocalName)
                .Where(name => name != "system-out"));
            Assert.That(form, Is.EqualTo(requirement.Verdict switch
            {
                Verdict.Pass => "",
                Verdict.Fail => "failure",
                Verdict.NotApplicable => "skipped",
                _ => "error",
            }), requirement.Id);
            if (form.Length > 0)
                Assert.That(test.Element(form)!.Attribute("type")!.Value, Is.EqualTo(requirement.Verdict.ToString()));
        }
    }

    [Test]
    public void Counts_add_up_in_every_suite_and_in_the_whole()
    {
        XElement root = XDocument.Parse(JUnitReport.Render(SampleReport.Create())).Root!;
        foreach (XElement suite in root.DescendantsAndSelf().Where(e => e.Name.LocalName.StartsWith("testsuite")))
        {
            Assert.That((int)suite.Attribute("tests")!, Is.EqualTo(suite.Descendants("testcase").Count()));
            Assert.That((int)suite.Attribute("failures")!, Is.EqualTo(suite.Descendants("failure").Count()));
            Assert.That((int)suite.Attribute("errors")!, Is.EqualTo(suite.Descendants("error").Count()));
            Assert.That((int)suite.Attribute("skipped")!, Is.EqualTo(suite.Descendants("skipped").Count()));
        }
        Assert.That((int)root.Attribute("tests")!, Is.EqualTo(12));
    }

    [Test]
    public void Hostile_text_leaves_the_document_well_formed()
    {
        RunReport report = SampleReport.Create();
        string bad = "<x>]]>&\u0000\u001b[2J\uFFFE" + (char)0xD800 + "\"'";
        report = report with
        {
            Judgement = report.Judgement with
            {
                Requirements = [.. report.Judgement.Requirements.Select(each => each with
                {
                    Title = new(bad, bad), Cause = new(bad, bad), Remedy = new(bad, bad),
                })],
            },
        };
        XElement root = XDocument.Parse(JUnitReport.Render(report)).Root!;
        Assert.That(root.Descendants("failure").Single().Attribute("message")!.Value, Does.StartWith("<x>]]>&"));
    }

    [Test]
    public void The_declaration_says_utf8()
    {
        Assert.That(JUnitReport.Render(SampleReport.Create()),
            Does.StartWith("<?xml version=\"1.0\" encoding=\"utf-8\"?>"));
    }

    private static string Name(XElement test) => test.Attribute("name")!.Value;
}
