using System.Text;

namespace Testbed.Demo.Tests;

/// <summary>docs/faults.md: what each fault was seen to turn, as a list and as a matrix.</summary>
internal static class FaultDocument
{
    private const string NotTried = "not tried on this version", None = "nothing";

    /// <summary>The row of the lab without a fault.</summary>
    public const string NoFault = "no fault";

    /// <summary>One letter a verdict in the matrix.</summary>
    private static readonly Dictionary<string, char> Letters = new(StringComparer.Ordinal)
    {
        ["Pass"] = 'P', ["Fail"] = 'F', ["Inconclusive"] = '?', ["Invalid"] = 'I', ["NotMeasurable"] = 'm',
        ["NotApplicable"] = 'a', ["NotRun"] = 'n',
    };

    /// <param name="rows">What turned, by fault or by pair of faults ("one + other").</param>
    public static string Render(
        IReadOnlyList<Fault> faults, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> rows,
        IReadOnlyCollection<string> requirements, SourceDigests sources)
    {
        StringBuilder text = new();
        text.AppendLine("# Faults of the rehearsal lab").AppendLine()
            .AppendLine("Written by `./testbed test --faults`; do not edit. Each fault was switched on in the lab of")
            .AppendLine("`./testbed demo`. Without a fault every requirement passes; with it exactly these do not.")
            .AppendLine("Why is told in the fault's own file in `tests/Testbed.Lab/Faults`. What a busy host left")
            .AppendLine("undecided was measured again by itself (`--only`); a `Fail` never was.")
            .AppendLine().AppendLine($"Seen on sources `{sources.Common}`, a digest of agent, analyzer, server,")
            .AppendLine("probes, profiles and tests/Testbed.Lab; with others, `--resume` counts none of these rows. A")
            .AppendLine("fault's own file is digested apart: when it changes, only this fault's rows no longer count.")
            .AppendLine()
            .AppendLine("| fault | own file | what is wrong | turns |").AppendLine("|---|---|---|---|");
        if (rows.TryGetValue(NoFault, out IReadOnlyDictionary<string, string>? clean))
            text.AppendLine(
                $"| `{NoFault}` | {sources.Of(NoFault)} | 实验室完好 · the lab as it is | {Turned(clean)} |");
        foreach (Fault fault in faults)
            text.AppendLine($"| `{fault.Name}` | {sources.Of(fault.Name)} | {fault.Zh} · {fault.En} | "
                + $"{Turned(rows.GetValueOrDefault(fault.Name))} |");
        text.AppendLine().AppendLine("## Matrix").AppendLine()
            .AppendLine("F Fail, I Invalid, ? Inconclusive, m NotMeasurable, a NotApplicable, n NotRun, P Pass.")
            .AppendLine().AppendLine("```").Append(Matrix(faults, rows, requirements)).AppendLine("```");
        string[] pairs = [.. rows.Keys.Where(name => name.Contains('+')).Order(StringComparer.Ordinal)];
        if (pairs.Length > 0)
        {
            text.AppendLine().AppendLine("## Pairs").AppendLine()
                .AppendLine("Drawn at random: each turned the union of what its faults turn.")
                .AppendLine().AppendLine("| pair | own files | turns |").AppendLine("|---|---|---|");
            foreach (string pair in pairs)
                text.AppendLine($"| `{pair}` | {sources.Of(pair)} | {Turned(rows[pair])} |");
        }
        return text.ToString();
    }

    /// <summary>The rows of a document that <see cref="Render"/> wrote that were seen on these sources.</summary>
    public static Dictionary<string, IReadOnlyDictionary<string, string>> Read(string text, SourceDigests sources)
    {
        Dictionary<string, IReadOnlyDictionary<string, string>> rows = new(StringComparer.Ordinal);
        if (!text.Contains($"`{sources.Common}`", StringComparison.Ordinal)) return rows;
        foreach (string line in text.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)))
        {
            string[] cells = [.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())];
            string row = cells[0].Trim('`');
            if (cells[^1] == NotTried || cells[1] != sources.Of(row)) continue;
            rows[row] = cells[^1] == None ? new Dictionary<string, string>() : cells[^1].Split(", ")
                .Select(entry => entry.Split(' ')).ToDictionary(entry => entry[0], entry => entry[1]);
        }
        return rows;
    }

    /// <summary>Faults down, requirements across; ids stand upright above their columns.</summary>
    public static string Matrix(
        IReadOnlyList<Fault> faults, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> rows,
        IReadOnlyCollection<string> requirements)
    {
        string[] ids = [.. requirements.Order(StringComparer.Ordinal)];
        Fault[] seen = [.. faults.Where(fault => rows.ContainsKey(fault.Name))];
        int width = seen.Select(fault => fault.Name.Length).DefaultIfEmpty(0).Max() + 1;
        StringBuilder text = new();
        for (int line = 0; line < ids.Select(id => id.Length).DefaultIfEmpty(0).Max(); line++)
            text.AppendLine((new string(' ', width)
                + string.Concat(ids.Select(id => line < id.Length ? id[line] : ' '))).TrimEnd());
        foreach (Fault fault in seen)
            text.AppendLine(fault.Name.PadRight(width) + string.Concat(ids.Select(
                id => rows[fault.Name].TryGetValue(id, out string? verdict) ? Letters[verdict] : '.')));
        return text.ToString();
    }

    private static string Turned(IReadOnlyDictionary<string, string>? turned) =>
        turned is null ? NotTried
        : turned.Count == 0 ? None
        : string.Join(", ", turned.OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => $"{entry.Key} {entry.Value}"));
}
