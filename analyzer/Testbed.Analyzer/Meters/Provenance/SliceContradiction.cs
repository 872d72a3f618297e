using Testbed.Conformance;

namespace Testbed.Analyzer.Meters.Provenance;

/// <summary>What one source says of a slice.</summary>
/// <param name="By">Who says so: an interface or the claim.</param>
internal sealed record SliceStatement(string Value, LocalText By)
{
    private static readonly LocalText N4Name = new("N4", "N4"), N2Name = new("N2", "N2");
    private static readonly LocalText ClaimName = new("申报", "the claim");

    public static SliceStatement N4(string value) => new(value, N4Name);
    public static SliceStatement N2(string value) => new(value, N2Name);
    public static SliceStatement Claim(string value) => new(value, ClaimName);
}

/// <summary>Something that two sources tell differently: a UE's slice, a tunnel's S-NSSAI, a QFI's 5QI.</summary>
internal sealed record SliceContradiction(
    LocalText Subject, SliceStatement First, SliceStatement Second, string Evidence)
{
    public LocalText Text => new(
        $"{Subject.Zh}：{First.By.Zh} 为 {First.Value}，{Second.By.Zh} 为 {Second.Value}",
        $"{Subject.En}: {First.Value} by {First.By.En}, {Second.Value} by {Second.By.En}");
}
