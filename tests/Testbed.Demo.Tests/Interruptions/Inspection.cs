using System.Diagnostics;
using System.Text.Json;

namespace Testbed.Demo.Tests.Interruptions;

/// <summary>One <c>testbed run</c> at a site, as far as it gets.</summary>
internal sealed class Inspection : IDisposable
{
    private static readonly TimeSpan PhaseWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(120);

    private readonly string _folder;
    private readonly Process _process;
    private readonly StringBuilderWriter _said = new();

    /// <param name="only">Patterns of requirements, with blanks between.</param>
    public Inspection(LabSite site, string folder, string only)
    {
        _folder = folder;
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        ProcessStartInfo start = new("dotnet")
        {
            RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = Launcher.Root,
        };
        foreach (string argument in (string[])
            [
                LabSite.Product, "run", site.Claim, "--plan", "quick", "--lang", "en", "--out", folder, "--socket",
                site.Socket, .. only.Split(' ').SelectMany(pattern => (string[])["--only", pattern]),
            ]) start.ArgumentList.Add(argument);
        _process = Process.Start(start) ?? throw new InvalidOperationException("could not start the inspection");
        _process.ErrorDataReceived += (_, line) => _said.Add(line.Data);
        _process.OutputDataReceived += (_, line) => _said.Add(line.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public int Id => _process.Id;
    public string Said => _said.ToString();

    /// <summary>Waits for the phase and then a little.</summary>
    public async Task ReachAsync(string phase, TimeSpan into)
    {
        await Waiting.UntilAsync(
            () => Journal().Any(entry => entry.Kind == "PhaseStarted" && Word(entry.Data, "phase") == phase)
                || _process.HasExited,
            PhaseWithin, () => $"{phase} was not reached\n{Said}");
        if (_process.HasExited) throw new InvalidOperationException($"it ended before {phase}\n{Said}");
        await Task.Delay(into);
    }

    /// <summary>Kinds and kits of tasks that were running, captures aside.</summary>
    public IReadOnlyList<(string Kind, string Kit)> Running()
    {
        IReadOnlyList<(string Kind, JsonElement Data)> journal = Journal();
        HashSet<string> done = [.. journal.Where(entry => entry.Kind == "TaskDone")
            .Select(entry => Word(entry.Data, "taskId"))];
        return [.. journal.Where(entry => entry.Kind == "TaskStarted"
                && !done.Contains(Word(entry.Data, "taskId")))
            .Select(entry => (Word(entry.Data, "taskKind"), Word(entry.Data, "kit")))
            .Where(task => task.Item1 != "capture")];
    }

    /// <summary>The exit code.</summary>
    public async Task<int> EndAsync()
    {
        using CancellationTokenSource patience = new(EndWithin);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    // The last line may be half written.
    private List<(string Kind, JsonElement Data)> Journal()
    {
        string path = Path.Combine(_folder, "journal.ndjson");
        List<(string, JsonElement)> entries = [];
        if (!File.Exists(path)) return entries;
        using StreamReader reader = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        foreach (string line in reader.ReadToEnd().Split('\n').SkipLast(1))
        {
            using JsonDocument entry = JsonDocument.Parse(line);
            entries.Add((Word(entry.RootElement, "kind"), entry.RootElement.GetProperty("data").Clone()));
        }
        return entries;
    }

    private static string Word(JsonElement entry, string name) => entry.GetProperty(name).GetString()!;

    public void Dispose()
    {
        if (!_process.HasExited) ProcessTable.Signal(Id, ProcessTable.Kill);
        _process.Dispose();
    }
}
