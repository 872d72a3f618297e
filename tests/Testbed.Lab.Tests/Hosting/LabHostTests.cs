using System.Diagnostics;

namespace Testbed.Lab.Tests.Hosting;

/// <summary>How the lab starts, ends and cleans up; each in real namespaces.</summary>
public sealed class LabHostTests
{
    private string _folder = "";

    [SetUp]
    public async Task Prepare()
    {
        await LabProcess.RequireAsync();
        _folder = Directory.CreateTempSubdirectory("lab-host").FullName;
    }

    [TearDown]
    public void Clean()
    {
        if (_folder.Length > 0) Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Streams_pass_through_and_the_exit_code_is_the_main_commands()
    {
        using LabProcess lab = LabProcess.Start(_folder, "read line; echo got $line; echo oops >&2; exit 7");
        await lab.Input.WriteLineAsync("hello");
        (int exitCode, string output, string errors) = await lab.EndAsync();
        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(7), errors);
            Assert.That(output, Is.EqualTo("got hello\n"));
            Assert.That(errors, Does.Contain("oops"));
            Assert.That(File.Exists(Path.Combine(_folder, "lab.yaml")));
        });
        Assert.That(await lab.LeftInTheEndAsync(), Is.Empty);
    }

    [Test]
    public async Task Every_kit_runs_in_its_namespace_and_is_stopped_at_the_end()
    {
        const string kit = "ls /sys/class/net > {kit}.new; mv {kit}.new {kit}; trap 'echo bye > {kit}.bye; exit' TERM;"
            + " while :; do sleep 0.1; done";
        using LabProcess lab = LabProcess.Start(
            _folder, "while [ $(ls kit-? kit-?? kit-??? 2>/dev/null | wc -l) -lt 5 ]; do sleep 0.1; done",
            "--kit-command", kit);
        (int exitCode, _, string errors) = await lab.EndAsync();
        Assert.That(exitCode, Is.Zero, errors);
        Assert.That(await lab.LeftInTheEndAsync(), Is.Empty);
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllText(_folder + "/kit-ue"), Does.Contain("ueA").And.Contain("ueB"));
            Assert.That(File.ReadAllText(_folder + "/kit-a"), Does.Contain("n3u").And.Contain("n4u"));
            Assert.That(File.ReadAllText(_folder + "/kit-dna"), Is.EqualTo("dn\nlo\n"));
            Assert.That(Directory.GetFiles(_folder, "*.bye"), Has.Length.EqualTo(5));
            Assert.That(errors, Does.Not.Contain("ended early"));
        });
    }

    [Test]
    public async Task A_kit_that_dies_early_is_noted_and_the_run_goes_on()
    {
        using LabProcess lab = LabProcess.Start(_folder, "sleep 1; exit 3", "--kit-command", "exit 5");
        (int exitCode, _, string errors) = await lab.EndAsync();
        Assert.That(exitCode, Is.EqualTo(3));
        Assert.That(errors, Does.Contain("kit-dnb ended early with exit code 5"));
    }

    [TestCase("TERM", 143)]
    [TestCase("INT", 130)]
    public async Task A_signal_reaches_the_main_command_which_decides_how_to_end(string signal, int expected)
    {
        using LabProcess lab = LabProcess.Start(
            _folder, $"trap 'exit {expected}' {signal}; touch up; while :; do sleep 0.1; done");
        await lab.WaitForFileAsync(_folder + "/up");
        using Process kill = Process.Start("kill", [$"-{signal}", $"{lab.Id}"]);
        (int exitCode, _, string errors) = await lab.EndAsync();
        Assert.That(exitCode, Is.EqualTo(expected), errors);
        Assert.That(await lab.LeftInTheEndAsync(), Is.Empty);
    }

    [Test]
    public async Task Killed_without_warning_the_lab_leaves_no_process_behind()
    {
        using LabProcess lab = LabProcess.Start(
            _folder, "trap '' TERM INT HUP; setsid sleep 300 & touch up; sleep 300", "--kit-command", "sleep 300");
        await lab.WaitForFileAsync(_folder + "/up");
        Assert.That(lab.Left(), Has.Length.GreaterThan(6), "the test must see what it says is gone");
        using Process kill = Process.Start("kill", ["-KILL", $"{lab.Id}"]);
        Assert.That(await lab.LeftInTheEndAsync(), Is.Empty);
    }

    [Test]
    public async Task No_namespace_of_the_lab_is_seen_outside()
    {
        using LabProcess lab = LabProcess.Start(_folder, "ls /run/netns > inside; touch up; sleep 300");
        await lab.WaitForFileAsync(_folder + "/up");
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllLines(_folder + "/inside"),
                Is.EqualTo(new[] { "core", "dna", "dnb", "gnb", "kit-a", "mec", "nef", "ue", "upf", "wan" }));
            Assert.That(File.Exists("/run/netns/kit-a"), Is.False);
        });
    }

    [Test]
    public async Task A_fault_that_does_not_exist_is_said_in_one_line()
    {
        using LabProcess lab = LabProcess.Start(_folder, "exit 0", "--fault", "no-such-fault");
        (int exitCode, _, string errors) = await lab.EndAsync();
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(errors, Does.StartWith("lab: unknown fault 'no-such-fault'").And.Not.Contain("   at "));
    }
}
