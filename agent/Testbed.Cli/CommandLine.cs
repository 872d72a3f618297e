using System.CommandLine;
using System.CommandLine.Invocation;
using Testbed.Cli.Commands;
using Testbed.Cli.Output;

namespace Testbed.Cli;

/// <summary>The composition root: every command, and the one place where an exception becomes an exit code.</summary>
internal static class CommandLine
{
    public static RootCommand Compose()
    {
        var root = new RootCommand("verifier of 5G security testbeds · 5G安全测评环境核验工具")
        {
            SharedOptions.Language,
            SharedOptions.Quiet,
            RunCommand.Build(),
            AnalyzeCommand.Build(),
            CaptureCommand.Build(),
            new Command("probe", "run one probe by hand · 手动探测")
            {
                ProbeStampCommand.Build(), ProbeCapacityCommand.Build(),
            },
            RespondCommand.Build(),
            new Command("claim", "write and check claims · 声明文件")
            {
                ClaimInitCommand.Build(), ClaimLintCommand.Build(), ClaimShowCommand.Build(),
            },
            ExplainCommand.Build(),
            DoctorCommand.Build(),
            new Command("agent", "probe agent of a kit · 探针代理") { AgentRunCommand.Build() },
        };
        return root;
    }

    public static async Task<int> RunAsync(string[] args)
    {
        ParseResult parsed = Compose().Parse(args);
        // The library's own parse error action returns 1, which here means that a requirement failed.
        if (parsed.Errors.Count > 0 && parsed.Action is null or ParseErrorAction) return ReportParseErrors(parsed);
        var invocation = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            // Signals are ours: an interrupted run still closes its journal.
            ProcessTerminationTimeout = null,
            Output = Console.Out,
            Error = Console.Error,
        };
        using var signals = new Interruption();
        try
        {
            return await parsed.InvokeAsync(invocation, signals.Token);
        }
        catch (Exception exception)
        {
            return Failure.Report(exception, SharedOptions.LanguageOf(parsed), Console.Error, signals.Token);
        }
    }

    private static int ReportParseErrors(ParseResult parsed)
    {
        foreach (var error in parsed.Errors) Console.Error.WriteLine($"testbed: {error.Message}");
        string path = string.Join(' ', Path(parsed.CommandResult.Command));
        Console.Error.WriteLine($"testbed: see '{path} --help'");
        return ExitCode.Usage;
    }

    private static IEnumerable<string> Path(Command command)
    {
        if (command is RootCommand) return ["testbed"];
        return [.. command.Parents.OfType<Command>().Take(1).SelectMany(Path), command.Name];
    }
}
