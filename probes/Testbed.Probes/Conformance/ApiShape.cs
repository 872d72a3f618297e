using System.Text.RegularExpressions;

namespace Testbed.Probes.Conformance;

/// <summary>What a value in a body may be.</summary>
internal enum ValueForm { Any, Object, Array, String, Integer, Number, Boolean }

/// <summary>One value of a body as its specification has it.</summary>
internal sealed record ValueShape
{
    public required ValueForm Form { get; init; }
    /// <summary>Name of an object shape; set for objects whose members are described.</summary>
    public string? Type { get; init; }
    /// <summary>Of an array.</summary>
    public ValueShape? Items { get; init; }
    public int ItemsMin { get; init; }
    /// <summary>Allowed words; empty where any will do, as in 3GPP's extensible enumerations.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];
    public Regex? Pattern { get; init; }
    /// <summary>date-time, uri, uuid or ipv4; null for none.</summary>
    public string? Format { get; init; }
    public long? Min { get; init; }
}

/// <summary>A member of an object.</summary>
internal sealed record MemberShape(string Name, ValueShape Value, bool IsRequired);

/// <summary>An object's members. Members that are not described are allowed, as OpenAPI does by default.</summary>
/// <param name="OneOf">Of each group one member at least must be there.</param>
internal sealed record ObjectShape(
    string Name, IReadOnlyList<MemberShape> Members, IReadOnlyList<IReadOnlyList<string>> OneOf);

/// <summary>One allowed answer to an operation.</summary>
/// <param name="MediaType">Null where the answer has no body.</param>
/// <param name="Headers">Headers that must be there.</param>
internal sealed record AnswerShape(int Status, string? MediaType, ValueShape? Body, IReadOnlyList<string> Headers);

/// <summary>The body of a refusal.</summary>
internal sealed record ProblemShape(string MediaType, ValueShape Body);

/// <summary>An operation of an API, or a notification from it.</summary>
/// <param name="Problems">Status codes of refusals, each with problem details.</param>
internal sealed record OperationShape(
    string Name, string Clause, IReadOnlyList<AnswerShape> Answers, IReadOnlyList<int> Problems, ValueShape? Request);
