using System.Text.Json;

namespace Testbed.Cli.Tests;

public sealed class CommandLineTests
{
    [Test]
    public async Task The_version_is_one_line_on_stdout()
    {
        Ended ended = await Cli.RunAsync("--version");
        Assert.That(ended.ExitCode, Is.Zero);
        Assert.That(ended.Out, Does.Match(@"^testbed \d+\.\d+\.\d+ \([0-9a-z]+\)\n$"));
        Assert.That(ended.Error, Is.Empty);
    }

    [TestCase]
    [TestCase("run")]
    [TestCase("nonsense")]
    [TestCase("run", "lab.yaml", "--plan", "medium")]
    [TestCase("doctor", "--nonsense")]
    [TestCase("--lang", "fr", "doctor")]
    [TestCase("agent", "run", "--kit", "kit-a")]
    [TestCase("capture", "-i", "lo", "--tap", "n7", "-w", "x.pcapng")]
    public async Task A_wrong_command_line_ends_with_2_and_says_where_help_is(params string[] arguments)
    {
        Ended ended = await Cli.RunAsync(arguments);
        Assert.That(ended.ExitCode, Is.EqualTo(2), ended.ToString);
        Assert.That(ended.Error, Does.Contain("--help"));
        Assert.That(ended.Out, Is.Empty);
    }

    [TestCase("run")]
    [TestCase("analyze")]
    [TestCase("capture")]
    [TestCase("respond")]
    [TestCase("probe", "stamp")]
    [TestCase("probe", "capacity")]
    [TestCase("claim", "lint")]
    [TestCase("doctor")]
    [TestCase("explain")]
    [TestCase("agent", "run")]
    public async Task Every_command_explains_itself(params string[] command)
    {
        Ended ended = await Cli.RunAsync([.. command, "--help"]);
        Assert.That(ended.ExitCode, Is.Zero, ended.ToString);
        Assert.That(ended.Out, Does.Contain($"testbed {string.Join(' ', command)}"));
    }

    [Test]
    public async Task The_doctor_gives_each_check_a_name_a_verdict_and_a_remedy_where_one_is_needed()
    {
        Ended ended = await Cli.RunAsync("doctor", "--json");
        Assert.That(ended.ExitCode, Is.AnyOf(0, 4), ended.ToString);
        using JsonDocument json = JsonDocument.Parse(ended.Out);
        JsonElement[] checks = [.. json.RootElement.GetProperty("checks").EnumerateArray()];
        Assert.That(checks.Select(check => check.GetProperty("id").GetString()), Is.EquivalentTo(new[]
        {
            "libpcap", "privilege", "user-namespaces", "clock", "time-stamping", "cores", "disk",
        }));
        foreach (JsonElement check in checks.Where(check => !check.GetProperty("ok").GetBoolean()))
            Assert.That(check.GetProperty("remedy").GetString(), Is.Not.Empty);
        bool needsAll = checks.All(check =>
            check.GetProperty("ok").GetBoolean() || !check.GetProperty("needed").GetBoolean());
        Assert.That(ended.ExitCode, Is.EqualTo(needsAll ? 0 : 4));
    }

    [Test]
    public async Task Explain_lists_every_requirement_and_tells_one_in_the_language_asked_for()
    {
        Ended list = await Cli.RunAsync("explain");
        Assert.That(list.Out.Split('\n'), Has.Length.GreaterThan(50));
        Ended one = await Cli.RunAsync("explain", "e2e-004", "--lang", "zh-CN");
        Assert.That(one.Out, Does.Contain("测试报文经由真实路径").And.Contain("path-proof-ratio"));
        Ended unknown = await Cli.RunAsync("explain", "E2E-999");
        Assert.That(unknown.ExitCode, Is.EqualTo(2));
    }

    [Test]
    public async Task Without_a_terminal_nothing_is_coloured()
    {
        Ended ended = await Cli.RunAsync("explain");
        Assert.That(ended.Out, Does.Not.Contain("\e["));
    }

    [Test]
    public async Task Capturing_without_the_privilege_ends_with_4_and_the_command_that_grants_it()
    {
        string file = Path.Combine(Path.GetTempPath(), $"testbed-{Guid.NewGuid():n}.pcapng");
        if (await Cli.RunAsNobodyAsync("capture", "-i", "lo", "--tap", "n3", "-a", "duration:1", "-w", file)
            is not { } ended)
        {
            Assert.Ignore("this machine cannot run the command as a user without capabilities");
            return;
        }
        Assert.That(ended.ExitCode, Is.EqualTo(4), ended.ToString);
        Assert.That(ended.Error, Does.Contain("setcap cap_net_raw").And.Not.Contain("readlink -f ./testbed"),
            "capabilities of a script grant nothing");
        Assert.That(File.Exists(file), Is.False);
    }

    [Test]
    public void A_defect_of_ours_is_one_line_and_a_file()
    {
        using StringWriter error = new();
        int code = Failure.Report(new InvalidOperationException("made up"), "en", error, CancellationToken.None);
        Assert.That(code, Is.EqualTo(70));
        string[] lines = error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(1));
        string file = lines[0].Split(" in ")[1].Split(',')[0];
        Assert.That(File.ReadAllText(file), Does.Contain("made up"));
        File.Delete(file);
    }

    [Test]
    public void An_interruption_is_130()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        using StringWriter error = new();
        Assert.That(Failure.Report(new OperationCanceledException(), "en", error, source.Token), Is.EqualTo(130));
    }
}
