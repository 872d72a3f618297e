using System.Globalization;
using System.Text.Json;
using Testbed.Probes.Http;
using Testbed.Probes.Notifications;

namespace Testbed.Probes.Conformance;

/// <summary>Holds answers and notifications against an API's description.</summary>
internal sealed class ConformanceCheck(ApiDescription api)
{
    /// <summary>What is wrong with an answer; empty when nothing is.</summary>
    public IReadOnlyList<ConformanceFinding> Answer(string operation, ApiAnswer answer)
    {
        OperationShape shape = api.Operation(operation);
        List<ConformanceFinding> findings = [];
        if (answer.Status is not { } status)
        {
            findings.Add(new(operation, "status", "an answer", answer.Summary.En, shape.Clause));
            return findings;
        }
        if (shape.Answers.FirstOrDefault(each => each.Status == (int)status) is { } expected)
            CheckSuccess(shape, expected, answer, findings);
        else if (shape.Problems.Contains((int)status)) CheckProblem(shape, answer, findings);
        else
            findings.Add(new(operation, "status",
                string.Join(" or ", shape.Answers.Select(each => each.Status)), Number((int)status), shape.Clause));
        return findings;
    }

    /// <summary>An answer that has to refuse, with one of these status codes.</summary>
    public IReadOnlyList<ConformanceFinding> Refusal(string operation, ApiAnswer answer, params int[] allowed)
    {
        OperationShape shape = api.Operation(operation);
        List<ConformanceFinding> findings = [];
        if (answer.Status is { } status && allowed.Contains((int)status)) CheckProblem(shape, answer, findings);
        else
            findings.Add(new(operation, "status", string.Join(" or ", allowed),
                answer.Status is { } other ? Number((int)other) : answer.Summary.En, shape.Clause));
        return findings;
    }

    public IReadOnlyList<ConformanceFinding> Message(string operation, Notification notification)
    {
        OperationShape shape = api.Operation(operation);
        List<ConformanceFinding> findings = [];
        CheckMediaType(shape, ApiRequest.Json, notification.MediaType, findings);
        using JsonDocument? json = notification.Json();
        CheckBody(shape, shape.Request!, json, findings);
        return findings;
    }

    private void CheckSuccess(
        OperationShape shape, AnswerShape expected, ApiAnswer answer, List<ConformanceFinding> findings)
    {
        foreach (string header in expected.Headers)
            if (answer.Header(header) is null)
                findings.Add(new(shape.Name, "header " + header, "present", "absent", shape.Clause));
        if (expected.Body is not { } body)
        {
            if (!answer.Body.IsEmpty)
                findings.Add(new(shape.Name, "/", "no body", $"{answer.Body.Length} bytes", shape.Clause));
            return;
        }
        CheckMediaType(shape, expected.MediaType!, answer.MediaType, findings);
        using JsonDocument? json = answer.Json();
        CheckBody(shape, body, json, findings);
    }

    /// <summary>Problem details where there is a body: no specification here requires one.</summary>
    private void CheckProblem(OperationShape shape, ApiAnswer answer, List<ConformanceFinding> findings)
    {
        if (answer.Body.IsEmpty) return;
        CheckMediaType(shape, api.Problem.MediaType, answer.MediaType, findings);
        using JsonDocument? json = answer.Json();
        CheckBody(shape, api.Problem.Body, json, findings);
    }

    private void CheckBody(
        OperationShape shape, ValueShape body, JsonDocument? json, List<ConformanceFinding> findings)
    {
        if (json is null) findings.Add(new(shape.Name, "/", "JSON", "no JSON", shape.Clause));
        else new BodyCheck(api, shape.Name, shape.Clause, findings).Check(json.RootElement, body, "");
    }

    private static void CheckMediaType(
        OperationShape shape, string expected, string? found, List<ConformanceFinding> findings)
    {
        string? plain = found?.Split(';')[0].Trim();
        if (!string.Equals(plain, expected, StringComparison.OrdinalIgnoreCase))
            findings.Add(new(shape.Name, "media type", expected, ConformanceFinding.Show(plain), shape.Clause));
    }

    private static string Number(int status) => status.ToString(CultureInfo.InvariantCulture);
}
