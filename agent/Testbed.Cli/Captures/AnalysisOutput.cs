using System.Globalization;
using Testbed.Analyzer;
using Testbed.Analyzer.Intervals;
using Testbed.Cli.Output;

namespace Testbed.Cli.Captures;

/// <summary>Hands an analysis to its reader: a table, JSON, and figures over time as CSV.</summary>
internal sealed record AnalysisOutput(Session Session, bool IsJson, string? SeriesFile)
{
    /// <param name="isOneOfMany">
    /// Then each JSON object takes one line, and what is to be read by people starts with the time.
    /// </param>
    public void Print(AnalysisResult result, bool isOneOfMany = false)
    {
        if (IsJson) PrintJson(result, isOneOfMany);
        else
        {
            if (isOneOfMany)
                Session.Out.WriteLine(TimeProvider.System.GetUtcNow().ToString(
                    "--- yyyy-MM-dd'T'HH:mm:ss'Z' ---", CultureInfo.InvariantCulture));
            AnalysisTable.Print(Session, result);
        }
        Session.Out.Flush();
    }

    public void WriteSeries(AnalysisResult result)
    {
        if (SeriesFile is null || result.Intervals is not { } intervals) return;
        try
        {
            using StreamWriter writer = new(SeriesFile);
            IntervalCsv.Write(intervals, writer);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"--series：无法写入 {SeriesFile}：{unwritable.Message}",
                $"--series: cannot write {SeriesFile}: {unwritable.Message}", "--series /tmp/series.csv");
        }
        if (result.Match.Clock is { Disagree: true })
            Session.Note("--series：两侧时钟不一致，时延列为空",
                "--series: the clocks of both sides disagree, so the columns of delays are empty");
    }

    private void PrintJson(AnalysisResult result, bool isOneLine)
    {
        using MemoryStream stream = new();
        AnalysisJson.Write(result, stream, isIndented: !isOneLine);
        Session.Out.WriteLine(System.Text.Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
    }
}
