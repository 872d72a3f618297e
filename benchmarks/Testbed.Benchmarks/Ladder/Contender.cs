using Testbed.Benchmarks.Traffic;

namespace Testbed.Benchmarks.Ladder;

/// <summary>What a contender is asked; ratios are formed within one question.</summary>
internal enum Question
{
    /// <summary>Tunnels, QFIs, flows and rates of one N3 capture, on one processor.</summary>
    N3Profile = 1,
    /// <summary>What crossed the UPF, from captures of both sides, on all processors.</summary>
    TwoPoint = 2,
}

/// <summary>One command in the race.</summary>
/// <param name="Packets">Frames that it reads, over all its files.</param>
/// <param name="Check">
/// Where it differs from the ledger, given what it printed; null for a tool that answers nothing comparable.
/// </param>
internal sealed record Contender(
    string Name, Question Question, IReadOnlyList<string> Command, long Packets,
    Func<string, IReadOnlyList<string>>? Check)
{
    public bool IsOurs { get; init; }
    /// <summary>What a reader must know to compare fairly.</summary>
    public string Note { get; init; } = "";
    /// <summary>A folder that is to be empty before each run.</summary>
    public string? Scratch { get; init; }
}

/// <summary>A generated pair on disk and its truth.</summary>
internal sealed record TrafficPair(string Folder, TrafficLedger Ledger)
{
    public string N3 => Path.Combine(Folder, Ledger.N3Files[0]);
    public string N6 => Path.Combine(Folder, Ledger.N6Files[0]);

    /// <summary>Generates the pair unless the folder holds one of the same recipe already.</summary>
    public static TrafficPair Prepare(TrafficOptions options, string folder)
    {
        Directory.CreateDirectory(folder);
        TrafficLedger? known = TrafficLedger.Load(folder);
        if (known?.Recipe == TrafficGenerator.RecipeOf(options)) return new(folder, known);
        Console.Error.WriteLine($"generating {options.Packets:N0} packets, {options.Tunnels:N0} tunnels …");
        return new(folder, TrafficGenerator.Run(options, folder));
    }

    /// <summary>Reads both files once, so that no contender pays for the disk.</summary>
    public void Warm(params ReadOnlySpan<string> others)
    {
        byte[] buffer = new byte[1 << 20];
        foreach (string path in (IEnumerable<string>)[N3, N6, .. others])
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
            while (stream.Read(buffer) > 0)
            {
                // Only the page cache is wanted.
            }
        }
    }
}
