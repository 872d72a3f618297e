namespace Testbed.Conformance.Results;

/// <summary>
/// The scope of a figure about the path from a slice's UE to a far end, e.g. <c>embb→edge</c>. A path leads to the
/// data network unless it says otherwise: that one's scope is the slice's name alone.
/// </summary>
public static class PathScope
{
    private const string DataNetwork = "dn", Edge = "edge";
    private const string ToEdge = "→" + Edge;

    /// <param name="farEnd">As in a claim's scenario: <c>dn</c> or <c>edge</c>; null for the data network.</param>
    /// <returns>Empty without a slice: such a figure speaks of the whole network.</returns>
    public static string Of(string slice, string? farEnd) =>
        slice.Length > 0 && farEnd == Edge ? slice + ToEdge : slice;

    /// <summary>The inverse; every other scope comes back as it is, with the data network.</summary>
    public static (string Subject, string FarEnd) Split(string scope) =>
        scope.EndsWith(ToEdge, StringComparison.Ordinal) ? (scope[..^ToEdge.Length], Edge) : (scope, DataNetwork);
}
