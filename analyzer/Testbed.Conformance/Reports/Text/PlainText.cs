using System.Text;

namespace Testbed.Conformance.Reports.Text;

/// <summary>Text from a claim, a kit or a peer, made safe to show on a terminal and in XML.</summary>
public static class PlainText
{
    /// <summary>
    /// Replaces by U+FFFD what is no text: controls (a terminal would obey an escape sequence), bidirectional
    /// overrides (a name could read as another), lone surrogates and the two non-characters that XML forbids.
    /// </summary>
    public static string Clean(string text)
    {
        bool clean = true;
        foreach (char c in text) clean &= !IsUnsafe(c) && !char.IsSurrogate(c);
        if (clean) return text;
        StringBuilder cleaned = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            cleaned.Append(rune.IsBmp && IsUnsafe((char)rune.Value) ? Rune.ReplacementChar : rune);
        return cleaned.ToString();
    }

    public static bool IsUnsafe(char c) => c
        is < ' ' and not ('\n' or '\t')
        or >= '\u007f' and <= '\u009f'
        or >= '\u202A' and <= '\u202E'
        or >= '\u2066' and <= '\u2069'
        or '\uFFFE' or '\uFFFF';
}
