using Testbed.Agent.Spool;
using Testbed.Capture;
using Testbed.Capture.Recording;
using Testbed.Conformance.Json;
using Testbed.Conformance.Results;

namespace Testbed.Agent.Tasks;

/// <summary>
/// The canonical JSON of <c>TaskDone.outcome_json</c>: <c>{kpis, records}</c>, with <c>facts</c> where a probe learnt
/// something that a later task needs, and, of a capture,
/// <c>capture: {point, interface, captured, received, osDropped, interfaceDropped, firstNs, lastNs, segments}</c>.
/// </summary>
internal static class OutcomeJson
{
    public static string OfProbe(
        IEnumerable<KpiResult> kpis, IEnumerable<SpooledFile> records, IReadOnlyDictionary<string, string> facts)
    {
        JsonObject outcome = Outcome(kpis, records);
        if (facts.Count == 0) return outcome.ToString();
        JsonObject named = [];
        foreach ((string name, string value) in facts) named.Add(name, value);
        outcome.Add("facts", named);
        return outcome.ToString();
    }

    /// <remarks><c>interfaceDropped</c> is missing where the system tells nothing of the interface.</remarks>
    public static string OfCapture(
        string point, string interfaceName, RecordingSummary summary, IEnumerable<SpooledFile> records)
    {
        CaptureCounters counters = summary.Counters;
        JsonObject capture = new()
        {
            { "point", point }, { "interface", interfaceName }, { "captured", counters.Captured },
            { "received", counters.Received }, { "osDropped", counters.OsDropped },
            { "firstNs", (decimal)summary.FirstNs }, { "lastNs", (decimal)summary.LastNs },
            { "segments", summary.SegmentCount },
        };
        if (counters.InterfaceCountersKnown) capture.Add("interfaceDropped", counters.InterfaceDropped);
        JsonObject outcome = Outcome([], records);
        outcome.Add("capture", capture);
        return outcome.ToString();
    }

    private static JsonObject Outcome(IEnumerable<KpiResult> kpis, IEnumerable<SpooledFile> records) => new()
    {
        { "kpis", KpiResultJson.Write(kpis) }, { "records", JsonArray.Of(records.Select(file => file.RunName)) },
    };
}
