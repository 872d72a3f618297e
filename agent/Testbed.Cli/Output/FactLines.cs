using Testbed.Conformance.Reports.Text;

namespace Testbed.Cli.Output;

/// <summary>
/// Facts for people, a name and what is to be said of it, in lines of 80 columns or as many as the terminal has. Text
/// from captures is made safe to show.
/// </summary>
internal static class FactLines
{
    public const int NameColumns = 22;
    private const int WidthDefault = 80, WidthMin = 60;
    /// <summary>Holds a figure and its name on one line; a plain space in the output.</summary>
    public const char Joint = '\u00A0';

    public static int Width(Session session) =>
        session.IsOutTerminal && Console.WindowWidth > WidthMin ? Console.WindowWidth : WidthDefault;

    /// <summary>The text goes on below itself, right of the name.</summary>
    public static void Line(Session session, string name, string text)
    {
        string lead = ColumnText.Pad(PlainText.Clean(name), NameColumns - 1) + " ";
        int indent = NameColumns;
        if (ColumnText.Columns(lead) > NameColumns)
        {
            Paragraph(session, name);
            lead = new string(' ', indent);
        }
        foreach (string line in ColumnText.Wrap(PlainText.Clean(text), Width(session) - indent))
        {
            session.Out.WriteLine((lead + line).TrimEnd().Replace(Joint, ' '));
            lead = new string(' ', indent);
        }
    }

    /// <summary>Text over the whole width; what does not fit stands further in.</summary>
    public static void Paragraph(Session session, string text, int indent = 0)
    {
        string lead = new(' ', indent);
        foreach (string line in ColumnText.Wrap(PlainText.Clean(text), Width(session) - indent - 2))
        {
            session.Out.WriteLine((lead + line).TrimEnd().Replace(Joint, ' '));
            lead = new string(' ', indent + 2);
        }
    }
}
