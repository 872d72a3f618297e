using System.Diagnostics.CodeAnalysis;
using Testbed.Conformance.Claims;

namespace Testbed.Conformance.Profiles;

/// <summary>A profile, or all that is wrong with its file.</summary>
public sealed record ProfileReadResult(Profile? Profile, IReadOnlyList<ClaimError> Errors)
{
    [MemberNotNullWhen(true, nameof(Profile))]
    public bool Ok => Profile is not null;
}
