using Testbed.Analyzer;

namespace Testbed.Cli.Output;

/// <summary>An analysis' progress on stderr: drawn over itself on a terminal, else one line each ten seconds.</summary>
internal sealed class AnalysisProgressLine(Session session, TimeProvider time) : IProgress<AnalysisProgress>
{
    private static readonly TimeSpan DrawInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);
    private readonly long _started = time.GetTimestamp();
    private readonly Lock _gate = new();
    private TimeSpan _last;
    private bool _isDrawn;

    public void Report(AnalysisProgress value)
    {
        if (session.IsQuiet) return;
        lock (_gate)
        {
            TimeSpan now = time.GetElapsedTime(_started);
            if (now - _last < (session.IsErrorTerminal ? DrawInterval : LineInterval)) return;
            _last = now;
            string text = $"{value.Share * 100,3:0}%  {value.Stage}";
            if (session.IsErrorTerminal) session.Error.Write($"\r{text,-30}");
            else session.Error.WriteLine(text);
            _isDrawn = session.IsErrorTerminal;
        }
    }

    public void Clear()
    {
        lock (_gate)
            if (_isDrawn) session.Error.Write($"\r{"",-30}\r");
    }
}
