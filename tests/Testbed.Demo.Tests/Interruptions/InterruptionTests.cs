using System.Text.Json;

namespace Testbed.Demo.Tests.Interruptions;

/// <summary>Ctrl-C in the middle: what was measured stays, and nothing goes on running.</summary>
public sealed class InterruptionTests
{
    [Test]
    public async Task Ctrl_C_takes_the_lab_down_and_leaves_a_whole_journal()
    {
        string folder = Path.Combine(Launcher.Root, "artifacts", "demos", "interrupted");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        // setsid gives the demo a process group of its own, as a terminal would; the interrupt goes to all of it.
        string script = $"""
            trap - INT; set -m
            setsid --wait ./testbed demo --out {folder} & demo=$!
            for i in $(seq 60); do sleep 1; grep -qs '"PhaseStarted"' {folder}/journal.ndjson && break; done
            sleep 4
            kill -INT -- -$(pgrep -P $demo)
            wait $demo; echo "ended with $?"
            sleep 1; echo "left: $(ps -eo comm,args | awk '$1 == "dotnet" && index($0, "{folder}")' | wc -l)"
            """;
        CommandResult result = await Launcher.RunAsync("bash", TimeSpan.FromMinutes(3), "-c", script);
        Assert.That(result.Output, Does.Contain("ended with 130").And.Contain("left: 0"), result.ToString);
        string[] journal = await File.ReadAllLinesAsync(Path.Combine(folder, "journal.ndjson"));
        string[] kinds = [.. journal.Select(KindOf)];
        Assert.That(kinds, Does.Contain("RunAborted").And.Not.Contain("RunEnded"));
        Assert.That(Directory.GetFiles(Path.Combine(folder, "captures"), "*.pcapng", SearchOption.AllDirectories),
            Is.Not.Empty, "what the captures held comes in before the end");
    }

    private static string KindOf(string line)
    {
        using JsonDocument entry = JsonDocument.Parse(line);
        return entry.RootElement.GetProperty("kind").GetString()!;
    }
}
