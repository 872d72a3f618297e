using System.CommandLine;
using System.Globalization;
using Testbed.Analyzer;
using Testbed.Cli.Output;
using Testbed.Wire.Files;

namespace Testbed.Cli.Commands;

/// <summary><c>testbed analyze</c>: what captures of N3, N6, N4 and N2 show.</summary>
internal static class AnalyzeCommand
{
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
        Description = "figures over time, as CSV · 时间序列", HelpName = "out.csv",
    };

    public static Command Build()
    {
        var command = new Command("analyze", "analyse captures · 分析采集文件")
        {
            N3, N6, N4, N2, Sbi, ClaimFile, GtpPort, Json, SeriesFile,
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
        using CaptureInputs inputs = new(Example);
        AnalysisResult result = Read(() => Run(session, Request(session, parsed, inputs, cancellation), cancellation));
        if (parsed.GetValue(SeriesFile) is { } csv) WriteSeries(csv, result.Series);
        if (parsed.GetValue(Json)) PrintJson(session, result);
        else AnalysisTable.Print(session, result);
        return ExitCode.AllPass;
    }

    private static AnalysisRequest Request(
        Session session, ParseResult parsed, CaptureInputs inputs, CancellationToken cancellation)
    {
        int port = parsed.GetValue(GtpPort);
        if (port is < 0 or > ushort.MaxValue)
            throw CliException.Usage($"--gtp-port：{port} 不是端口", $"--gtp-port: {port} is no port", "--gtp-port 12152");
        AnalysisRequest request = new()
        {
            N3 = Taps(N3), N6 = Taps(N6), N4 = Taps(N4), N2 = Taps(N2), Sbi = Taps(Sbi),
            Claim = parsed.GetValue(ClaimFile) is { } path ? ClaimFiles.Read(session, path) : null,
            Options = new() { GtpUPort = port },
        };
        if (request.N3.Count + request.N6.Count + request.N4.Count + request.N2.Count + request.Sbi.Count == 0)
            throw CliException.Usage("没有给出采集文件", "no capture was given", Example);
        return request;

        IReadOnlyList<TapInput> Taps(Option<string[]> option) =>
            inputs.Taps(parsed.GetValue(option) ?? [], cancellation);
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

    private static AnalysisResult Read(Func<AnalysisResult> read)
    {
        try
        {
            return read();
        }
        catch (CaptureFileException wrong)
        {
            throw CliException.Usage(
                $"{wrong.File}：不是采集文件（字节 {wrong.Offset} 处应为 {wrong.Expected}，实为 {wrong.Found}）",
                $"{wrong.File}: no capture (byte {wrong.Offset}: expected {wrong.Expected}, found {wrong.Found})",
                Example);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"无法读取采集文件：{unreadable.Message}",
                $"a capture cannot be read: {unreadable.Message}", Example);
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
