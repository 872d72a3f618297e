using System.Text.RegularExpressions;

namespace Testbed.Tidy.Tests;

public sealed partial class DocumentTests
{
    [Test]
    public void Every_link_in_the_docs_leads_somewhere()
    {
        List<string> broken = [];
        foreach (string file in Repository.Files("*.md"))
            foreach (Match link in Link().Matches(File.ReadAllText(file)))
            {
                string target = link.Groups[1].Value.Split('#')[0];
                if (target.Length == 0 || target.Contains("://", StringComparison.Ordinal)) continue;
                if (!Path.Exists(Path.Combine(Path.GetDirectoryName(file)!, target)))
                    broken.Add($"{Repository.Relative(file)}: {target}");
            }
        Assert.That(broken, Is.Empty);
    }

    [Test]
    public void Every_judged_requirement_has_a_test_of_the_same_name()
    {
        string profile = File.ReadAllText(Path.Combine(Repository.Root, "profiles", "miit-2022-220.yaml"));
        string[] judged = [.. JudgedRequirement().Matches(profile).Select(match => match.Groups[1].Value)];
        Assert.That(judged, Has.Length.GreaterThan(20));
        string tests = string.Concat(Repository.Files("*.cs", "tests").Select(File.ReadAllText));
        IEnumerable<string> untested = judged.Where(id =>
            !tests.Contains(id.Replace('-', '_') + "_", StringComparison.Ordinal)
            && !tests.Contains($"\"{id}\"", StringComparison.Ordinal));
        Assert.That(untested, Is.Empty);
    }

    [Test]
    public void Both_readmes_show_the_same_commands()
    {
        Assert.That(Commands("README.zh-CN.md"), Is.EqualTo(Commands("README.md")));
    }

    private static string[] Commands(string file)
        => [.. Command().Matches(File.ReadAllText(Path.Combine(Repository.Root, file)))
            .Select(match => match.Value.Trim())];

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    // From one id to the next, so that the mark belongs to the id before it.
    [GeneratedRegex(
        @"^\s*- id: ([A-Z0-9]+(?:-[A-Z]+)?-\d{3})\s*$(?:(?!^\s*- id: [A-Z]).)*?^\s*judged: true",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex JudgedRequirement();

    [GeneratedRegex(@"^\./testbed [^#\n]*", RegexOptions.Multiline)]
    private static partial Regex Command();
}
