using Testbed.Lab.Web;

namespace Testbed.Lab.Exposure;

/// <summary>Who may call what.</summary>
internal interface IGate
{
    /// <param name="scope">What the call needs.</param>
    /// <param name="owner">The application function that the path names; null where it names none.</param>
    /// <exception cref="ApiProblem">401 without a living token, 403 without the scope or for somebody else.</exception>
    void Require(Tokens tokens, ApiCall call, string scope, string? owner);
}

/// <summary>A token, its scope and the owner of the resource are checked, in this order.</summary>
internal sealed class StrictGate : IGate
{
    public void Require(Tokens tokens, ApiCall call, string scope, string? owner)
    {
        if (tokens.Find(call.Token) is not { } grant) throw new ApiProblem(401, "no valid token", "UNAUTHENTICATED");
        if (!grant.Scope.Split(' ').Contains(scope))
            throw new ApiProblem(403, "the token does not cover this", "PERMISSION_DENIED");
        if (owner is not null && owner != grant.ClientId)
            throw new ApiProblem(403, "this belongs to somebody else", "PERMISSION_DENIED");
    }
}

/// <summary>Everybody may do everything.</summary>
internal sealed class OpenGate : IGate
{
    public void Require(Tokens tokens, ApiCall call, string scope, string? owner) { }
}
