using System.CommandLine;
using Testbed.Analyzer;
using Testbed.Cli.Captures;
using Testbed.Cli.Output;

namespace Testbed.Cli.Commands;

/// <summary><c>testbed analyze</c>: what captures of N3, N6, N4 and N2 show.</summary>
internal static class AnalyzeCommand
{
    private const int TopDefault = 10, TopMax = 100_000;
    private const string Example = "testbed analyze --n3 n3.pcap --n6 n6.pcap";

    private static readonly Option<string[]> N3 = Files("--n3", "captures of N3 · N3 采集文件");
    private static readonly Option<string[]> N6 = Files("--n6", "captures of N6 · N6 采集文件");
    private static readonly Option<string[]> N4 = Files("--n4", "captures of N4 (PFCP) · N4 采集文件");
    private static readonly Option<string[]> N2 = Files("--n2", "captures of N2 (NGAP) · N2 采集文件");
    private static readonly Option<string[]> Sbi =
        Files("--sbi", "captures of HTTP/2 between core functions · 核心网服务化接口采集文件");
    private static readonly Option<int> GtpPort = new("--gtp-port")
    {
        Description = "UDP port of GTP-U beside 2152 · 2152 以外的 GTP-U 端口", HelpName = "PORT",
    };
    private static readonly Option<string?> ClaimFile = new("--claim")
    {
        Description = "the claim: names slices and pools · 声明文件", HelpName = "lab.yaml",
    };
    private static readonly Option<bool> Json = new("--json") { Description = "one JSON object · 输出 JSON" };
    private static readonly Option<string?> SeriesFile = new("--series")
    {
        Description = "rates, loss and delay by interval and slice, as CSV · 时间序列", HelpName = "out.csv",
    };
    private static readonly Option<bool> Details = new("--details")
    {
        Description = "single UEs, tunnels, QoS flows, top talkers, loss bursts, TCP · 明细",
    };
    private static readonly Option<int?> Top = new("--top")
    {
        Description = "rows of each list of --details; default 10 · 明细各表行数", HelpName = "N",
    };
    private static readonly Option<bool> Follow = new("--follow")
    {
        Description = "go on while files grow and come; Ctrl-C ends with the last result · 持续跟踪采集文件",
    };
    private static readonly Option<int> Interval = new("--interval")
    {
        Description = "seconds between summaries of --follow · 跟踪间隔（秒）", HelpName = "SECONDS",
        DefaultValueFactory = _ => 5,
    };

    public static Command Build()
    {
        var command = new Command("analyze", "analyse captures · 分析采集文件")
        {
            N3, N6, N4, N2, Sbi, ClaimFile, GtpPort, Json, SeriesFile, Details, Top, Follow, Interval,
        };
        command.SetAction((parsed, cancellation) => AnalyzeAsync(SharedOptions.Open(parsed), parsed, cancellation));
        return command;
    }

    private static Option<string[]> Files(string name, string description) => new(name)
    {
        Description = description, HelpName = "FILE...", AllowMultipleArgumentsPerToken = true,
    };

    private static async Task<int> AnalyzeAsync(
        Session session, ParseResult parsed, CancellationToken cancellation)
    {
        AnalysisOutput output = new(session, parsed.GetValue(Json), parsed.GetValue(SeriesFile));
        using CaptureInputs inputs = new(Example);
        try
        {
            if (parsed.GetValue(Follow)) return await FollowAsync(session, parsed, inputs, output, cancellation);
            AnalysisResult result = Run(
                session, Request(session, parsed, files => inputs.Taps(files, cancellation)), cancellation);
            output.WriteSeries(result);
            output.Print(result);
            return ExitCode.AllPass;
        }
        catch (Exception wrong) when (CaptureErrors.Explain(wrong, Example) is { } explained)
        {
            throw explained;
        }
    }

    private static async Task<int> FollowAsync(
        Session session, ParseResult parsed, CaptureInputs inputs, AnalysisOutput output,
        CancellationToken interruption)
    {
        int seconds = parsed.GetValue(Interval);
        if (seconds is < 1 or > 86_400)
            throw CliException.Usage("--interval：应为 1 至 86400 秒", "--interval: expected 1 to 86400 seconds",
                "--interval 5");
        CaptureFollower follower = new(TimeProvider.System, TimeSpan.FromSeconds(seconds));
        await follower.RunAsync(
            isFollowing =>
            {
                AnalysisRequest request = Request(session, parsed, inputs.Growing);
                return request with { Options = request.Options with { IsFollowing = isFollowing } };
            },
            (request, cancellation) => Run(session, request, cancellation),
            (result, isLast) =>
            {
                if (isLast) output.WriteSeries(result);
                output.Print(result, isOneOfMany: true);
            },
            interruption);
        return ExitCode.Interrupted;
    }

    private static AnalysisRequest Request(
        Session session, ParseResult parsed, Func<IReadOnlyList<string>, IReadOnlyList<TapInput>> taps)
    {
        int port = parsed.GetValue(GtpPort);
        if (port is < 0 or > ushort.MaxValue)
            throw CliException.Usage(
                $"--gtp-port：{port} 不是端口", $"--gtp-port: {port} is no port", "--gtp-port 12152");
        Option<string[]>[] points = [N3, N6, N4, N2, Sbi];
        if (points.All(point => parsed.GetValue(point) is null or []))
            throw CliException.Usage("没有给出采集文件", "no capture was given", Example);
        return new()
        {
            N3 = Taps(N3), N6 = Taps(N6), N4 = Taps(N4), N2 = Taps(N2), Sbi = Taps(Sbi),
            Claim = parsed.GetValue(ClaimFile) is { } path ? ClaimFiles.Read(session, path) : null,
            Options = new()
            {
                GtpUPort = port, DetailsTop = DetailsTop(parsed),
                WithIntervals = parsed.GetValue(SeriesFile) is not null,
            },
        };

        IReadOnlyList<TapInput> Taps(Option<string[]> point) => taps(parsed.GetValue(point) ?? []);
    }

    // Who says how many rows wants to see them.
    private static int? DetailsTop(ParseResult parsed)
    {
        int? top = parsed.GetValue(Top);
        if (top is < 1 or > TopMax)
            throw CliException.Usage($"--top：应为 1 至 {TopMax}", $"--top: expected 1 to {TopMax}", "--top 20");
        return top ?? (parsed.GetValue(Details) ? TopDefault : null);
    }

    private static AnalysisResult Run(Session session, AnalysisRequest request, CancellationToken cancellation)
    {
        AnalysisProgressLine progress = new(session, TimeProvider.System);
        try
        {
            return TrafficAnalysis.Run(request, progress, cancellation);
        }
        finally
        {
            progress.Clear();
        }
    }
}
