using System.Text;

namespace Testbed.Demo.Tests.Interruptions;

internal static class Waiting
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <exception cref="TimeoutException">It did not; with the words of <paramref name="otherwise"/>.</exception>
    public static async Task UntilAsync(Func<bool> isTrue, TimeSpan within, Func<string> otherwise)
    {
        DateTimeOffset end = DateTimeOffset.UtcNow + within;
        while (!isTrue())
        {
            if (DateTimeOffset.UtcNow > end) throw new TimeoutException(otherwise());
            await Task.Delay(Look);
        }
    }
}

/// <summary>Lines that come on another thread.</summary>
internal sealed class StringBuilderWriter
{
    private readonly StringBuilder _text = new();

    public void Add(string? line)
    {
        lock (_text) _text.AppendLine(line);
    }

    public override string ToString()
    {
        lock (_text) return _text.ToString();
    }
}
