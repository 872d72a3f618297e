using System.Globalization;
using Testbed.Cli.Output;
using Testbed.Conformance;

namespace Testbed.Cli;

/// <summary>Turns whatever ended a command into one message and an exit code; never a stack trace on screen.</summary>
internal static class Failure
{
    public static int Report(
        Exception exception, string language, TextWriter error, CancellationToken interruption)
    {
        switch (exception)
        {
            case OperationCanceledException when interruption.IsCancellationRequested:
                error.WriteLine(new LocalText("testbed: 已中断", "testbed: interrupted").In(language));
                return ExitCode.Interrupted;
            case CliException ended:
                error.WriteLine($"testbed: {ended.Text.In(language)}");
                if (ended.Remedy is { } remedy) error.WriteLine($"  {remedy.In(language)}");
                return ended.Code;
            default:
                return ReportDefect(exception, language, error);
        }
    }

    private static int ReportDefect(Exception exception, string language, TextWriter error)
    {
        string where = WriteCrashFile(exception);
        string what = $"{exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}";
        error.WriteLine(new LocalText(
            $"testbed: 程序缺陷（{what}）；详情见 {where}，请附上该文件报告",
            $"testbed: a defect of ours ({what}); details in {where}, please report it with that file").In(language));
        return ExitCode.Defect;
    }

    private static string WriteCrashFile(Exception exception)
    {
        string stamp = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);
        string path = Path.Combine(Path.GetTempPath(), $"testbed-crash-{stamp}-{Environment.ProcessId}.txt");
        try
        {
            File.WriteAllText(path, $"testbed {ProductVersion.Version} {ProductVersion.Commit}\n{exception}\n");
            return path;
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            return $"(not written: {unwritable.Message})";
        }
    }
}
