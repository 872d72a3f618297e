using Microsoft.Extensions.Logging;
using Testbed.Agent.Facts;
using Testbed.Agent.Spool;
using Testbed.Capture;
using Testbed.Capture.Live;
using Testbed.Capture.Recording;
using Testbed.Conformance;
using Testbed.Probes;

namespace Testbed.Agent.Tasks;

/// <summary>Records a tap from order to stop. Every frame after <c>TaskReady</c> is kept or counted as lost.</summary>
internal sealed class CaptureTask(string kit, SpoolFolder spool, TimeProvider time, ILogger logger) : IAgentTask
{
    public const string Kind = "capture";
    private const int SnapLengthMin = 64;
    private const int SnapLengthMax = 262_144;
    private const int FilterLengthMax = 4_096;

    public async Task<TaskEnd> RunAsync(TaskOrder order, ITaskVoice voice, CancellationToken stop)
    {
        string point = Text(order, "point", SafeName.IsSafe, "a name of ASCII letters, digits, '-', '_', '.'");
        LiveCaptureOptions options = new()
        {
            Interface = Text(order, "interface", name => name.Length is > 0 and <= 64, "a network interface"),
            Filter = order.Parameters.GetValueOrDefault("filter", ""),
            SnapLength = SnapLength(order),
        };
        if (options.Filter.Length > FilterLengthMax)
            throw new ProbeParameterException("filter", $"at most {FilterLengthMax} characters", "a longer one");
        string prefix = $"{point}-{FileSafe(options.Interface)}";
        using SpoolSegmentStore store = new(spool.FolderOf(order.Id), $"{kit}/{prefix}", $"{prefix}.chain.ndjson",
            $"captures/{kit}", HostFacts.BootId());
        using LiveCapture capture = LiveCapture.Open(options);
        using SegmentRecorder recorder = new(prefix, $"{kit} {point}", capture.Interfaces[0], store,
            () => capture.Counters, new(), time);
        TapRecording recording = TapRecording.Start(capture, recorder);
        using CancellationTokenRegistration onStop = stop.Register(recording.Stop);
        await voice.ReadyAsync();
        RecordingSummary summary = await recording.Completion;
        Report(options.Interface, summary.Counters);
        IReadOnlyList<SpooledFile> files = store.Files();
        LocalText? problem = summary.Failure is { } failure
            ? new($"{failure.ProblemZh}{failure.RemedyZh}", failure.Message) : null;
        return new(OutcomeJson.OfCapture(point, options.Interface, summary, files), files, problem);
    }

    private void Report(string interfaceName, CaptureCounters counters)
    {
        if (counters.OsDropped > 0 || counters.InterfaceDropped > 0)
            Log.PacketsLost(logger, interfaceName, counters.OsDropped, counters.InterfaceDropped);
    }

    private static string Text(TaskOrder order, string name, Func<string, bool> holds, string expected)
    {
        string? text = order.Parameters.GetValueOrDefault(name);
        return text is not null && holds(text) ? text : throw new ProbeParameterException(name, expected, text);
    }

    private static int SnapLength(TaskOrder order)
    {
        string? text = order.Parameters.GetValueOrDefault("snapLength");
        if (string.IsNullOrEmpty(text)) return new LiveCaptureOptions { Interface = "" }.SnapLength;
        return int.TryParse(text, out int bytes) && bytes is >= SnapLengthMin and <= SnapLengthMax ? bytes
            : throw new ProbeParameterException("snapLength", $"{SnapLengthMin} to {SnapLengthMax} bytes", text);
    }

    /// <summary>Interface names may hold what file names in a run folder may not.</summary>
    private static string FileSafe(string interfaceName) => string.Concat(interfaceName.Select(
        c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_'));
}
