using System.Text;
using System.Text.Json.Nodes;
using Testbed.Analyzer.Streaming;
using Testbed.Conformance;

namespace Testbed.Analyzer.Tests.Streaming;

/// <summary>Runs a request both ways and holds the results against each other, field by field.</summary>
internal static class SameResult
{
    /// <summary>Whether the packets could be streamed; null with the reason when they could not.</summary>
    public static AnalysisResult? Streamed(AnalysisRequest request, out LocalText? why)
    {
        AnalysisContext? context =
            StreamingAnalysis.TryRun(request, AnalysisPlan.Read(request, default), null, default, out why);
        return context is null ? null : new ResultBuilder(context).Build(() => TimeSpan.Zero);
    }

    public static AnalysisResult Kept(AnalysisRequest request) =>
        new ResultBuilder(TrafficAnalysis.Prepare(request, null, default)).Build(() => TimeSpan.Zero);

    /// <summary>True when streamed, and then equal.</summary>
    public static bool Assert(AnalysisRequest request)
    {
        if (Streamed(request, out LocalText? why) is not { } streamed)
        {
            TestContext.Out.WriteLine($"kept: {why!.En}");
            return false;
        }
        AnalysisResult kept = Kept(request);
        NUnit.Framework.Assert.That(Json(streamed), Is.EqualTo(Json(kept)));
        NUnit.Framework.Assert.That(Lines(streamed), Is.EqualTo(Lines(kept)));
        return true;
    }

    private static string Json(AnalysisResult result)
    {
        using MemoryStream stream = new();
        AnalysisJson.Write(result, stream);
        JsonNode node = JsonNode.Parse(stream.ToArray())!;
        return node.ToJsonString(new() { WriteIndented = true });
    }

    // What the JSON leaves out: KPI results and series.
    private static List<string> Lines(AnalysisResult result)
    {
        List<string> lines = [];
        foreach (Testbed.Conformance.Results.KpiResult kpi in result.Kpis)
            lines.Add($"{kpi with { Evidence = [], Findings = [], Uncertainty = [] }} {string.Join(';', kpi.Evidence)} "
                + string.Join(';', kpi.Findings.Select(finding => finding.En)));
        foreach (Series series in result.Series)
            lines.Add(new StringBuilder().Append(series.Name).Append(series.Direction).Append(series.Scope)
                .Append(series.StartNs).Append('/').Append(series.StepNs).AppendJoin(',', series.Values).ToString());
        return lines;
    }
}
