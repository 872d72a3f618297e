namespace Testbed.Conformance.Yaml;

/// <summary>The word that was probably meant.</summary>
internal static class NearestWord
{
    /// <summary>The known word with the fewest edits, or null when none is near (a third of its letters).</summary>
    public static string? Of(string word, IEnumerable<string> known)
    {
        if (word.Length > 64) return null;
        string? best = null;
        int bestEdits = int.MaxValue;
        foreach (string candidate in known.Order(StringComparer.Ordinal))
        {
            int edits = Edits(word.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (edits >= bestEdits || edits > Math.Max(1, candidate.Length / 3)) continue;
            (best, bestEdits) = (candidate, edits);
        }
        return best;
    }

    /// <summary>Levenshtein's distance, with a swap of neighbours as one edit.</summary>
    private static int Edits(string a, string b)
    {
        int[,] edits = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) edits[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) edits[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int change = edits[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                edits[i, j] = Math.Min(change, 1 + Math.Min(edits[i - 1, j], edits[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
            }
        }
        return edits[a.Length, b.Length];
    }
}
