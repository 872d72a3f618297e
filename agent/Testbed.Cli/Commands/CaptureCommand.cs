using System.CommandLine;
using System.Globalization;
using Testbed.Capture;
using Testbed.Capture.Live;
using Testbed.Capture.Recording;
using Testbed.Cli.Output;

namespace Testbed.Cli.Commands;

/// <summary><c>testbed capture</c>: one interface into one pcapng file, with its loss counted.</summary>
internal static class CaptureCommand
{
    private static readonly string[] Points = ["n3", "n6", "n6-edge", "n4", "n2"];

    private static readonly Option<string> Interface = new("-i", "--interface")
    {
        Description = "network interface · 网络接口", HelpName = "IF", Required = true,
    };
    private static readonly Option<string> Tap = MakeTap();
    private static readonly Option<string> Filter = new("-f", "--filter")
    {
        Description = "libpcap filter · 过滤表达式", HelpName = "BPF", DefaultValueFactory = _ => "",
    };
    private static readonly Option<string?> AutoStop = new("-a", "--autostop")
    {
        Description = "duration:SECONDS; else until Ctrl-C · 时长", HelpName = "duration:60",
    };
    private static readonly Option<int> SnapLength = new("-s", "--snaplen")
    {
        Description = "bytes kept of a frame, 64 to 262144 · 截取长度", HelpName = "BYTES",
        DefaultValueFactory = _ => new LiveCaptureOptions { Interface = "" }.SnapLength,
    };
    private static readonly Option<string> Write = new("-w", "--write")
    {
        Description = "pcapng file to write · 输出文件", HelpName = "x.pcapng", Required = true,
    };

    public static Command Build()
    {
        var command = new Command("capture", "capture a tap into a pcapng file · 采集")
        {
            Interface, Tap, Filter, AutoStop, SnapLength, Write,
        };
        command.SetAction((parsed, cancellation) => RunAsync(SharedOptions.Open(parsed), parsed, cancellation));
        return command;
    }

    private static Option<string> MakeTap()
    {
        var option = new Option<string>("--tap")
        {
            Description = "reference point: n3, n6, n6-edge, n4 or n2 · 参考点", HelpName = "POINT", Required = true,
        };
        option.AcceptOnlyFromAmong(Points);
        return option;
    }

    private static async Task<int> RunAsync(Session session, ParseResult parsed, CancellationToken cancellation)
    {
        TimeSpan? duration = Duration(parsed.GetValue(AutoStop));
        int snapLength = parsed.GetValue(SnapLength);
        if (snapLength is < 64 or > 262_144)
            throw CliException.Usage(
                $"-s {snapLength}：应为 64 至 262144", $"-s {snapLength}: expected 64 to 262144", "-s 256");
        LiveCaptureOptions options = new()
        {
            Interface = parsed.GetRequiredValue(Interface), Filter = parsed.GetValue(Filter) ?? "",
            SnapLength = snapLength,
        };
        string path = parsed.GetRequiredValue(Write);
        try
        {
            using LiveCapture capture = LiveCapture.Open(options);
            RecordingSummary summary = await RecordAsync(
                session, capture, parsed.GetRequiredValue(Tap), path, duration, cancellation);
            if (summary.Failure is { } failure) throw failure;
            Print(session, path, summary.Counters);
            return ExitCode.AllPass;
        }
        catch (CaptureException failure)
        {
            throw new CliException(
                failure.Fault is CaptureFault.BadFilter ? ExitCode.Usage : ExitCode.Preflight,
                new(failure.ProblemZh, failure.ProblemEn),
                failure.Remedy.Length == 0 ? null : new(failure.Remedy, failure.Remedy));
        }
    }

    private static async Task<RecordingSummary> RecordAsync(
        Session session, LiveCapture capture, string tap, string path, TimeSpan? duration,
        CancellationToken cancellation)
    {
        // One file: what a user opens in another tool is not to be put together first.
        SegmentLimits whole = new() { Age = TimeSpan.FromDays(3650), Bytes = long.MaxValue };
        SegmentRecorder recorder = new(tap, tap, capture.Interfaces[0], new SingleFile(path),
            () => capture.Counters, whole, TimeProvider.System);
        TapRecording recording = TapRecording.Start(capture, recorder);
        using CancellationTokenRegistration onStop = cancellation.Register(recording.Stop);
        using ITimer? limit = duration is { } length
            ? TimeProvider.System.CreateTimer(_ => recording.Stop(), null, length, Timeout.InfiniteTimeSpan) : null;
        session.Note($"正在采集 {capture.Interfaces[0].Name}，按 Ctrl-C 结束",
            $"capturing on {capture.Interfaces[0].Name}; Ctrl-C ends it");
        return await recording.Completion;
    }

    private static void Print(Session session, string path, CaptureCounters counters) => session.Out.WriteLine(
        session.Say($"{path}：{counters.Captured} 帧，内核丢弃 {counters.OsDropped}，接口丢弃 {counters.InterfaceDropped}",
            $"{path}: {counters.Captured} frames, dropped by the kernel {counters.OsDropped}, "
                + $"by the interface {counters.InterfaceDropped}"));

    private static TimeSpan? Duration(string? text)
    {
        if (text is null) return null;
        if (text.StartsWith("duration:", StringComparison.Ordinal)
            && double.TryParse(text["duration:".Length..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                out double seconds)
            && seconds is > 0 and <= 86_400)
            return TimeSpan.FromSeconds(seconds);
        throw CliException.Usage($"-a {text}：应为 duration:秒数（至多 86400）",
            $"-a {text}: expected duration:SECONDS, at most 86400", "-a duration:60");
    }

    /// <summary>The one file that the user named, opened before the first frame.</summary>
    private sealed class SingleFile(string path) : ISegmentStore
    {
        private readonly FileStream _stream = Open(path);

        public bool NeedsDigests => false;

        public Stream Create(string fileName) => _stream;

        public void Seal(SegmentFacts facts)
        {
            // A file that somebody asked for by name has no chain.
        }

        private static FileStream Open(string path)
        {
            try
            {
                return new(path, FileMode.Create, FileAccess.Write);
            }
            catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
            {
                throw CliException.Usage($"无法写入 {path}：{unwritable.Message}",
                    $"cannot write {path}: {unwritable.Message}", "-w /tmp/n3.pcapng");
            }
        }
    }
}
