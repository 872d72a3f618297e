namespace Testbed.Analyzer.Streaming;

/// <summary>Adds up what several readers have read.</summary>
internal sealed class ReadingProgress(IProgress<AnalysisProgress>? progress, long bytes)
{
    private long _done;

    public void Advance(long more)
    {
        long now = Interlocked.Add(ref _done, more);
        if (bytes > 0) progress?.Report(new("read", Math.Min(1, (double)now / bytes)));
    }
}
