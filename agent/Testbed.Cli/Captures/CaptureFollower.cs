using Testbed.Analyzer;

namespace Testbed.Cli.Captures;

/// <summary>
/// Analyses captures again and again while they grow. Each time the whole of what is there goes through the same
/// analysis as without following, so a summary is right by construction. The price is bounded by pausing four times
/// as long as the last one took: at most a fifth of the time is spent on it, however large the files become.
/// </summary>
internal sealed class CaptureFollower(TimeProvider time, TimeSpan interval)
{
    private const int PausePerWork = 4;
    private long _lastState = -1;

    /// <summary>Follows until interrupted, then analyses what is there to the end.</summary>
    /// <param name="request">
    /// Asked each time, as files come and go; true while following, when a file may end inside a block.
    /// </param>
    /// <param name="show">True for the last result.</param>
    public async Task RunAsync(
        Func<bool, AnalysisRequest> request, Func<AnalysisRequest, CancellationToken, AnalysisResult> analyze,
        Action<AnalysisResult, bool> show, CancellationToken interruption)
    {
        while (!interruption.IsCancellationRequested)
        {
            long started = time.GetTimestamp();
            try
            {
                if (Analyze(request(true), analyze, interruption) is { } result) show(result, false);
                TimeSpan pause = PausePerWork * time.GetElapsedTime(started);
                await Task.Delay(pause > interval ? pause : interval, time, interruption);
            }
            catch (OperationCanceledException) when (interruption.IsCancellationRequested)
            {
                break;
            }
        }
        _lastState = -1;
        if (Analyze(request(false), analyze, CancellationToken.None) is { } last) show(last, true);
    }

    // Null when nothing has changed, nothing is there yet, or a ring's file went away while it was read.
    private AnalysisResult? Analyze(
        AnalysisRequest request, Func<AnalysisRequest, CancellationToken, AnalysisResult> analyze,
        CancellationToken cancellation)
    {
        string[] files = [.. request.N3.Concat(request.N6).Concat(request.N4).Concat(request.N2)
            .Concat(request.Sbi).SelectMany(tap => tap.Files)];
        long state = StateOf(files);
        if (files.Length == 0 || state == _lastState) return null;
        try
        {
            AnalysisResult result = analyze(request, cancellation);
            _lastState = state;
            return result;
        }
        catch (IOException) when (!files.All(File.Exists))
        {
            return null;
        }
    }

    private static long StateOf(string[] files)
    {
        HashCode state = default;
        foreach (string file in files)
        {
            state.Add(file);
            state.Add(LengthOf(file));
        }
        // Never −1, which stands for "not analysed yet".
        return (uint)state.ToHashCode();
    }

    private static long LengthOf(string file)
    {
        FileInfo info = new(file);
        return info.Exists ? info.Length : 0;
    }
}
