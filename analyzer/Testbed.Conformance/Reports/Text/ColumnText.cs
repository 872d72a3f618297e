using System.Globalization;
using System.Text;

namespace Testbed.Conformance.Reports.Text;

/// <summary>Text measured in terminal columns: Chinese takes two, combining marks none.</summary>
public static class ColumnText
{
    // Blocks of East Asian width W and F (UAX #11).
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), (0x2E80, 0x303E), (0x3041, 0x4DBF), (0x4E00, 0xA4CF), (0xA960, 0xA97C), (0xAC00, 0xD7A3),
        (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF01, 0xFF60), (0xFFE0, 0xFFE6), (0x1F300, 0x1F64F),
        (0x1F680, 0x1F6FF), (0x1F900, 0x1F9FF), (0x20000, 0x3FFFD),
    ];

    // No line begins with one of the first, none ends with one of the second (GB/T 15834).
    private const string Closing = "，。、；：！？）】》」』〕”’%),.;:]}", Opening = "（【《「『〔“‘(";

    public static int Columns(string text)
    {
        int columns = 0;
        foreach (Rune rune in text.EnumerateRunes()) columns += Columns(rune);
        return columns;
    }

    public static string Pad(string text, int columns) =>
        text + new string(' ', Math.Max(0, columns - Columns(text)));

    /// <summary>Lines of at most <paramref name="columns"/>; a word longer than a line is cut.</summary>
    public static IReadOnlyList<string> Wrap(string text, int columns)
    {
        List<string> lines = [];
        StringBuilder line = new();
        int used = 0;
        foreach (string word in Words(text))
        {
            int needed = Columns(word.TrimEnd(' '));
            if (used > 0 && used + needed > columns) Break();
            foreach (Rune rune in word.EnumerateRunes())
            {
                // Space at a line's end may hang over: it is trimmed.
                if (used + Columns(rune) > columns && rune.Value != ' ') Break();
                line.Append(rune);
                used += Columns(rune);
            }
        }
        Break();
        return lines;

        void Break()
        {
            lines.Add(line.ToString().TrimEnd());
            line.Clear();
            used = 0;
        }
    }

    /// <summary>What stays together: a Latin word and its space, a wide character and its punctuation.</summary>
    private static IEnumerable<string> Words(string text)
    {
        StringBuilder word = new();
        bool lastWide = false;
        foreach (Rune rune in text.ReplaceLineEndings(" ").Replace('\t', ' ').EnumerateRunes())
        {
            bool wide = Columns(rune) == 2;
            bool closing = Closing.Contains(rune.ToString(), StringComparison.Ordinal);
            bool between = wide || lastWide || word.Length > 0 && word[^1] == ' ';
            bool breaks = word.Length > 0 && !closing && rune.Value != ' ' && between
                && !Opening.Contains(word[^1]);
            if (breaks)
            {
                yield return word.ToString();
                word.Clear();
            }
            word.Append(rune);
            lastWide = wide;
        }
        if (word.Length > 0) yield return word.ToString();
    }

    private static int Columns(Rune rune)
    {
        if (rune.Value < 0x300) return 1;
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.Format) return 0;
        foreach ((int first, int last) in Wide)
            if (rune.Value >= first && rune.Value <= last) return 2;
        return 1;
    }
}
