using System.Globalization;
using System.Runtime.InteropServices;

namespace Testbed.Lab.Hosting;

/// <summary><c>Testbed.Lab inside</c>: process 1 of the lab's namespaces. Not meant to be called by people.</summary>
internal static class InsideCommand
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments.Length == 0
            || !int.TryParse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out int lifelineFd))
            throw new LabException("'inside' is started by 'host' only", ExitCodes.Usage);
        HostOptions options = HostOptions.Parse(arguments[1..]);
        await using LabHost host = new(options);
        Lifeline.Watch(lifelineFd, host.Told);
        // From a terminal the main command gets its own Ctrl-C; the lab must outlive it to take things down.
        using SignalForwarder signals = new(
            (PosixSignal.SIGINT, () => host.Interrupted()),
            (PosixSignal.SIGQUIT, static () => { }),
            (PosixSignal.SIGHUP, static () => { }),
            (PosixSignal.SIGTERM, () => host.Told(Lifeline.Terminate)));
        return await host.RunAsync();
    }
}
