using System.Diagnostics;
using Testbed.Lab.Hosting;

namespace Testbed.Lab.Tests.Hosting;

/// <summary>Runs the lab as a user would: its executable, with a script as main command.</summary>
internal sealed class LabProcess : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    /// <summary>Stands in the environment of everything that this lab starts.</summary>
    private const string Mark = "TESTBED_LAB_TEST_MARK";

    private readonly string _mark = Guid.NewGuid().ToString("N");
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private LabProcess(string folder, string script, string[] options)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "Testbed.Lab"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (string argument in (string[])
            ["host", "--claim-out", Path.Combine(folder, "lab.yaml"), .. options, "--", "sh", "-c", script])
            start.ArgumentList.Add(argument);
        start.Environment[Mark] = _mark;
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;
    public StreamWriter Input => _process.StandardInput;

    public static LabProcess Start(string folder, string script, params string[] options) =>
        new(folder, script, options);

    /// <summary>Skips the test, with the reason, where the system gives no namespaces or lacks a tool.</summary>
    public static async Task RequireAsync(params string[] tools)
    {
        try
        {
            await Preflight.CheckAsync();
        }
        catch (LabException exception)
        {
            Assert.Ignore(exception.Message);
        }
        foreach (string tool in tools)
            if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(folder + "/" + tool)))
                Assert.Ignore(tool + " is not installed");
    }

    public async Task<(int ExitCode, string Output, string Errors)> EndAsync()
    {
        using CancellationTokenSource timeout = new(Deadline);
        await _process.WaitForExitAsync(timeout.Token);
        return (_process.ExitCode, await _output, await _errors);
    }

    /// <summary>Waits for a file that the main command writes.</summary>
    public async Task WaitForFileAsync(string path)
    {
        using CancellationTokenSource timeout = new(Deadline);
        while (!File.Exists(path)) await Task.Delay(20, timeout.Token);
    }

    /// <summary>Processes, inside or outside, that were started by this lab and still live.</summary>
    public int[] Left()
    {
        List<int> left = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out int id)) continue;
            try
            {
                if (File.ReadAllText(folder + "/environ").Contains($"{Mark}={_mark}", StringComparison.Ordinal))
                    left.Add(id);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It ended meanwhile, or is none of ours.
            }
        }
        return [.. left];
    }

    public async Task<int[]> LeftInTheEndAsync()
    {
        for (int i = 0; i < 250 && Left().Length > 0; i++) await Task.Delay(20);
        return Left();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
