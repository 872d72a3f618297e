using Testbed.Conformance.Results;

namespace Testbed.Conformance.Reports.Html;

/// <summary>A verdict as colour, word and shape, so that it survives a black-and-white printer.</summary>
internal static class VerdictBadge
{
    /// <summary>The shapes, once a page; 16 × 16, drawn in the badge's colour.</summary>
    public static Markup Symbols { get; } = new("<svg class=\"symbols\" aria-hidden=\"true\" width=\"0\" height=\"0\">"
        + Symbol(Verdict.Pass, "<circle cx=\"8\" cy=\"8\" r=\"7\"/>", "M4.6 8.3l2.4 2.4 4.5-5")
        + Symbol(Verdict.Fail, "<path d=\"M5.2 1h5.6L15 5.2v5.6L10.8 15H5.2L1 10.8V5.2z\"/>",
            "M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2")
        + Symbol(Verdict.Inconclusive, "<path d=\"M8 .6L15.4 8 8 15.4.6 8z\"/>",
            "M6.2 6.3a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.8.6-.8 1.3M8 11.3v.2")
        + Symbol(Verdict.NotMeasurable, "<circle cx=\"8\" cy=\"8\" r=\"7\"/>", "M3.8 12.2l8.4-8.4")
        + Symbol(Verdict.NotApplicable, "<rect x=\"1\" y=\"3\" width=\"14\" height=\"10\" rx=\"5\"/>", "M4.5 8h7")
        + Symbol(Verdict.Invalid, "<path d=\"M8 1l7.4 13.5H.6z\"/>", "M8 5.6v4.4M8 12.2v.2")
        + "<symbol id=\"v-NotRun\" viewBox=\"0 0 16 16\"><circle cx=\"8\" cy=\"8\" r=\"6.2\" fill=\"none\" "
        + "stroke=\"currentColor\" stroke-width=\"1.6\" stroke-dasharray=\"2.6 2.2\"/></symbol></svg>");

    public static Markup Of(Verdict verdict, string size = "") => HtmlWriter.Part(html => html.Add(
        $"""
        <span class="badge {verdict.ToString()} {size}">{Shape(verdict)}{ReportTexts.Name(verdict)}</span>
        """));

    private static Markup Shape(Verdict verdict) =>
        new($"<svg aria-hidden=\"true\"><use href=\"#v-{verdict}\"/></svg>");

    private static string Symbol(Verdict verdict, string ground, string mark) =>
        $"<symbol id=\"v-{verdict}\" viewBox=\"0 0 16 16\"><g fill=\"currentColor\">{ground}</g><path d=\"{mark}\" "
        + "fill=\"none\" stroke=\"#fff\" stroke-width=\"1.7\" stroke-linecap=\"round\" "
        + "stroke-linejoin=\"round\"/></symbol>";
}
