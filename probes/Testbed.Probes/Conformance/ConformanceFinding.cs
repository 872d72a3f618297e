using Testbed.Conformance;

namespace Testbed.Probes.Conformance;

/// <summary>One place where an answer is not what its specification says.</summary>
/// <param name="Operation">Name of the operation in the description.</param>
/// <param name="Place"><c>status</c>, <c>header NAME</c>, <c>media type</c> or a JSON Pointer (RFC 6901).</param>
internal sealed record ConformanceFinding(
    string Operation, string Place, string Expected, string Found, string Clause)
{
    /// <summary>Everything that a peer sent is cut to this length before it is repeated.</summary>
    private const int FoundLengthMax = 80;

    public LocalText Text => new(
        $"{Operation} {Place}：应为 {Expected}，实为 {Found}（{Clause}）",
        $"{Operation} {Place}: expected {Expected}, found {Found} ({Clause})");

    /// <summary>A peer's text, made fit to print.</summary>
    public static string Show(string? text)
    {
        if (text is null) return "nothing";
        string plain = new([.. text.Take(FoundLengthMax).Select(each => char.IsControl(each) ? ' ' : each)]);
        return text.Length > FoundLengthMax ? plain + "…" : plain;
    }
}
