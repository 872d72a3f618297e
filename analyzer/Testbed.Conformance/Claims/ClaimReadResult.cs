using System.Diagnostics.CodeAnalysis;

namespace Testbed.Conformance.Claims;

/// <summary>A claim, or all that is wrong with its file.</summary>
public sealed record ClaimReadResult(Claim? Claim, IReadOnlyList<ClaimError> Errors)
{
    [MemberNotNullWhen(true, nameof(Claim))]
    public bool Ok => Claim is not null;
}
