using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Testbed.Cli.Tests;

public sealed partial class RunCommandTests
{
    private const int SigTerm = 15;
    private string _folder = null!;
    private string _claim = null!;

    [SetUp]
    public async Task MakeClaim()
    {
        _folder = Directory.CreateTempSubdirectory("tb").FullName;
        _claim = Path.Combine(_folder, "lab.yaml");
        Ended ended = await Cli.RunAsync("claim", "init", _claim, "--quiet");
        Assert.That(ended.ExitCode, Is.Zero, ended.ToString);
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task A_dry_run_prints_the_plan_and_leaves_nothing_behind()
    {
        Ended ended = await Cli.RunAsync(
            "run", _claim, "--plan", "quick", "--dry-run", "--json", "--out", Path.Combine(_folder, "o"));
        Assert.That(ended.ExitCode, Is.Zero, ended.ToString);
        using JsonDocument json = JsonDocument.Parse(ended.Out);
        Assert.That(json.RootElement.GetProperty("schema").GetString(), Is.EqualTo("testbed.plan/1"));
        Assert.That(Directory.Exists(Path.Combine(_folder, "o")), Is.False);
    }

    [TestCase("en", "planned traffic", "not done")]
    [TestCase("zh-CN", "计划的流量", "不执行")]
    public async Task A_dry_run_tells_target_rate_bytes_and_duration_of_what_it_would_send(
        string language, string title, string notDone)
    {
        string text = File.ReadAllText(_claim);
        File.WriteAllText(_claim, System.Text.RegularExpressions.Regex.Replace(
            text, "(?m)^consent:.*$", "consent: [load, scan]"));
        Ended ended = await Cli.RunAsync("run", _claim, "--plan", "quick", "--dry-run", "--lang", language);
        Assert.That(ended.ExitCode, Is.Zero, ended.ToString);
        Assert.That(ended.Out, Does.StartWith(title).And.Contains(notDone));
        Assert.That(ended.Out, Does.Match(@"(?m)^  core-scan-1 +kit\S* +10\.100\..* kbit/s +[0-9.]+ kB +[0-9]+ s$"));
        Assert.That(ended.Out, Does.Not.Contain("gtpu-mutants-1"));
    }

    [Test]
    public async Task A_pattern_that_fits_no_requirement_is_refused()
    {
        Ended ended = await Cli.RunAsync("run", _claim, "--only", "XYZ-*");
        Assert.That(ended.ExitCode, Is.EqualTo(2));
        Assert.That(ended.Error, Does.Contain("XYZ-*"));
    }

    [Test]
    public async Task A_profile_that_is_not_there_is_refused_with_those_that_are()
    {
        File.WriteAllText(_claim, File.ReadAllText(_claim).Replace("miit-2022-220@1", "miit-2022-220@9"));
        Ended ended = await Cli.RunAsync("run", _claim);
        Assert.That(ended.ExitCode, Is.EqualTo(2), ended.ToString);
        Assert.That(ended.Error, Does.Contain("miit-2022-220@1"));
    }

    [Test]
    public async Task A_socket_path_too_long_for_the_kernel_ends_with_4()
    {
        Ended ended = await Cli.RunAsync(
            "run", _claim, "--out", Path.Combine(_folder, "o"), "--socket", $"/tmp/{new string('x', 120)}");
        Assert.That(ended.ExitCode, Is.EqualTo(4), ended.ToString);
        Assert.That(ended.Error, Does.Contain("--socket"));
    }

    [Test]
    public async Task An_interrupted_run_ends_with_130_and_a_closed_journal()
    {
        string folder = Path.Combine(_folder, "o"), socket = Path.Combine(_folder, "s");
        using Process process = Cli.Start(Cli.Program, "run", _claim, "--out", folder, "--socket", socket);
        Stopwatch waited = Stopwatch.StartNew();
        while (!File.Exists(socket) && waited.Elapsed < TimeSpan.FromSeconds(30) && !process.HasExited)
            await Task.Delay(50);
        Assert.That(Kill(process.Id, SigTerm), Is.Zero);
        Ended ended = await Cli.EndAsync(process);
        Assert.That(ended.ExitCode, Is.EqualTo(130), ended.ToString);
        Assert.That(File.ReadLines(Path.Combine(folder, "journal.ndjson")).Last(), Does.Contain("RunAborted"));
        Assert.That(File.Exists(socket), Is.False);
    }

    [Test]
    public async Task An_agent_without_a_server_address_that_makes_sense_ends_with_2()
    {
        Ended ended = await Cli.RunAsync("agent", "run", "--kit", "kit-a", "--connect", "nonsense");
        Assert.That(ended.ExitCode, Is.EqualTo(2), ended.ToString);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
