using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Testbed.Conformance.Reports.Text;

namespace Testbed.Conformance.Reports.Html;

/// <summary>Markup that was made here and may stand unescaped.</summary>
internal readonly record struct Markup(string Html);

/// <summary>
/// Builds a page from interpolated strings: the literal parts are markup, every hole is escaped. Text from a claim
/// can therefore not become markup by being forgotten.
/// </summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _page = new();

    /// <summary>Takes the string by its handler, which has already written to this page.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "The handler writes to this instance.")]
    public void Add([InterpolatedStringHandlerArgument("")] HtmlHandler html) => _ = html;

    public override string ToString() => _page.ToString();

    /// <summary>Markup of its own, e.g. for a hole of another string.</summary>
    public static Markup Part(Action<HtmlWriter> write)
    {
        HtmlWriter part = new();
        write(part);
        return new Markup(part.ToString());
    }

    private void AppendEscaped(string? text)
    {
        foreach (char c in PlainText.Clean(text ?? ""))
        {
            switch (c)
            {
                case '&': _page.Append("&amp;"); break;
                case '<': _page.Append("&lt;"); break;
                case '>': _page.Append("&gt;"); break;
                case '"': _page.Append("&quot;"); break;
                case '\'': _page.Append("&#39;"); break;
                default: _page.Append(c); break;
            }
        }
    }

    [InterpolatedStringHandler]
    internal readonly ref struct HtmlHandler(int literalLength, int holeCount, HtmlWriter writer)
    {
        private readonly int _expected = literalLength + 16 * holeCount;

        public void AppendLiteral(string markup)
        {
            writer._page.EnsureCapacity(writer._page.Length + _expected);
            writer._page.Append(markup);
        }

        public void AppendFormatted(string? text) => writer.AppendEscaped(text);
        public void AppendFormatted(Markup markup) => writer._page.Append(markup.Html);
        public void AppendFormatted(long number) =>
            writer._page.Append(number.ToString("#,0", CultureInfo.InvariantCulture));

        /// <summary>Both languages; the style sheet shows one.</summary>
        public void AppendFormatted(LocalText? text)
        {
            if (text is null) return;
            if (text.Zh == text.En)
            {
                writer.AppendEscaped(text.Zh);
                return;
            }
            writer._page.Append("<span class=\"zh\" lang=\"zh-CN\">");
            writer.AppendEscaped(text.Zh);
            writer._page.Append("</span><span class=\"en\" lang=\"en\">");
            writer.AppendEscaped(text.En);
            writer._page.Append("</span>");
        }
    }
}
