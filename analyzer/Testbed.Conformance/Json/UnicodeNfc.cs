using System.Globalization;
using System.Text;

namespace Testbed.Conformance.Json;

/// <summary>
/// Normalization form C (UAX #15). Needed because <c>string.Normalize</c> returns its input unchanged, and
/// <c>IsNormalized</c> says true to everything, when globalization is invariant.
/// </summary>
public static class UnicodeNfc
{
    private const int HangulFirst = 0xAC00, LFirst = 0x1100, VFirst = 0x1161, TFirst = 0x11A7;
    private const int LCount = 19, VCount = 21, TCount = 28;

    private static readonly Lazy<Tables> Data = new(Tables.Load);

    /// <summary>True when <paramref name="text"/> is well-formed UTF-16 and in form C.</summary>
    public static bool IsNormalized(string text) =>
        IsSurelyNormalized(text) || string.Equals(Normalize(text), text, StringComparison.Ordinal);

    /// <summary>The text in form C; a surrogate without its partner becomes U+FFFD.</summary>
    public static string Normalize(string text)
    {
        if (IsSurelyNormalized(text)) return text;
        List<int> points = [];
        foreach (Rune rune in text.EnumerateRunes()) Decompose(rune.Value, points);
        SortMarks(points);
        return Compose(points);
    }

    // Blocks without any character that normalization could touch: nearly all Chinese and English text.
    private static bool IsSurelyNormalized(string text)
    {
        foreach (char c in text)
        {
            bool safe = c < 0x0300 || c is >= '\u4E00' and <= '\u9FFF' or >= '\u3000' and <= '\u3029'
                or >= '\uFF00' and <= '\uFFEF' or >= '\u2002' and <= '\u206F';
            if (!safe) return false;
        }
        return true;
    }

    private static void Decompose(int point, List<int> into)
    {
        int index = point - HangulFirst;
        if (index is >= 0 and < LCount * VCount * TCount)
        {
            into.Add(LFirst + index / (VCount * TCount));
            into.Add(VFirst + index % (VCount * TCount) / TCount);
            if (index % TCount != 0) into.Add(TFirst + index % TCount);
        }
        else if (Data.Value.Decompositions.TryGetValue(point, out (int First, int Second) parts))
        {
            Decompose(parts.First, into);
            if (parts.Second != 0) Decompose(parts.Second, into);
        }
        else into.Add(point);
    }

    private static void SortMarks(List<int> points)
    {
        for (int i = 1; i < points.Count; i++)
        {
            int point = points[i], rank = Class(point), at = i;
            if (rank == 0) continue;
            for (; at > 0 && Class(points[at - 1]) > rank; at--) points[at] = points[at - 1];
            points[at] = point;
        }
    }

    private static string Compose(List<int> points)
    {
        List<int> composed = [];
        int starter = -1, lastClass = -1;
        foreach (int point in points)
        {
            int rank = Class(point);
            bool reachable = starter >= 0 && (lastClass < rank || lastClass <= 0 && starter == composed.Count - 1);
            if (reachable && TryCompose(composed[starter], point, out int composite))
            {
                composed[starter] = composite;
                continue;
            }
            if (rank == 0) (starter, lastClass) = (composed.Count, 0);
            else lastClass = rank;
            composed.Add(point);
        }
        StringBuilder text = new(composed.Count);
        foreach (int point in composed) text.Append(new Rune(point));
        return text.ToString();
    }

    private static bool TryCompose(int first, int second, out int composite)
    {
        int lIndex = first - LFirst, vIndex = second - VFirst, tIndex = second - TFirst, sIndex = first - HangulFirst;
        if (lIndex is >= 0 and < LCount && vIndex is >= 0 and < VCount)
        {
            composite = HangulFirst + (lIndex * VCount + vIndex) * TCount;
            return true;
        }
        if (sIndex is >= 0 and < LCount * VCount * TCount && sIndex % TCount == 0 && tIndex is > 0 and < TCount)
        {
            composite = first + tIndex;
            return true;
        }
        return Data.Value.Compositions.TryGetValue((first, second), out composite);
    }

    private static int Class(int point) => Data.Value.Classes.GetValueOrDefault(point);

    private sealed record Tables(
        Dictionary<int, (int First, int Second)> Decompositions,
        Dictionary<(int First, int Second), int> Compositions,
        Dictionary<int, int> Classes)
    {
        public static Tables Load()
        {
            Tables tables = new([], [], []);
            using Stream stream = typeof(UnicodeNfc).Assembly.GetManifestResourceStream("unicode-nfc.txt")
                ?? throw new InvalidOperationException("unicode-nfc.txt is not embedded in this assembly");
            using StreamReader reader = new(stream, Encoding.ASCII);
            while (reader.ReadLine() is { } line)
                if (!line.StartsWith('#')) tables.Add(line);
            return tables;
        }

        private void Add(string line)
        {
            int at = line.IndexOfAny(['=', '>', '.']);
            int point = Hex(line[..at]);
            if (line[at] == '.')
            {
                int colon = line.IndexOf(':');
                int last = Hex(line[(at + 2)..colon]), rank = int.Parse(line[(colon + 1)..]);
                for (; point <= last; point++) Classes.Add(point, rank);
                return;
            }
            string[] parts = line[(at + 1)..].Split('+');
            (int First, int Second) pair = (Hex(parts[0]), parts.Length > 1 ? Hex(parts[1]) : 0);
            Decompositions.Add(point, pair);
            if (line[at] == '=') Compositions.Add(pair, point);
        }

        private static int Hex(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier);
    }
}
