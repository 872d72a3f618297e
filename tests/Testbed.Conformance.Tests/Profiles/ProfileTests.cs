using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Profiles;

namespace Testbed.Conformance.Tests.Profiles;

public class ProfileTests
{
    private const string Path = "profiles/miit-2022-220.yaml";
    private static readonly Profile Profile = ProfileCatalogue.Find("miit-2022-220@1")!;

    [Test]
    public void The_built_in_profile_is_the_file_in_the_repository()
    {
        byte[] bytes = File.ReadAllBytes(System.IO.Path.Combine(Repository.Root, Path));
        Assert.That(Profile.Digest, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(bytes))));
        ProfileReadResult read = ProfileReader.Read(System.IO.Path.Combine(Repository.Root, Path));
        Assert.That(read.Errors, Is.Empty);
        Assert.That(read.Profile!.Reference, Is.EqualTo("miit-2022-220@1"));
        Assert.That(ProfileCatalogue.Find("miit-2022-220@9"), Is.Null);
    }

    [Test]
    public void Every_requirement_of_the_catalogue_stands_in_it_once()
    {
        Assert.That(Profile.Requirements.Select(r => r.Id), Is.Unique);
        Assert.That(Profile.Requirements.GroupBy(r => r.Group).Select(g => $"{g.Key} {g.Count()}"), Is.EqualTo(new[]
            { "KIT 4", "E2E 9", "SLC 8", "EDG 7", "EXP 9", "SCN 10", "SEC 8" }));
    }

    [Test]
    public void What_is_judged_is_what_this_version_measures() =>
        Assert.That(Profile.Requirements.Where(r => r.Judged).Select(r => r.Id), Is.EqualTo(new[]
        {
            "KIT-001", "KIT-002", "KIT-003", "KIT-004", "E2E-001", "E2E-002", "E2E-003", "E2E-004", "E2E-005",
            "E2E-006", "E2E-007", "E2E-008", "E2E-009", "SLC-001", "SLC-002", "SLC-003", "SLC-004", "SLC-005",
            "SLC-006", "SLC-007", "SLC-008",
            "EDG-001", "EDG-002", "EDG-003", "EDG-004", "EDG-005", "EDG-006", "EDG-007",
            "EXP-001", "EXP-002", "EXP-003", "EXP-004", "EXP-005", "EXP-006", "EXP-007", "EXP-008", "EXP-009",
            "SCN-BW-001", "SCN-BW-002", "SCN-DEN-001", "SCN-DEN-002",
            "SCN-LAT-001", "SCN-LAT-002", "SCN-LAT-003", "SCN-REL-001", "SCN-REL-002", "SCN-000",
            "SEC-001", "SEC-002", "SEC-003", "SEC-004", "SEC-005", "SEC-006", "SEC-007", "SEC-008",
        }));

    [Test]
    public void Every_text_stands_in_both_languages()
    {
        foreach (Requirement requirement in Profile.Requirements)
        {
            foreach (LocalText text in new[] { requirement.Title, requirement.Explanation, requirement.Remedy }
                .Concat(requirement.Kpis.Select(k => k.Name)))
            {
                Assert.That(text.Zh, Does.Match(@"\p{IsCJKUnifiedIdeographs}|Response|Indication"), requirement.Id);
                Assert.That(text.En, Does.Not.Match(@"\p{IsCJKUnifiedIdeographs}"), requirement.Id);
            }
        }
    }

    [Test]
    public void Every_number_says_where_it_comes_from()
    {
        foreach (KpiRule rule in Profile.Requirements.SelectMany(r => r.Kpis))
        {
            if (rule.Limit is not null) Assert.That(rule.Source?.Zh, Is.Not.Null.And.Not.Empty, rule.Id);
            if (rule.Floor is not null) Assert.That(rule.FloorSource?.Zh, Is.Not.Null.And.Not.Empty, rule.Id);
            foreach (LocalText origin in new[] { rule.Source, rule.FloorSource }.OfType<LocalText>())
                Assert.That(origin.En, Does.Not.Match(@"\p{IsCJKUnifiedIdeographs}"), rule.Id);
        }
    }

    [Test]
    public void Every_judged_figure_is_in_the_table_of_the_architecture()
    {
        string table = Repository.ReadText("docs/architecture.md");
        foreach (KpiRule rule in Profile.Requirements.SelectMany(r => r.Kpis))
            Assert.That(table, Does.Match($@"(\| |, ){Regex.Escape(rule.Id)}( \||,)"), rule.Id);
    }

    [Test]
    public void Every_figure_has_a_name_on_paper()
    {
        foreach (KpiRule rule in Profile.Requirements.SelectMany(r => r.Kpis))
            Assert.That(Conformance.Reports.KpiNames.Of(rule.Id).En, Is.Not.EqualTo(rule.Id));
    }

    [TestCase("rule: at-most, limit: \"0.1\"", "rule: at-mst, limit: \"0.1\"", "requirements[0].kpis[0].rule")]
    [TestCase("limit: \"0.1\"", "limit: 10%", "requirements[0].kpis[0].limit")]
    [TestCase(", source: {zh: 本准则：测量不确定度不超过限值的十分之一, "
        + "en: \"this profile: an uncertainty of at most a tenth of the limit\"}", "",
        "requirements[0].kpis[0].source")]
    [TestCase(", en: \"this profile: an uncertainty of at most a tenth of the limit\"}", "}",
        "requirements[0].kpis[0].source.en")]
    [TestCase("failNeeds: [KIT-004]", "failNeeds: [KIT-044]", "requirements[20].kpis[0].failNeeds[0]")]
    [TestCase("needs: [any-endpoint]", "needs: [n33]", "requirements[0].needs[0]")]
    [TestCase("id: KIT-002", "id: KIT-001", "requirements[1].id")]
    [TestCase("missed: Inconclusive", "missed: Pass", "requirements[0].kpis[0].missed")]
    [TestCase("testbed.profile/1", "testbed.profile/2", "schema")]
    [TestCase("explain:", "explian:", "requirements[0].explain")]
    public void A_fault_in_a_profile_is_named_with_its_key(string right, string wrong, string key)
    {
        string text = Repository.ReadText(Path);
        int at = text.IndexOf(right, text.IndexOf("schema:", StringComparison.Ordinal), StringComparison.Ordinal);
        ProfileReadResult result = ProfileReader.Parse(text[..at] + wrong + text[(at + right.Length)..], "p.yaml");
        Assert.That(result.Profile, Is.Null);
        Assert.That(result.Errors.Select(e => e.Key), Does.Contain(key), string.Join('\n', result.Errors));
    }

    [Test]
    public void The_template_of_a_claim_reads_as_it_stands()
    {
        ClaimReadResult result = ClaimReader.Parse(ClaimTemplate.Create(), "lab.yaml");
        Assert.That(result.Errors, Is.Empty);
        Assert.That(ProfileCatalogue.Find(result.Claim!.Profile), Is.Not.Null);
    }
}
