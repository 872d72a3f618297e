using System.Net;

namespace Testbed.Analyzer.Drafting;

/// <summary>What captures suggest for a claim. All of it is a guess; what is empty or null was not seen.</summary>
public sealed record ClaimDraft
{
    public required string? Plmn { get; init; }
    public required IReadOnlyList<DraftGnb> Gnbs { get; init; }
    public required IReadOnlyList<DraftUpf> Upfs { get; init; }
    /// <summary>Addresses that spoke for the core: session management on N4, access management on N2.</summary>
    public required IReadOnlyList<string> Core { get; init; }
    public required IReadOnlyList<string> CorePorts { get; init; }
    /// <summary>Null when both sides were not seen together.</summary>
    public required bool? HasNat { get; init; }
    public required IReadOnlyList<DraftSlice> Slices { get; init; }
    public required IReadOnlyList<DraftTap> Taps { get; init; }
}

/// <param name="Name">The radio node's own, fit for a claim, or a number.</param>
public sealed record DraftGnb(string Name, string Source, IReadOnlyList<string> N3, IReadOnlyList<string> N2);

public sealed record DraftUpf(string Name, string Source, IReadOnlyList<string> N3, IReadOnlyList<string> N4);

/// <param name="Source">Where it is known from: <c>pfcp</c>, <c>ngap</c>, or <c>pool</c> for addresses alone.</param>
/// <param name="Sst">Null when no S-NSSAI was seen.</param>
/// <param name="Upf">Name of a drafted UPF.</param>
public sealed record DraftSlice(
    string Name, string Source, int? Sst, int? Sd, string? Dnn, IReadOnlyList<IPNetwork> Pools, string? Upf,
    IReadOnlyList<DraftFlow> Flows)
{
    /// <summary>Other data networks that sessions of this slice use; a claim names one a slice.</summary>
    public IReadOnlyList<string> OtherDnns { get; init; } = [];
}

/// <param name="FiveQi">Null when N2 did not tell.</param>
public sealed record DraftFlow(int Qfi, int? FiveQi, decimal? GfbrMbps, decimal? MfbrMbps);

/// <param name="Point"><c>n3</c>, <c>n6</c>, <c>n4</c>, <c>n2</c>; null when the file tells none.</param>
/// <param name="File">The file that was taken there.</param>
/// <param name="Interface">Null when the file does not name one.</param>
public sealed record DraftTap(string? Point, string File, string? Interface);
