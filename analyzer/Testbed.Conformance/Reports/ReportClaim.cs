using Testbed.Conformance.Claims;

namespace Testbed.Conformance.Reports;

/// <summary>What the reader of a report must know of the claim; the claim file itself is named by its digest.</summary>
public sealed record ReportClaim
{
    public required string Digest { get; init; }
    public required string Applicant { get; init; }
    public string? CreditCode { get; init; }
    public string? Province { get; init; }
    public IReadOnlyList<string> Members { get; init; } = [];
    public IReadOnlyList<string> Industries { get; init; } = [];
    public required string Site { get; init; }
    public required decimal AreaKm2 { get; init; }
    public required string Plmn { get; init; }
    public required string N3Protection { get; init; }
    public required string Nat { get; init; }
    public IReadOnlyList<string> Gnbs { get; init; } = [];
    public IReadOnlyList<string> Upfs { get; init; } = [];
    public IReadOnlyList<ClaimedSlice> Slices { get; init; } = [];
    public IReadOnlyList<ClaimedScenario> Scenarios { get; init; } = [];
    public IReadOnlyList<string> Consent { get; init; } = [];

    public static ReportClaim From(Claim claim) => new()
    {
        Digest = claim.Digest,
        Applicant = claim.Applicant.Name,
        CreditCode = claim.Applicant.CreditCode,
        Province = claim.Applicant.Province,
        Members = claim.Applicant.Members,
        Industries = claim.Applicant.Industries,
        Site = claim.Site.Name,
        AreaKm2 = claim.Site.AreaKm2,
        Plmn = claim.Network.Plmn,
        N3Protection = claim.Network.N3Protection,
        Nat = claim.Network.Nat,
        Gnbs = [.. claim.Network.Gnbs.Select(gnb => $"{gnb.Name} {string.Join(", ", gnb.N3)}")],
        Upfs = [.. claim.Network.Upfs.Select(upf => $"{upf.Name} {string.Join(", ", upf.N3)}")],
        Slices = [.. claim.Slices.Select(slice => new ClaimedSlice(
            slice.Name, slice.Snssai.ToString(), slice.Dnn, [.. slice.UePools.Select(pool => pool.ToString())]))],
        Scenarios = [.. claim.Scenarios.Select(scenario => new ClaimedScenario(
            scenario.Type, scenario.Slice, scenario.To, scenario.Figures))],
        Consent = claim.Consent,
    };
}

public sealed record ClaimedSlice(string Name, string Snssai, string Dnn, IReadOnlyList<string> UePools);

/// <param name="Figures">As in the claim file: key and decimal.</param>
public sealed record ClaimedScenario(
    string Type, string Slice, string To, IReadOnlyDictionary<string, decimal> Figures);
