using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Testbed.Probes.Conformance;

/// <summary>
/// What an API's answers must look like: our own statement of what its specification says, as one JSON file an API in
/// Descriptions/. What a specification leaves open is left open here.
/// </summary>
internal sealed class ApiDescription
{
    private static readonly TimeSpan MatchWithin = TimeSpan.FromMilliseconds(100);
    private readonly Dictionary<string, OperationShape> _operations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ObjectShape> _types = new(StringComparer.Ordinal);

    private ApiDescription(string name) => Name = name;

    public string Name { get; }
    public IReadOnlyCollection<OperationShape> Operations => _operations.Values;

    /// <summary>What a refusal's body looks like.</summary>
    public ProblemShape Problem { get; private set; } = new("", new() { Form = ValueForm.Any });

    public OperationShape Operation(string name) => _operations[name];

    public ObjectShape Type(string name) => _types[name];

    /// <summary>The description of this name, with the types that all descriptions use (file common).</summary>
    /// <exception cref="InvalidOperationException">There is no such file, or it is wrong: a defect of ours.</exception>
    public static ApiDescription Load(string name)
    {
        ApiDescription description = new(name);
        foreach (string file in (string[])["common", name])
        {
            using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"descriptions.{file}.json")
                ?? throw new InvalidOperationException($"no description {file}");
            using JsonDocument json = JsonDocument.Parse(stream);
            description.Add(json.RootElement);
        }
        description.RequireTypes();
        return description;
    }

    private void Add(JsonElement root)
    {
        string clause = root.GetProperty("clause").GetString()!;
        foreach (JsonProperty type in Members(root, "types"))
            _types[type.Name] = new(
                type.Name, [.. Members(type.Value, "members").Select(ReadMember)],
                [.. Items(type.Value, "oneOf").Select(group => (IReadOnlyList<string>)Texts(group))]);
        if (root.TryGetProperty("problem", out JsonElement problem))
            Problem = new(Text(problem, "media")!, ReadValue(problem.GetProperty("body")));
        foreach (JsonProperty operation in Members(root, "operations"))
            _operations[operation.Name] = ReadOperation(operation, clause);
    }

    private static OperationShape ReadOperation(JsonProperty operation, string apiClause) => new(
        operation.Name, Text(operation.Value, "clause") ?? apiClause,
        [.. Members(operation.Value, "answers").Select(answer => new AnswerShape(
            int.Parse(answer.Name, CultureInfo.InvariantCulture),
            answer.Value.TryGetProperty("body", out JsonElement body)
                ? Text(answer.Value, "media") ?? "application/json" : null,
            body.ValueKind is JsonValueKind.Undefined ? null : ReadValue(body),
            [.. Items(answer.Value, "headers").Select(each => each.GetString()!)]))],
        [.. Items(operation.Value, "problems").Select(each => each.GetInt32())],
        operation.Value.TryGetProperty("request", out JsonElement request) ? ReadValue(request) : null);

    private static MemberShape ReadMember(JsonProperty member) => new(
        member.Name, ReadValue(member.Value),
        member.Value.ValueKind is JsonValueKind.Object
            && member.Value.TryGetProperty("required", out JsonElement required) && required.GetBoolean());

    /// <summary>A word (<c>string</c>, <c>integer</c>, …, or a type's name), or an object that says more.</summary>
    private static ValueShape ReadValue(JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.String) return OfWord(value.GetString()!);
        ValueShape shape = OfWord(Text(value, "type") ?? "any");
        return shape with
        {
            Items = value.TryGetProperty("items", out JsonElement items) ? ReadValue(items) : null,
            ItemsMin = value.TryGetProperty("itemsMin", out JsonElement itemsMin) ? itemsMin.GetInt32() : 0,
            Words = [.. Items(value, "words").Select(each => each.GetString()!)],
            Pattern = Text(value, "pattern") is { } pattern
                ? new(pattern, RegexOptions.CultureInvariant, MatchWithin) : null,
            Format = Text(value, "format"),
            Min = value.TryGetProperty("min", out JsonElement min) ? min.GetInt64() : null,
        };
    }

    // Names of types begin with a capital, as in the specifications.
    private static ValueShape OfWord(string word) => char.IsUpper(word[0])
        ? new() { Form = ValueForm.Object, Type = word }
        : new() { Form = Enum.Parse<ValueForm>(word, ignoreCase: true) };

    private void RequireTypes()
    {
        IEnumerable<ValueShape> all = _types.Values.SelectMany(type => type.Members.Select(member => member.Value))
            .Concat(_operations.Values
                .SelectMany(each => each.Answers.Select(answer => answer.Body).Append(each.Request))
                .OfType<ValueShape>())
            .Append(Problem.Body);
        foreach (ValueShape shape in all)
            for (ValueShape? at = shape; at is not null; at = at.Items)
                if (at.Type is { } type && !_types.ContainsKey(type))
                    throw new InvalidOperationException($"{Name}: no type {type}");
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.EnumerateObject() : default;

    private static JsonElement.ArrayEnumerator Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.EnumerateArray() : default;

    private static string[] Texts(JsonElement array) => [.. array.EnumerateArray().Select(each => each.GetString()!)];

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
