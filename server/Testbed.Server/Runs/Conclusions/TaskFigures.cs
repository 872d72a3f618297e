using System.Text;
using Testbed.Conformance.Json;
using Testbed.Conformance.Results;
using Testbed.Server.Agents;

namespace Testbed.Server.Runs.Conclusions;

/// <summary>What a capture said of itself at its end.</summary>
/// <param name="InterfaceDropped">Null where the system tells nothing of the interface: unknown, not zero.</param>
internal sealed record CaptureFigures(
    long Captured, long OsDropped, long? InterfaceDropped, long FirstNs, long LastNs, int Segments);

/// <summary>An agent's outcome, read: nothing in it is trusted further than its form.</summary>
internal sealed record TaskFigures(IReadOnlyList<KpiResult> Kpis, CaptureFigures? Capture)
{
    public static TaskFigures None { get; } = new([], null);

    /// <exception cref="CanonicalJsonException">The outcome is not what an agent writes.</exception>
    public static TaskFigures Read(TaskOutcome outcome)
    {
        if (outcome.OutcomeJson.Length == 0) return None;
        JsonObject json = CanonicalJson.ParseObject(Encoding.UTF8.GetBytes(outcome.OutcomeJson));
        KpiResult[] kpis = [.. json.GetObjects("kpis").Select(KpiResultJson.Read)];
        return new(kpis, json.GetObjectOrNull("capture") is { } capture ? ReadCapture(capture) : null);
    }

    private static CaptureFigures ReadCapture(JsonObject json)
    {
        CaptureFigures figures = new(
            json.GetInteger("captured"), json.GetInteger("osDropped"),
            json.TryGet("interfaceDropped", out _) ? json.GetInteger("interfaceDropped") : null,
            json.GetLongText("firstNs"), json.GetLongText("lastNs"), checked((int)json.GetInteger("segments")));
        if (figures.Captured < 0 || figures.OsDropped < 0 || figures.InterfaceDropped < 0 || figures.Segments < 0)
            throw new CanonicalJsonException("a capture counter is negative");
        return figures;
    }
}
