using System.Diagnostics;
using System.Runtime.InteropServices;
using Testbed.Lab.Faults;
using Testbed.Lab.Native;

namespace Testbed.Lab.Hosting;

/// <summary>
/// <c>Testbed.Lab host</c>: starts the same program again as process 1 of new user, mount, network and process
/// namespaces, and stands before it. When either of the two dies, by kill -9 too, nothing of the lab is left.
/// </summary>
internal static class HostCommand
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        HostOptions options = HostOptions.Parse(arguments);
        FaultCatalogue.Select(options.Faults);
        await Preflight.CheckAsync();
        using Lifeline lifeline = Lifeline.Open();
        using Process inside = Process.Start(StartInfo(lifeline, arguments))
            ?? throw new LabException("cannot start unshare");
        lifeline.CloseReadEnd();
        using IDisposable signals = Forward(lifeline);
        await inside.WaitForExitAsync();
        return inside.ExitCode;
    }

    private static ProcessStartInfo StartInfo(Lifeline lifeline, string[] arguments)
    {
        ProcessStartInfo start = new("unshare");
        foreach (string flag in Preflight.UnshareFlags) start.ArgumentList.Add(flag);
        start.ArgumentList.Add("--");
        string self = Environment.ProcessPath ?? "dotnet";
        start.ArgumentList.Add(self);
        // Under `dotnet Testbed.Lab.dll` the process is dotnet and the program its first argument.
        if (Path.GetFileNameWithoutExtension(self) == "dotnet")
            start.ArgumentList.Add(typeof(HostCommand).Assembly.Location);
        start.ArgumentList.Add("inside");
        start.ArgumentList.Add($"{lifeline.ReadFd}");
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }

    private static SignalForwarder Forward(Lifeline lifeline) => new(
        (PosixSignal.SIGTERM, () => lifeline.Tell(Lifeline.Terminate)),
        (PosixSignal.SIGHUP, () => lifeline.Tell(Lifeline.Terminate)),
        (PosixSignal.SIGINT, () =>
        {
            // Ctrl-C reaches the whole foreground group, so the main command has it already.
            if (!IsInForeground()) lifeline.Tell(Lifeline.Interrupt);
        }),
        ((PosixSignal)LinuxConstants.SignalUser1, () => lifeline.Tell(Lifeline.WriteLedger)));

    private static bool IsInForeground()
    {
        int foreground = Libc.ForegroundGroup(0);
        return foreground > 0 && foreground == Libc.ProcessGroup();
    }
}
