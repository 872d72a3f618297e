using System.Security.Cryptography;
using System.Text;
using Testbed.Conformance.Reports.Html;

namespace Testbed.Conformance.Reports;

/// <summary>
/// A report as one HTML file that opens from a disc: nothing is fetched, both languages are inside, and whatever a
/// claim says stays text. Chinese without scripts; with them a switch, and <c>?lang=en</c> for the printer.
/// </summary>
public static class HtmlReport
{
    /// <param name="series">Figures over time for the plots; may be empty.</param>
    /// <returns>UTF-8 text without a byte-order mark; the same for the same arguments.</returns>
    public static string Render(RunReport report, IReadOnlyList<ReportSeries> series)
    {
        HtmlWriter html = new();
        Head(html, report);
        html.Add($"<body>{VerdictBadge.Symbols}<main>");
        ConclusionSection.Write(html, report);
        IssuesSection.Write(html, report);
        RequirementsSection.Write(html, report);
        DetailsSection.Write(html, report);
        PlotsSection.Write(html, series);
        EvidenceSection.Write(html, report);
        FactsSection.Write(html, report);
        Foot(html, report);
        html.Add($"</main><script>{new Markup(Script)}</script></body></html>\n");
        return html.ToString();
    }

    internal static LocalText Title { get; } = new("5G安全测试床验证报告", "5G security testbed: verification report");

    private static string Script { get; } = Resource("report.js");
    private static string Style { get; } = Resource("report.css");

    // A page from disc runs this script and applies this style, and nothing that a claim could slip in.
    private static Markup Policy { get; } = new($"default-src 'none'; script-src '{Hash(Script)}'; "
        + $"style-src '{Hash(Style)}'; base-uri 'none'; form-action 'none'");

    private static LocalText Derived { get; } = new(
        "本页由 report.json 生成，以其规范字节为准。report.json 的 SHA-256：",
        "This page is derived from report.json, whose canonical bytes are the official form. "
        + "SHA-256 of report.json: ");

    private static void Head(HtmlWriter html, RunReport report) => html.Add($"""
        <!DOCTYPE html>
        <html lang="zh-CN" data-language="zh" data-title-en="{Title.En} · {report.Run.Id}">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="{Policy}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light">
        <title>{Title.Zh} · {report.Run.Id}</title>
        <style>{new Markup(Style)}</style>
        </head>

        """);

    private static void Foot(HtmlWriter html, RunReport report)
    {
        string digest = Convert.ToHexStringLower(SHA256.HashData(ReportEncoding.Encode(report)));
        html.Add($"""
            <footer><p>{Derived}<span class="mono">{digest}</span></p>
            <p>testbed {report.Run.Tool.Version} {report.Run.Tool.Commit}</p></footer>
            """);
    }

    private static string Hash(string text) =>
        "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Resource(string name)
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded in this assembly");
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
