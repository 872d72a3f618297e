using Testbed.Benchmarks.Ladder;

namespace Testbed.Benchmarks.Live;

/// <summary>What one tool did in a race, and between which rates its limit lies.</summary>
internal sealed class CaptureStanding(CaptureTool tool, double lowest, double highest)
{
    private readonly List<Account> _accounts = [];

    public CaptureTool Tool { get; } = tool;
    public IReadOnlyList<Account> Accounts => _accounts;
    /// <summary>Highest rate, frames a second, at which nothing was lost; 0 when there was none.</summary>
    public double Lossless { get; private set; }
    public double Lossy { get; private set; } = highest;
    /// <summary>At full speed: what the tool keeps when it cannot keep all.</summary>
    public Account? Overload { get; set; }
    public bool IsDone { get; set; }
    public double NextRate => Math.Sqrt(Math.Max(Lossless, lowest) * Lossy);

    public void Book(Account account)
    {
        _accounts.Add(account);
        if (account.IsLossless) Lossless = Math.Max(Lossless, account.Rate);
    }

    /// <summary>Not lossless when tried twice.</summary>
    public void Fail(double rate) => Lossy = rate;
}

/// <summary>
/// Looks for the highest rate that each tool records without loss, by bisection; the tools take turns at each step, so
/// that all meet the same machine.
/// </summary>
internal sealed class CaptureRace(CaptureTrial trial, double seconds, int steps)
{
    private const double LowestRate = 50_000;

    public async Task<List<CaptureStanding>> RunAsync(IReadOnlyList<CaptureTool> tools, double highestRate)
    {
        List<CaptureStanding> standings = [.. tools.Select(tool => new CaptureStanding(tool, LowestRate, highestRate))];
        foreach (CaptureStanding standing in standings)
        {
            Account account = await TryAsync(standing, highestRate);
            standing.Overload = account;
            // Then the sender, slowed by what a capture costs the kernel, is the limit.
            standing.IsDone = account.IsLossless;
        }
        for (int step = 0; step < steps; step++)
        {
            foreach (CaptureStanding standing in standings)
            {
                if (standing.IsDone) continue;
                double rate = standing.NextRate;
                if ((await TryAsync(standing, rate)).IsLossless) continue;
                // A loss that does not happen again was the machine's.
                if (!(await TryAsync(standing, rate)).IsLossless) standing.Fail(rate);
            }
        }
        return standings;
    }

    public static void Print(TextWriter output, List<CaptureStanding> standings)
    {
        CaptureStanding? ours = standings.Find(standing => standing.Tool.IsOurs);
        TextGrid grid = new(
            "tool", "without loss, frames/s", "ours is higher by", "lost at full speed", "trials", "sent", "in file",
            "dropped by kernel", "by interface", "account", "CPU ns a frame, user + system");
        foreach (CaptureStanding standing in standings)
        {
            IReadOnlyList<Account> all = standing.Accounts;
            long open = all.Sum(each => each.Sent - each.InFile - each.Kernel - each.Interface);
            string ratio = ours is null || standing == ours || standing.Lossless == 0
                ? "" : $"× {ours.Lossless / standing.Lossless:F2}";
            Account full = standing.Overload!;
            grid.Add(
                standing.Tool.Name, $"{standing.Lossless:N0}", ratio,
                $"{1 - full.InFile / (double)full.Sent:P1} at {full.Rate:N0}", $"{all.Count}",
                $"{all.Sum(each => each.Sent):N0}", $"{all.Sum(each => each.InFile):N0}",
                $"{all.Sum(each => each.Kernel):N0}", $"{all.Sum(each => each.Interface):N0}",
                all.All(each => each.AddsUp) ? "adds up" : $"{open:N0} unaccounted",
                $"{all.Sum(each => each.Cpu.User) * 1e9 / all.Sum(each => each.Sent):F0} + "
                    + $"{all.Sum(each => each.Cpu.System) * 1e9 / all.Sum(each => each.Sent):F0}");
        }
        grid.Print(output);
    }

    private async Task<Account> TryAsync(CaptureStanding standing, double rate)
    {
        Account account = await trial.RunAsync(standing.Tool, rate, seconds);
        standing.Book(account);
        string open = account.AddsUp ? "" : ": DOES NOT ADD UP";
        Console.Error.WriteLine($"{standing.Tool.Name}: {account.Rate:N0} frames/s, sent {account.Sent:N0}, in file "
            + $"{account.InFile:N0}, kernel {account.Kernel:N0}, interface {account.Interface:N0}, "
            + $"{account.Cpu.User * 1e9 / account.Sent:F0} + {account.Cpu.System * 1e9 / account.Sent:F0} ns CPU a "
            + $"frame{open}");
        return account;
    }
}
