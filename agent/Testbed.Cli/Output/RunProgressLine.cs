using Testbed.Conformance;
using Testbed.Server.Runs;

namespace Testbed.Cli.Output;

/// <summary>
/// Progress on stderr: a bar that is drawn over itself on a terminal, else one line each ten seconds.
/// </summary>
internal sealed class RunProgressLine(Session session, TimeProvider time) : IRunProgress, IDisposable
{
    private const int BarCells = 24;
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private long? _lastLine;
    private string _phase = "";
    private int _drawn;

    public void At(LocalText phase, double share, string figure)
    {
        if (session.IsQuiet) return;
        lock (_gate)
        {
            string name = session.Say(phase);
            string text = $"{share * 100,3:0}%  {name}  {figure}".TrimEnd();
            if (session.IsErrorTerminal) Draw($"[{Bar(share)}] {text}");
            else if (name != _phase || _lastLine is not { } last || time.GetElapsedTime(last) >= LineInterval)
            {
                _lastLine = time.GetTimestamp();
                session.Error.WriteLine(text);
            }
            _phase = name;
        }
    }

    public void Note(LocalText text)
    {
        lock (_gate)
        {
            Clear();
            session.Error.WriteLine($"testbed: {session.Say(text)}");
        }
    }

    public void Dispose()
    {
        lock (_gate) Clear();
    }

    private static string Bar(double share)
    {
        int full = (int)Math.Round(Math.Clamp(share, 0, 1) * BarCells);
        return new string('#', full) + new string('.', BarCells - full);
    }

    private void Draw(string text)
    {
        session.Error.Write($"\r{text}{new string(' ', Math.Max(0, _drawn - text.Length))}");
        _drawn = text.Length;
    }

    private void Clear()
    {
        if (_drawn > 0) session.Error.Write($"\r{new string(' ', _drawn)}\r");
        _drawn = 0;
    }
}
