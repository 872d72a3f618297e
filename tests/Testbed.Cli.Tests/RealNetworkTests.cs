using System.Text.RegularExpressions;

namespace Testbed.Cli.Tests;

/// <summary>The claims of docs/real-network.md are read by people who have an hour: they must be right.</summary>
public sealed partial class RealNetworkTests
{
    private static IEnumerable<TestCaseData> Examples()
    {
        string page = File.ReadAllText(Path.Combine(Root(), "docs", "real-network.md"));
        int number = 0;
        foreach (Match example in Example().Matches(page))
            yield return new TestCaseData(example.Groups[1].Value).SetArgDisplayNames($"example {++number}");
    }

    [TestCaseSource(nameof(Examples))]
    public async Task Every_claim_on_the_page_passes_claim_lint(string claim)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("tb");
        try
        {
            string file = Path.Combine(folder.FullName, "lab.yaml");
            await File.WriteAllTextAsync(file, claim);
            Ended ended = await Cli.RunAsync("claim", "lint", file);
            Assert.That(ended.ExitCode, Is.Zero, ended.ToString);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public void The_page_has_all_three_examples() => Assert.That(Examples().Count(), Is.EqualTo(3));

    private static string Root()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Testbed.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }

    [GeneratedRegex("```yaml\\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
