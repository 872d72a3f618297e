using System.CommandLine;
using System.CommandLine.Invocation;
using Testbed.Cli.Output;

namespace Testbed.Cli;

/// <summary>Runs a command, and is the one place where an exception becomes an exit code.</summary>
internal static class Invocation
{
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        ParseResult parsed = root.Parse(args);
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
