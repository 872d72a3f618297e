namespace Testbed.Benchmarks.Ladder;

/// <summary>What one contender did over all rounds.</summary>
internal sealed class Standing(Contender contender)
{
    private readonly List<ProcessCost> _rounds = [];

    public Contender Contender { get; } = contender;
    public IReadOnlyList<ProcessCost> Rounds => _rounds;
    /// <summary>Where it differed from the ledger; null when it was not asked.</summary>
    public IReadOnlyList<string>? Differences { get; private set; }
    /// <summary>Why it does not take part any more.</summary>
    public string? Failure { get; private set; }

    public Spread PacketsPerSecond => Spread.Of(_rounds.Select(round => Contender.Packets / round.Seconds));
    public long PeakKiB => _rounds.Max(round => round.PeakKiB);
    public double CpuSeconds => Spread.Of(_rounds.Select(round => round.CpuSeconds)).Median;

    /// <summary>How many times as fast another one was, round by round.</summary>
    public Spread RatioTo(Standing other) => Spread.Of(_rounds.Zip(other._rounds, (mine, theirs) =>
        Contender.Packets / mine.Seconds / (other.Contender.Packets / theirs.Seconds)));

    public void Run(ProcessMeter meter)
    {
        if (Failure is not null) return;
        if (Contender.Scratch is { } scratch)
        {
            if (Directory.Exists(scratch)) Directory.Delete(scratch, recursive: true);
            Directory.CreateDirectory(scratch);
        }
        bool asked = Contender.Check is not null && Differences is null;
        ProcessCost cost = meter.Run(Contender.Command, keepOutput: asked);
        if (cost.ExitCode != 0)
        {
            Failure = $"exit code {cost.ExitCode}: {meter.LastError()}";
            return;
        }
        if (asked) Differences = Contender.Check!(meter.OutputPath);
        _rounds.Add(cost);
    }
}

/// <summary>
/// Runs all contenders in turn, round by round, so that whatever slows the machine slows all of them.
/// </summary>
internal static class Race
{
    public static List<Standing> Run(IReadOnlyList<Contender> contenders, int rounds, ProcessMeter meter)
    {
        List<Standing> standings = [.. contenders.Select(contender => new Standing(contender))];
        for (int round = 1; round <= rounds; round++)
        {
            foreach (Standing standing in standings)
            {
                Console.Error.WriteLine($"round {round} of {rounds}: {standing.Contender.Name}");
                standing.Run(meter);
            }
        }
        return standings;
    }
}

/// <summary>The middle of some figures, and how far they lie apart.</summary>
internal readonly record struct Spread(double Median, double Min, double Max)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0) return default;
        double median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        return new(median, sorted[0], sorted[^1]);
    }

    /// <summary>Three digits, the least and the most in brackets.</summary>
    public string ToText(double unit = 1) => $"{Digits(Median / unit)} ({Digits(Min / unit)}–{Digits(Max / unit)})";

    private static string Digits(double value) => value switch
    {
        >= 100 => value.ToString("F0"),
        >= 10 => value.ToString("F1"),
        >= 1 => value.ToString("F2"),
        _ => value.ToString("F3"),
    };
}
