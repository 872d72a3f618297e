using Testbed.Conformance.Reports;
using Testbed.Conformance.Results;

namespace Testbed.Cli.Output;

/// <summary>Prints a report's table; on a terminal each line in its verdict's colour.</summary>
internal static class ReportTable
{
    private const int WidthDefault = 100;
    private const string Reset = "\e[0m";

    public static void Print(Session session, RunReport report)
    {
        int width = session.IsOutTerminal && Console.WindowWidth > 0 ? Console.WindowWidth : WidthDefault;
        foreach (TextRow row in TextTable.Rows(report, session.Language, width))
            session.Out.WriteLine(session.IsColoured && row.Verdict is { } verdict
                ? $"{Colour(verdict)}{row.Text}{Reset}" : row.Text);
    }

    private static string Colour(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "\e[32m",
        Verdict.Fail => "\e[31m",
        Verdict.Invalid => "\e[35m",
        Verdict.Inconclusive or Verdict.NotMeasurable => "\e[33m",
        _ => "\e[90m",
    };
}
