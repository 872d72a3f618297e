using System.Text.RegularExpressions;

namespace Testbed.Cli.Tests;

public sealed class ClaimCommandTests
{
    private string _folder = null!;
    private string _file = null!;
    private string _template = null!;

    [OneTimeSetUp]
    public async Task MakeTemplate() => _template = (await Cli.RunAsync("claim", "init")).Out;

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("tb").FullName;
        _file = Path.Combine(_folder, "lab.yaml");
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task The_template_is_a_correct_claim()
    {
        File.WriteAllText(_file, _template);
        Ended ended = await Cli.RunAsync("claim", "lint", _file);
        Assert.That(ended.ExitCode, Is.Zero, ended.ToString);
    }

    [Test]
    public async Task Init_never_writes_over_a_file()
    {
        File.WriteAllText(_file, "mine");
        Ended ended = await Cli.RunAsync("claim", "init", _file);
        Assert.That(ended.ExitCode, Is.EqualTo(2));
        Assert.That(File.ReadAllText(_file), Is.EqualTo("mine"));
    }

    [Test]
    public async Task Show_prints_what_was_understood()
    {
        File.WriteAllText(_file, _template);
        Ended ended = await Cli.RunAsync("claim", "show", _file, "--lang", "zh-CN");
        Assert.That(ended.ExitCode, Is.Zero, ended.ToString);
        Assert.That(ended.Out, Does.Contain("切片").And.Contain("采集点"));
    }

    [TestCase(@"^schema:.*$", "schema: testbed.claim/1\nnonsense: 1", "nonsense")]
    [TestCase("areaKm2: \"[^\"]*\"", "areaKm2: \"0.02 km2\"", "areaKm2")]
    [TestCase("sd: \"000001\"", "sd: \"00000G\"", "sd")]
    public async Task A_fault_is_told_with_its_line_key_expectation_and_example(string find, string put, string key)
    {
        string wrong = new Regex(find, RegexOptions.Multiline).Replace(_template, put, 1);
        Assert.That(wrong, Is.Not.EqualTo(_template), "the template no longer has what this test breaks");
        await AssertFaultAsync(wrong, key);
    }

    [Test]
    public async Task Pools_of_two_slices_that_overlap_are_told()
    {
        MatchCollection pools = Regex.Matches(_template, @"uePools: \[([^\]]+)\]");
        Assert.That(pools, Has.Count.GreaterThanOrEqualTo(2));
        string wrong = _template.Replace(pools[1].Value, pools[0].Value);
        await AssertFaultAsync(wrong, "uePools");
    }

    [Test]
    public async Task A_run_refuses_the_same_faults_before_it_does_anything()
    {
        File.WriteAllText(_file, "schema: testbed.claim/1\n");
        string folder = Path.Combine(_folder, "out");
        Ended ended = await Cli.RunAsync("run", _file, "--plan", "quick", "--out", folder);
        Assert.That(ended.ExitCode, Is.EqualTo(2), ended.ToString);
        Assert.That(Directory.Exists(folder), Is.False);
    }

    [Test]
    public async Task A_claim_that_is_not_there_is_named()
    {
        Ended ended = await Cli.RunAsync("claim", "lint", _file);
        Assert.That(ended.ExitCode, Is.EqualTo(2));
        Assert.That(ended.Error, Does.Contain(_file));
    }

    [Test]
    public async Task A_draft_from_captures_marks_guesses_and_lint_names_what_is_left()
    {
        string captures = Path.Combine(SharedCaptures(), "open5gs", "1-baseline");
        Ended drafted = await Cli.RunAsync("claim", "init", _file, "--from", Path.Combine(captures, "n3.pcap"),
            Path.Combine(captures, "n4-pfcp.pcap"), Path.Combine(captures, "n6a.pcap"));
        Assert.That(drafted.ExitCode, Is.Zero, drafted.ToString);
        Assert.That(drafted.Error, Does.Contain("n4-pfcp.pcap: n4").And.Contain("guesses to check"));
        string[] lines = File.ReadAllLines(_file);
        Assert.That(lines, Has.Some.Match(@"n3: \[10\.100\.3\.1\]  # 猜测 GUESS \(pfcp\)"));
        Ended lint = await Cli.RunAsync("claim", "lint", _file);
        Assert.That(lint.ExitCode, Is.EqualTo(2), lint.ToString);
        IEnumerable<string> named =
            Regex.Matches(lint.Error, @"lab\.yaml:(\d+):").Select(match => match.Groups[1].Value);
        IEnumerable<string> open = Enumerable.Range(1, lines.Length)
            .Where(line => lines[line - 1].Contains("FILL IN") && !lines[line - 1].StartsWith('#'))
            .Select(line => line.ToString());
        Assert.That(named.Distinct(), Is.EquivalentTo(open), lint.ToString);
    }

    [Test]
    public async Task A_draft_from_a_file_that_is_no_capture_names_it()
    {
        File.WriteAllText(_file, "these are notes");
        Ended ended = await Cli.RunAsync("claim", "init", "--from", _file);
        Assert.That(ended.ExitCode, Is.EqualTo(2));
        Assert.That(ended.Error, Does.Contain(_file).And.Contain("no capture"));
        Assert.That(ended.Out, Is.Empty);
    }

    private static string SharedCaptures()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Testbed.sln"))) folder = Path.GetDirectoryName(folder)!;
        string captures = Path.Combine(Path.GetDirectoryName(folder)!, "shared", "captures");
        if (!Directory.Exists(captures)) Assert.Ignore("the captures with known answers are not here");
        return captures;
    }

    private async Task AssertFaultAsync(string claim, string key)
    {
        File.WriteAllText(_file, claim);
        Ended ended = await Cli.RunAsync("claim", "lint", _file);
        Assert.That(ended.ExitCode, Is.EqualTo(2), ended.ToString);
        string line = ended.Error.Split('\n').FirstOrDefault(each => each.Contains(key)) ?? "";
        Assert.That(line, Does.Match($@"^{Regex.Escape(_file)}:\d+:\d+: .*{key}.*: expected .+, got .+"),
            ended.ToString);
        Assert.That(ended.Error, Does.Contain("example"));
    }
}
