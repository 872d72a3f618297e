namespace Testbed.Benchmarks.Ladder;

/// <summary>Prints standings as Markdown tables, so that a run can be pasted where it is talked about.</summary>
internal static class LadderTable
{
    public static void Print(TextWriter output, IReadOnlyList<Standing> standings)
    {
        foreach (IGrouping<Question, Standing> question in standings.GroupBy(standing => standing.Contender.Question))
        {
            Standing ours = question.First(standing => standing.Contender.IsOurs);
            output.WriteLine();
            output.WriteLine(question.Key is Question.N3Profile
                ? "N3 profile, one processor" : "Two-point analysis, all processors");
            output.WriteLine();
            TextGrid grid = new(
                "tool", "packets", "million packets/s", "ours is faster by", "CPU s", "peak MiB", "ledger", "note");
            foreach (Standing standing in question) grid.Add(Row(standing, ours));
            grid.Print(output);
        }
    }

    private static string[] Row(Standing standing, Standing ours)
    {
        Contender contender = standing.Contender;
        string packets = contender.Packets.ToString("N0");
        if (standing.Failure is { } failure) return [contender.Name, packets, "failed", "", "", "", "", failure];
        string ratio = contender.IsOurs || ours.Failure is not null ? "" : "× " + ours.RatioTo(standing).ToText();
        string ledger = standing.Differences switch
        {
            null => "not comparable", { Count: 0 } => "agrees", var found => $"{found.Count} differences",
        };
        return
        [
            contender.Name, packets, standing.PacketsPerSecond.ToText(1e6), ratio, $"{standing.CpuSeconds:F2}",
            $"{standing.PeakKiB / 1024.0:F0}", ledger, contender.Note,
        ];
    }
}

/// <summary>A Markdown table with columns as wide as their widest cell.</summary>
internal sealed class TextGrid(params string[] head)
{
    private readonly List<string[]> _rows = [head];

    public void Add(params string[] row) => _rows.Add(row);

    public void Print(TextWriter output)
    {
        int[] widths = [.. head.Select((_, column) => _rows.Max(row => row[column].Length))];
        for (int i = 0; i < _rows.Count; i++)
        {
            IEnumerable<string> cells = _rows[i].Select((cell, column) => cell.PadRight(widths[column]));
            output.WriteLine($"| {string.Join(" | ", cells)} |");
            if (i == 0)
                output.WriteLine($"|{string.Join('|', widths.Select(width => new string('-', width + 2)))}|");
        }
    }
}
