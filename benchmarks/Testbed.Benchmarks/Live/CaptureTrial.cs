using System.Diagnostics;
using System.Text;
using Testbed.Wire.Files;

namespace Testbed.Benchmarks.Live;

/// <summary>One tool, one rate, and where every frame went.</summary>
/// <param name="InFile">Frames in the file that it wrote.</param>
/// <param name="Kernel">Dropped by the kernel, as the tool says.</param>
/// <param name="Interface">Dropped by the interface, as the kernel's own counters say.</param>
internal sealed record Account(long Sent, double Rate, long InFile, long Kernel, long Interface, CpuTime Cpu)
{
    public bool IsLossless => InFile == Sent;
    public bool AddsUp => InFile + Kernel + Interface == Sent;
}

/// <summary>Processor time of a process, seconds.</summary>
internal readonly record struct CpuTime(double User, double System)
{
    public static CpuTime operator -(CpuTime a, CpuTime b) => new(a.User - b.User, a.System - b.System);
}

/// <summary>Starts a capture, sends, stops it, and counts.</summary>
internal sealed class CaptureTrial(VethPair wire, IReadOnlyList<byte[]> frames, int senders)
{
    private const int PatienceMs = 20_000;
    /// <remarks>tcpdump lets the kernel gather for a second, and leaves what is gathered when it is stopped.</remarks>
    private const int SettleMs = 1_500;

    public async Task<Account> RunAsync(CaptureTool tool, double rate, double seconds)
    {
        File.Delete(tool.File);
        ProcessStartInfo start = new("nsenter", [.. wire.Enter, .. tool.Command])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        };
        StringBuilder said = new();
        using ManualResetEventSlim ready = new();
        using Process process = new() { StartInfo = start };
        process.OutputDataReceived += Hear;
        process.ErrorDataReceived += Hear;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!ready.Wait(PatienceMs)) throw Broken(process, tool, said);
        (_, long droppedBefore) = wire.ReceiverCounters();
        CpuTime cpuBefore = CpuOf(process);
        Sent sent = FrameSender.Run(VethPair.Sender, frames, (long)(rate * seconds), rate, senders);
        await Task.Delay(SettleMs);
        CpuTime cpu = CpuOf(process) - cpuBefore;
        using (Process kill = Process.Start("kill", ["-INT", $"{process.Id}"])) kill.WaitForExit();
        if (!process.WaitForExit(PatienceMs)) throw Broken(process, tool, said);
        process.WaitForExit();
        (_, long droppedAfter) = wire.ReceiverCounters();
        OwnAccount own;
        lock (said) own = tool.Read(said.ToString());
        return new(
            sent.Frames, sent.Rate, FramesIn(tool.File), own.DroppedByKernel, droppedAfter - droppedBefore, cpu);

        void Hear(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is null) return;
            lock (said) said.AppendLine(line.Data);
            if (line.Data.Contains(tool.Ready, StringComparison.Ordinal)) ready.Set();
        }
    }

    private static BenchException Broken(Process process, CaptureTool tool, StringBuilder said)
    {
        if (!process.HasExited) process.Kill();
        lock (said) return new($"{tool.Name} did not start or end in time: {said}");
    }

    private static CpuTime CpuOf(Process process)
    {
        try
        {
            process.Refresh();
            return new(process.UserProcessorTime.TotalSeconds, process.PrivilegedProcessorTime.TotalSeconds);
        }
        catch (InvalidOperationException)
        {
            return default;
        }
    }

    private static long FramesIn(string path)
    {
        using CaptureFileSource source = CaptureFile.Open(path);
        while (source.TryRead(out _))
        {
            // Counting is all.
        }
        return source.FrameCount;
    }
}
