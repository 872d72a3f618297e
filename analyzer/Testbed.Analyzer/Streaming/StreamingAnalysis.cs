using Testbed.Analyzer.Captures;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Matching;
using Testbed.Analyzer.Matching.Clocks;
using Testbed.Conformance;
using Testbed.Wire.Files;
using Testbed.Wire.Packets;

namespace Testbed.Analyzer.Streaming;

/// <summary>
/// Measures captures as they are read, in memory that does not grow with them: one N3 tap, and N6 taps or none, sorted,
/// with PDU session containers. Its results are those of the analysis that keeps all packets; where it cannot be sure
/// of that, it says why and leaves the work to it.
/// </summary>
internal sealed class StreamingAnalysis
{
    /// <summary>A flow keeps its N6 taps in the bits of a byte, and the first bit stands for N3.</summary>
    private const int N6TapsMax = 7;
    /// <summary>Readings that a capture can ask for: digest, roles, address rule, and the last.</summary>
    private const int AttemptsMax = 4;
    private readonly AnalysisRequest _request;
    private readonly AnalysisPlan _plan;
    private readonly IProgress<AnalysisProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly List<(TapInput Input, TapRole Role)> _inputs;
    private readonly long _bytes;

    private StreamingAnalysis(
        AnalysisRequest request, AnalysisPlan plan, IProgress<AnalysisProgress>? progress,
        CancellationToken cancellation)
    {
        (_request, _plan, _progress, _cancellation) = (request, plan, progress, cancellation);
        _inputs = [(request.N3[0], TapRole.N3), .. request.N6.Select(tap => (tap, TapRole.N6))];
        _bytes = _inputs.Sum(input => input.Input.Files.Sum(file => new FileInfo(file).Length));
    }

    /// <summary>Null, with the reason, when the packets must be kept to be understood.</summary>
    public static AnalysisContext? TryRun(
        AnalysisRequest request, AnalysisPlan plan, IProgress<AnalysisProgress>? progress,
        CancellationToken cancellation, out LocalText? why)
    {
        why = Shape(request);
        if (why is not null) return null;
        try
        {
            return new StreamingAnalysis(request, plan, progress, cancellation).Run();
        }
        catch (HandOverException reason)
        {
            why = reason.Why;
        }
        catch (Exception unreadable) when (unreadable is CaptureFileException or IOException)
        {
            // Which of several files is named must not depend on who meets it first.
            why = new("文件无法读取", "a file cannot be read");
        }
        return null;
    }

    private static LocalText? Shape(AnalysisRequest request)
    {
        if (request.Run is not null) return new("检测过程的分析需要全部报文", "a run's meters look at packets again");
        if (request.Options.NeedsPackets)
            return new("明细和时间序列需要逐个报文", "details and series look at single packets");
        if (request.Options.IsFollowing) return new("文件仍在增长", "the captures are still growing");
        if (request.N2.Count > 0) return new("N2 与隧道须对照", "N2 explains tunnels, which need be known first");
        if (request.N3.Count != 1) return new("不是一个 N3 采集点", "there is not one N3 tap");
        if (request.N6.Count > N6TapsMax) return new("N6 采集点过多", "there are many N6 taps");
        List<string> files = [.. request.N3.Concat(request.N6).SelectMany(tap => tap.Files).Select(Path.GetFullPath)];
        if (files.Distinct().Count() < files.Count)
            return new("同一文件用于多个采集点", "one file stands for several taps");
        // What cannot be read twice cannot be handed over.
        return files.TrueForAll(file => File.Exists(file) && new FileInfo(file).Length > 0) ? null
            : new("不是普通文件", "not every capture is an ordinary file");
    }

    private AnalysisContext Run()
    {
        long startNs = _inputs.Min(input => FirstNs(input.Input));
        DecoderSettings settings = DecoderSettings.Default with { GtpUPort = _request.Options.GtpUPort };
        long window = _request.Options.MatchWindowNs;
        MatchLimits limits = new(window, window, AddressRule.Prefer, true, PlausibleDelays.Any);
        AddressRoles? known = null;
        for (int i = 0; i < AttemptsMax; i++)
        {
            using StreamAttempt attempt = new(_request, _inputs, _plan.Again(), settings, limits, known, startNs);
            attempt.Run(new ReadingProgress(_progress, _bytes), _cancellation);
            if (attempt.FirstNs != startNs) throw HandOverException.Unsorted(_inputs[0].Input.Name);
            if (attempt.DigestBytesKept < settings.DigestBytes && _inputs.Count > 1)
                settings = settings with { DigestBytes = attempt.DigestBytesKept };
            else if (!attempt.HasRightDirections) known = attempt.Roles;
            else if (limits.Rule is AddressRule.Prefer && attempt.HasStrays)
                (known, limits) =
                    (attempt.Roles, limits with { ExitWaitNs = Matcher.OneClockSlackNs, Rule = attempt.Rule });
            else return attempt.Finish();
        }
        throw new HandOverException("多次读取仍不能确定方向", "directions stay open after several readings");
    }

    // The files are sorted, or it will be found out: so the first frame is the earliest.
    private static long FirstNs(TapInput input)
    {
        foreach (string file in input.Files)
        {
            using CaptureFileSource source = CaptureFiles.Open(file);
            if (!source.TryRead(out CapturedFrame frame)) continue;
            PacketSlot slot = new(0, 0, 0, frame.TimestampNs, 0, 1);
            return FrameFacts.TimeNs(slot) is > 0 and long ns ? ns : throw HandOverException.Unsorted(input.Name);
        }
        return long.MaxValue;
    }
}
