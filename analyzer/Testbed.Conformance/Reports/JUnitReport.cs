using System.Globalization;
using System.Text;
using System.Xml;
using Testbed.Conformance.Reports.Text;
using Testbed.Conformance.Results;

namespace Testbed.Conformance.Reports;

/// <summary>A report as JUnit XML: a suite a chapter, a test case a requirement.</summary>
/// <remarks>
/// What makes the command's exit code other than zero is red here too: <c>Fail</c> is a failure; <c>Inconclusive</c>,
/// <c>Invalid</c>, <c>NotMeasurable</c> and <c>NotRun</c> are errors. <c>NotApplicable</c> is skipped. The verdict is
/// the element's <c>type</c>. Only <c>Pass</c> looks like a pass.
/// </remarks>
public static class JUnitReport
{
    private enum Outcome { Passed = 1, Failure = 2, Error = 3, Skipped = 4 }

    /// <returns>The document with its declaration; to be stored as UTF-8.</returns>
    public static string Render(RunReport report)
    {
        using Utf8Writer text = new();
        using (XmlWriter xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n" }))
        {
            IReadOnlyList<RequirementResult> all = report.Judgement.Requirements;
            xml.WriteStartElement("testsuites");
            Attribute(xml, "name", "testbed " + report.Run.Id);
            Counts(xml, all);
            Attribute(xml, "time", Seconds(report.Run));
            foreach (IGrouping<string, RequirementResult> chapter in all.GroupBy(each => each.Id.Split('-')[0]))
                Suite(xml, report, chapter.Key, [.. chapter]);
            xml.WriteEndElement();
        }
        return text + "\n";
    }

    private static void Suite(XmlWriter xml, RunReport report, string chapter, RequirementResult[] requirements)
    {
        xml.WriteStartElement("testsuite");
        Attribute(xml, "name", $"{chapter} {ReportTexts.Chapter(chapter)}");
        Counts(xml, requirements);
        Attribute(xml, "timestamp",
            report.Run.StartedUtc.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
        xml.WriteStartElement("properties");
        Property(xml, "run", report.Run.Id);
        Property(xml, "purpose", report.Run.Purpose);
        Property(xml, "profile", $"{report.Profile.Name}@{report.Profile.Version}");
        Property(xml, "claimSha256", report.Claim.Digest);
        Property(xml, "overall", report.Judgement.Conclusion.Overall.ToString());
        xml.WriteEndElement();
        foreach (RequirementResult requirement in requirements) Case(xml, chapter, requirement);
        xml.WriteEndElement();
    }

    private static void Case(XmlWriter xml, string chapter, RequirementResult requirement)
    {
        xml.WriteStartElement("testcase");
        Attribute(xml, "classname", "testbed." + chapter);
        Attribute(xml, "name", $"{requirement.Id} {requirement.Title}");
        if (Of(requirement.Verdict) is not Outcome.Passed and var outcome)
        {
            xml.WriteStartElement(outcome.ToString().ToLowerInvariant());
            Attribute(xml, "type", requirement.Verdict.ToString());
            Attribute(xml, "message", requirement.Cause.ToString());
            if (requirement.Remedy is { } remedy) xml.WriteString(PlainText.Clean(remedy.ToString()));
            xml.WriteEndElement();
        }
        if (requirement.Kpis.Count > 0)
            xml.WriteElementString("system-out", PlainText.Clean(string.Join("\n", requirement.Kpis.Select(Figure))));
        xml.WriteEndElement();
    }

    private static string Figure(JudgedKpi kpi)
    {
        KpiResult result = kpi.Result;
        string limit = kpi.Limit is { } applied ? $" ({FigureText.Limit(applied)})" : "";
        string scope = result.Scope.Length > 0 ? $" [{result.Scope}]" : "";
        return $"{result.Id}{scope} {result.Direction}: {FigureText.WithUnit(result.Value, result.Unit, 12)}{limit}, "
            + $"n = {result.Samples.ToString(CultureInfo.InvariantCulture)}";
    }

    private static Outcome Of(Verdict verdict) => verdict switch
    {
        Verdict.Pass => Outcome.Passed,
        Verdict.Fail => Outcome.Failure,
        Verdict.NotApplicable => Outcome.Skipped,
        _ => Outcome.Error,
    };

    private static void Counts(XmlWriter xml, IReadOnlyCollection<RequirementResult> requirements)
    {
        int Count(Outcome outcome) => requirements.Count(requirement => Of(requirement.Verdict) == outcome);
        Attribute(xml, "tests", $"{requirements.Count}");
        Attribute(xml, "failures", $"{Count(Outcome.Failure)}");
        Attribute(xml, "errors", $"{Count(Outcome.Error)}");
        Attribute(xml, "skipped", $"{Count(Outcome.Skipped)}");
    }

    private static void Property(XmlWriter xml, string name, string value)
    {
        xml.WriteStartElement("property");
        Attribute(xml, "name", name);
        Attribute(xml, "value", value);
        xml.WriteEndElement();
    }

    private static void Attribute(XmlWriter xml, string name, string value) =>
        xml.WriteAttributeString(name, PlainText.Clean(value));

    private static string Seconds(ReportRun run) =>
        (run.EndedUtc - run.StartedUtc).TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>So that the declaration says what the file will be.</summary>
    private sealed class Utf8Writer() : StringWriter(CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.UTF8;
    }
}
