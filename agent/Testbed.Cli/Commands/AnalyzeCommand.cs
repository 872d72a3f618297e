using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Testbed.Analyzer;
using Testbed.Cli.Output;

namespace Testbed.Cli.Commands;

/// <summary><c>testbed analyze</c>: what captures of N3, N6, N4 and N2 show.</summary>
internal static partial class AnalyzeCommand
{
    private const string Example = "testbed analyze --n3 n3.pcap --n6 n6.pcap";

    private static readonly Option<string[]> N3 = Files("--n3", "captures of N3 · N3 采集文件");
    private static readonly Option<string[]> N6 = Files("--n6", "captures of N6 · N6 采集文件");
    private static readonly Option<string[]> N4 = Files("--n4", "captures of N4 (PFCP) · N4 采集文件");
    private static readonly Option<string[]> N2 = Files("--n2", "captures of N2 (NGAP) · N2 采集文件");
    private static readonly Option<string[]> Sbi =
        Files("--sbi", "captures of HTTP/2 between core functions · 核心网服务化接口采集文件");
    private static readonly Option<string?> ClaimFile = new("--claim")
    {
        Description = "the claim: names slices and pools · 声明文件", HelpName = "lab.yaml",
    };
    private static readonly Option<bool> Json = new("--json") { Description = "one JSON object · 输出 JSON" };
    private static readonly Option<string?> SeriesFile = new("--series")
    {
        Description = "figures over time, as CSV · 时间序列", HelpName = "out.csv",
    };

    public static Command Build()
    {
        var command = new Command("analyze", "analyse captures · 分析采集文件")
        {
            N3, N6, N4, N2, Sbi, ClaimFile, Json, SeriesFile,
        };
        command.SetAction((parsed, cancellation) =>
            Task.FromResult(Analyze(SharedOptions.Open(parsed), parsed, cancellation)));
        return command;
    }

    private static Option<string[]> Files(string name, string description) => new(name)
    {
        Description = description, HelpName = "FILE...", AllowMultipleArgumentsPerToken = true,
    };

    private static int Analyze(Session session, ParseResult parsed, CancellationToken cancellation)
    {
        AnalysisRequest request = new()
        {
            N3 = Taps(parsed, N3), N6 = Taps(parsed, N6), N4 = Taps(parsed, N4), N2 = Taps(parsed, N2),
            Sbi = Taps(parsed, Sbi),
            Claim = parsed.GetValue(ClaimFile) is { } path ? ClaimFiles.Read(session, path) : null,
        };
        if (request.N3.Count + request.N6.Count + request.N4.Count + request.N2.Count + request.Sbi.Count == 0)
            throw CliException.Usage("没有给出采集文件", "no capture was given", Example);
        AnalysisResult result = Run(session, request, cancellation);
        if (parsed.GetValue(SeriesFile) is { } csv) WriteSeries(csv, result.Series);
        if (parsed.GetValue(Json)) PrintJson(session, result);
        else AnalysisTable.Print(session, result);
        return ExitCode.AllPass;
    }

    // Each file is a tap of its own, but segments of one capture (NAME-0000.pcapng, -0001, …) are one tap: a packet
    // at the end of one may leave the UPF in the next.
    private static TapInput[] Taps(ParseResult parsed, Option<string[]> option) =>
        [.. (parsed.GetValue(option) ?? []).GroupBy(path => SegmentNumber().Replace(path, "")).Select(group =>
            group.Count() == 1 ? TapInput.FromFile(group.First())
                : new TapInput(Path.GetFileName(group.Key), [.. group.Order(StringComparer.Ordinal)], []))];

    [GeneratedRegex(@"-[0-9]{4,}\.pcapng$")]
    private static partial Regex SegmentNumber();

    private static AnalysisResult Run(Session session, AnalysisRequest request, CancellationToken cancellation)
    {
        IEnumerable<string> files = request.N3.Concat(request.N6).Concat(request.N4).Concat(request.N2)
            .Concat(request.Sbi).SelectMany(tap => tap.Files);
        AnalysisProgressLine progress = new(session, TimeProvider.System);
        try
        {
            return CaptureErrors.Guard(files, Example, () => TrafficAnalysis.Run(request, progress, cancellation));
        }
        finally
        {
            progress.Clear();
        }
    }

    private static void PrintJson(Session session, AnalysisResult result)
    {
        using MemoryStream stream = new();
        AnalysisJson.Write(result, stream);
        session.Out.WriteLine(System.Text.Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
    }

    private static void WriteSeries(string path, IReadOnlyList<Series> all)
    {
        try
        {
            using StreamWriter writer = new(path);
            writer.WriteLine("name,unit,direction,scope,timeNs,value");
            foreach (Series series in all)
                for (int i = 0; i < series.Values.Count; i++)
                    if (series.Values[i] is { } value)
                        writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                            $"{series.Name},{series.Unit},{series.Direction},{Quote(series.Scope)},"
                                + $"{series.StartNs + i * series.StepNs},{value}"));
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"--series：无法写入 {path}：{unwritable.Message}",
                $"--series: cannot write {path}: {unwritable.Message}", "--series /tmp/series.csv");
        }
    }

    // RFC 4180: what holds a comma, a quote or a line end stands in quotes.
    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
}
