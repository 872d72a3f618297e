using System.Diagnostics;
using System.Text.RegularExpressions;
using Testbed.Conformance.Reports;
using Testbed.Conformance.Results;

namespace Testbed.Conformance.Tests.Reports;

public partial class HtmlReportTests
{
    private const string Hostile = "</title><script>alert(1)</script>\"' onload=x "
        + "<img src=http://x.example/>&amp;\u001b[31m\u202Etxt.exe";

    [Test]
    public void Nothing_that_a_claim_says_becomes_markup()
    {
        string honest = HtmlReport.Render(SampleReport.Create(), SampleReport.Series());
        string html = HtmlReport.Render(Spoil(SampleReport.Create(Hostile)), SampleReport.Series());
        Assert.That(html, Does.Contain("&lt;script&gt;alert(1)&lt;/script&gt;"));
        Assert.That(html, Does.Not.Contain("<script>alert").And.Not.Contain("<img").And.Not.Contain("\u202E"));
        Assert.That(html.Any(c => c < ' ' && c is not ('\n' or '\t')), Is.False);
        // The same elements stand in both pages: no text made one, none swallowed one.
        Assert.That(Tags(html), Is.EqualTo(Tags(honest)));
    }

    [Test]
    public void Nothing_is_fetched_and_nothing_else_may_run()
    {
        string html = HtmlReport.Render(SampleReport.Create(), SampleReport.Series());
        Assert.That(html, Does.Not.Contain("http://").And.Not.Contain("https://").And.Not.Contain("@import")
            .And.Not.Contain("url(").And.Not.Contain(" src=").And.Not.Contain("<link"));
        Assert.That(html, Does.Contain("default-src 'none'"));
        Assert.That(Regex.Count(html, "<script"), Is.EqualTo(1));
        Assert.That(html, Does.Not.Contain(" style=\"").And.Not.Contain(" onclick"));
    }

    [Test]
    public void Both_languages_stand_in_the_page_and_Chinese_shows_without_scripts()
    {
        RunReport report = SampleReport.Create();
        string html = HtmlReport.Render(report, SampleReport.Series());
        Assert.That(html, Does.Contain("<html lang=\"zh-CN\" data-language=\"zh\""));
        foreach (RequirementResult requirement in report.Judgement.Requirements)
            foreach (LocalText text in new[] { requirement.Title, requirement.Cause })
                Assert.That(html, Does.Contain(text.Zh).And.Contain(text.En.Replace("'", "&#39;")));
        Assert.That(html, Does.Contain(report.ResidualRisk.Zh).And.Contain(report.ResidualRisk.En));
        Assert.That(Regex.Count(html, "class=\"zh\""), Is.EqualTo(Regex.Count(html, "class=\"en\"")));
    }

    [Test]
    public void Every_verdict_has_a_shape_and_a_word()
    {
        string html = HtmlReport.Render(SampleReport.Create(), []);
        foreach (Verdict verdict in Enum.GetValues<Verdict>())
        {
            Assert.That(html, Does.Contain($"<symbol id=\"v-{verdict}\""));
            Assert.That(html, Does.Contain($"href=\"#v-{verdict}\"/></svg><span class=\"zh\" lang=\"zh-CN\">"
                + ReportTexts.Name(verdict).Zh));
        }
    }

    [Test]
    public void A_self_check_says_so_and_a_site_visit_does_not()
    {
        Assert.That(HtmlReport.Render(SampleReport.Create(), []), Does.Contain("class=\"banner\""));
        Assert.That(HtmlReport.Render(SampleReport.Create(purpose: "site-visit"), []),
            Does.Not.Contain("class=\"banner\"").And.Contain("现场考察"));
    }

    [Test]
    public void The_page_names_the_digest_of_the_official_bytes()
    {
        RunReport report = SampleReport.Create();
        byte[] digest = System.Security.Cryptography.SHA256.HashData(ReportEncoding.Encode(report));
        Assert.That(HtmlReport.Render(report, []), Does.Contain(Convert.ToHexStringLower(digest)));
    }

    [Test]
    public void A_report_without_requirements_taps_or_points_is_a_page_too()
    {
        RunReport report = SampleReport.Create();
        report = report with
        {
            Judgement = report.Judgement with { Requirements = [] }, Loss = [], Clocks = [], Agents = [],
        };
        ReportSeries empty = SampleReport.Series()[0] with { Points = [] };
        ReportSeries gaps = empty with { Points = [null, null], Name = new("空", "gaps") };
        ReportSeries single = empty with { Points = [0m], Name = new("一", "single") };
        ReportSeries endless = empty with
        {
            Points = [.. Enumerable.Range(0, 100_000).Select(i => (decimal?)(i % 7))], Name = new("多", "many"),
        };
        string html = HtmlReport.Render(report, [empty, gaps, single, endless]);
        Assert.That(html, Does.Contain("No data.").And.Not.Contain("NaN").And.Not.Contain("∞"));
        Assert.That(html, Has.Length.LessThan(200_000));
    }

    [Test]
    public async Task A_real_browser_reads_the_page_and_switches_its_language()
    {
        const string Browser = "/usr/bin/chromium";
        if (!File.Exists(Browser)) Assert.Ignore($"{Browser} is not installed");
        string folder = Directory.CreateTempSubdirectory("testbed-").FullName;
        try
        {
            string page = Path.Combine(folder, "report.html");
            RunReport report = Spoil(SampleReport.Create(Hostile));
            await File.WriteAllTextAsync(page, HtmlReport.Render(report, SampleReport.Series()));
            string chinese = await DumpDom(Browser, folder, $"file://{page}");
            Assert.That(chinese, Does.Contain("class=\"scripted\"").And.Contain("data-language=\"zh\""));
            Assert.That(Regex.Count(chinese, "<details"), Is.EqualTo(12));
            Assert.That(Regex.Count(chinese, "<script"), Is.EqualTo(1));
            string english = await DumpDom(Browser, folder, $"file://{page}?lang=en");
            Assert.That(english, Does.Contain("data-language=\"en\"").And.Contain("lang=\"en\""));
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private static async Task<string> DumpDom(string browser, string folder, string url)
    {
        using Process process = new()
        {
            StartInfo = new(browser,
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                $"--user-data-dir={folder}/profile", "--dump-dom", url,
            ]) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        using CancellationTokenSource bounded = new(TimeSpan.FromSeconds(60));
        process.Start();
        Task<string> noise = process.StandardError.ReadToEndAsync(bounded.Token);
        try
        {
            string dom = await process.StandardOutput.ReadToEndAsync(bounded.Token);
            await process.WaitForExitAsync(bounded.Token);
            if (dom.Length == 0) Assert.Ignore("chromium could not start here: " + await noise);
            return dom;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Hostile text wherever a claim, a kit or a peer may have put it.</summary>
    private static RunReport Spoil(RunReport report) => report with
    {
        Claim = report.Claim with
        {
            Site = Hostile, CreditCode = Hostile, Members = [Hostile], Gnbs = [Hostile],
            Slices = [.. report.Claim.Slices.Select(slice => slice with { Name = Hostile, Dnn = Hostile })],
            Scenarios = [.. report.Claim.Scenarios.Select(scenario => scenario with { Slice = Hostile })],
        },
        Agents = [.. report.Agents.Select(agent => agent with { Kit = Hostile, Interfaces = [Hostile] })],
        Loss = [.. report.Loss.Select((tap, i) => tap with { Tap = Hostile + i, Kit = Hostile })],
        Judgement = report.Judgement with
        {
            Requirements = [.. report.Judgement.Requirements.Select(requirement => requirement with
            {
                Clause = Hostile,
                Evidence = [.. requirement.Evidence.Select(_ => Hostile)],
                Cause = new(Hostile + "因", Hostile + "cause"),
                Kpis = [.. requirement.Kpis.Select(kpi => kpi with
                {
                    Cause = kpi.Cause is null ? null : new(Hostile + "因", Hostile + "cause"),
                    Result = kpi.Result with { Source = Hostile, Scope = kpi.Result.Scope.Length > 0 ? Hostile : "" },
                })],
            })],
        },
    };

    private static List<string> Tags(string html) => [.. Tag().Matches(html).Select(match => match.Value)];

    [GeneratedRegex("</?[a-z][a-z0-9]*")]
    private static partial Regex Tag();
}
