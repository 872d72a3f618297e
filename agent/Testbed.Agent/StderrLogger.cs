using Microsoft.Extensions.Logging;

namespace Testbed.Agent;

/// <summary>One line on stderr for each log entry: stdout belongs to results.</summary>
internal sealed class StderrLoggerProvider(string kit, TextWriter error) : ILoggerProvider, ILogger
{
    private readonly Lock _gate = new();

    public ILogger CreateLogger(string categoryName) => this;
    public bool IsEnabled(LogLevel logLevel) => logLevel is not LogLevel.None;
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        string text = $"{kit}: {Word(logLevel)} {eventId.Id}: {formatter(state, exception)}";
        // A defect's place is worth its line, a stack trace is not.
        if (exception is { } e) text += $" ({e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")})";
        lock (_gate) error.WriteLine(text);
    }

    public void Dispose()
    {
        // The writer is the caller's.
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Warning => "warning",
        LogLevel.Error or LogLevel.Critical => "error",
        _ => "info",
    };
}
