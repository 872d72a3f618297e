using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Testbed.Benchmarks.Ladder;

/// <summary>What one run of a command cost, its start included.</summary>
/// <param name="CpuSeconds">User and system time of it and its children.</param>
/// <param name="PeakKiB">Largest resident set of any one of its processes.</param>
internal sealed record ProcessCost(double Seconds, double CpuSeconds, long PeakKiB, int ExitCode);

/// <summary>
/// Runs a command under GNU time, which is small: measured as our own child, a command would inherit our resident
/// set as its peak. Output goes to files, so that nobody waits for us to read.
/// </summary>
internal sealed class ProcessMeter(string folder)
{
    private const string Time = "/usr/bin/time";

    public string OutputPath { get; } = Path.Combine(folder, "stdout");
    public string ErrorPath { get; } = Path.Combine(folder, "stderr");

    public static bool IsAvailable => File.Exists(Time);

    /// <exception cref="BenchException">The command cannot be started.</exception>
    public ProcessCost Run(IReadOnlyList<string> command, bool keepOutput)
    {
        string usage = Path.Combine(folder, "usage");
        ProcessStartInfo start = new("/bin/sh");
        foreach (string word in (IEnumerable<string>)["-c", "out=$1 err=$2; shift 2; exec \"$@\" >\"$out\" 2>\"$err\"",
            "sh", keepOutput ? OutputPath : "/dev/null", ErrorPath, Time, "-q", "-f", "%U %S %M", "-o", usage, "--",
            .. command])
            start.ArgumentList.Add(word);
        try
        {
            long started = Stopwatch.GetTimestamp();
            using Process process = Process.Start(start)!;
            process.WaitForExit();
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            string[] figures = File.ReadAllLines(usage)[^1].Split(' ');
            return new(seconds, Number(figures[0]) + Number(figures[1]), (long)Number(figures[2]), process.ExitCode);
        }
        catch (Exception broken) when (broken is Win32Exception or IOException or FormatException)
        {
            throw new BenchException($"{string.Join(' ', command)}: cannot be measured: {broken.Message}");
        }
    }

    /// <summary>The last lines that the command said on standard error.</summary>
    public string LastError() => string.Join("; ", File.ReadLines(ErrorPath).TakeLast(3));

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
