using Testbed.Cli.Output;
using Testbed.Probes;

namespace Testbed.Cli.Probing;

/// <summary>The doors of a probe that somebody runs by hand: records go to a folder if one was named.</summary>
internal sealed class HandHost(Session session, string? recordFolder, Action? ready = null) : IProbeHost
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private long? _lastLine;

    public string Kit => Environment.MachineName;
    public TimeProvider Time => TimeProvider.System;

    public Stream CreateRecord(string name) => recordFolder is null
        ? Stream.Null
        : new FileStream(Path.Combine(recordFolder, Path.GetFileName(name)), FileMode.Create, FileAccess.Write);

    public void Progress(double share, string? figure)
    {
        if (session.IsQuiet) return;
        lock (_gate)
        {
            string text = $"{share * 100,3:0}%  {figure}".TrimEnd();
            if (session.IsErrorTerminal) session.Error.Write($"\r{text,-60}");
            else if (_lastLine is not { } last || Time.GetElapsedTime(last) >= LineInterval)
            {
                _lastLine = Time.GetTimestamp();
                session.Error.WriteLine(text);
            }
        }
    }

    public void Ready() => ready?.Invoke();
}
