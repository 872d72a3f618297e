using Testbed.Conformance.Claims;

namespace Testbed.Analyzer;

/// <summary>
/// What is to be analysed: captures by reference point, and what is known about the network and the run.
/// The same path may stand at several points: frames are then told apart by what they carry.
/// </summary>
public sealed record AnalysisRequest
{
    public IReadOnlyList<TapInput> N3 { get; init; } = [];
    public IReadOnlyList<TapInput> N6 { get; init; } = [];
    public IReadOnlyList<TapInput> N4 { get; init; } = [];
    public IReadOnlyList<TapInput> N2 { get; init; } = [];
    /// <summary>Captures of service-based interfaces; HTTP/2 in the files of N4 and N2 is read too.</summary>
    public IReadOnlyList<TapInput> Sbi { get; init; } = [];
    public Claim? Claim { get; init; }
    /// <summary>What the run knows beside the captures; null for a plain <c>testbed analyze</c>.</summary>
    public RunContext? Run { get; init; }
    public AnalysisOptions Options { get; init; } = new();
}

/// <summary>One capture point: an interface of a kit, or a file that somebody brought.</summary>
/// <param name="Name">What results call it, e.g. <c>kit-a/n6au</c>; counters in a run context use the same
/// name.</param>
/// <param name="Files">Its capture files (pcap or pcapng); segments of one capture in any order.</param>
/// <param name="Slices">Claimed names of the slices whose traffic passes here; empty when not known or all.</param>
public sealed record TapInput(string Name, IReadOnlyList<string> Files, IReadOnlyList<string> Slices)
{
    /// <summary>The tap stands at the edge site's own N6 (<c>n6-edge</c>), not at the central one.</summary>
    public bool IsEdge { get; init; }

    /// <summary>A tap that is one file, named after it.</summary>
    public static TapInput FromFile(string path, params string[] slices) => new(Path.GetFileName(path), [path], slices);
}

public sealed record AnalysisOptions
{
    /// <summary>Furthest apart, in nanoseconds, that both sightings of one packet may lie.</summary>
    /// <remarks>
    /// Three times the 300 ms delay budget of 5QI 9 (TS 23.501, table 5.7.4-1), and less than an IP id
    /// needs to come round at 65,536 equal packets a second.
    /// </remarks>
    public long MatchWindowNs { get; init; } = 900_000_000;

    /// <summary>
    /// Shards that the matcher splits the keys into; 0 means one a processor. The result is the same.
    /// </summary>
    public int Shards { get; init; }

    /// <summary>A UDP port that carries GTP-U beside 2152 (TS 29.281 §4.4.2); 0 for none.</summary>
    public int GtpUPort { get; init; }

    /// <summary>The captures are still being written: the last file of a tap may end inside a block.</summary>
    public bool IsFollowing { get; init; }

    /// <summary>Length of an interval of the plotted series, in nanoseconds.</summary>
    public long SeriesStepNs { get; init; } = 1_000_000_000;

    /// <summary>Most rows of each list of <see cref="AnalysisResult.Details"/>; null for no details.</summary>
    public int? DetailsTop { get; init; }

    /// <summary>Asks for <see cref="AnalysisResult.Intervals"/>.</summary>
    public bool WithIntervals { get; init; }

    /// <summary>Something is asked for that only packets which were kept can answer.</summary>
    internal bool NeedsPackets => DetailsTop is not null || WithIntervals;
}
