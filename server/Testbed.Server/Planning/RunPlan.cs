using Testbed.Conformance;
using Testbed.Conformance.Json;

namespace Testbed.Server.Planning;

/// <summary>
/// What a run will do, frozen before its first packet: the same claim, profile, nonce and kits give the same
/// bytes. Its digest is in the journal before any task starts, and in every order that an agent gets.
/// </summary>
public sealed record RunPlan
{
    public const string Schema = "testbed.plan/1";

    public required string RunId { get; init; }
    public required PlanSize Size { get; init; }
    /// <summary>32 bytes, lower-case hex.</summary>
    public required string Nonce { get; init; }
    public required string ClaimDigest { get; init; }
    public required string Profile { get; init; }
    public required string ProfileDigest { get; init; }
    public IReadOnlyList<string> Only { get; init; } = [];
    public IReadOnlyList<string> Skip { get; init; } = [];
    /// <summary>Started before the first phase, stopped after the last.</summary>
    public required IReadOnlyList<PlanTask> Captures { get; init; }
    public required IReadOnlyList<PlanPhase> Phases { get; init; }
    /// <summary>What the claim would call for and this run does not do, with the reason.</summary>
    public IReadOnlyList<PlanOmission> Omissions { get; init; } = [];

    /// <summary>Captures, responders and tests; those of retests left out.</summary>
    public IEnumerable<PlanTask> Tasks => Captures.Concat(Phases.SelectMany(phase => phase.Tasks));

    /// <summary>Expected length of all phases, in seconds, as long as none is measured again.</summary>
    public int Seconds => Phases.Sum(phase => phase.Seconds);

    /// <summary>Canonical bytes: what is written, digested and later checked.</summary>
    public byte[] Encode() => CanonicalJson.Write(ToJson());

    public JsonObject ToJson() => new()
    {
        { "schema", Schema }, { "runId", RunId }, { "size", Size == PlanSize.Quick ? "quick" : "full" },
        { "nonce", Nonce }, { "claimDigest", ClaimDigest }, { "profile", Profile },
        { "profileDigest", ProfileDigest }, { "only", JsonArray.Of(Only) }, { "skip", JsonArray.Of(Skip) },
        { "captures", new JsonArray(Captures.Select(task => task.ToJson())) },
        { "phases", new JsonArray(Phases.Select(phase => phase.ToJson())) },
        { "omissions", new JsonArray(Omissions.Select(omission => omission.ToJson())) },
        { "seconds", Seconds },
    };
}

public enum PlanSize { Quick = 1, Full = 2 }

/// <summary>
/// Tasks that run together. Responders are ready before the first test starts and stop after the last.
/// </summary>
/// <param name="Seconds">Expected length.</param>
/// <param name="IsOverload">The network is pushed past its limits on purpose; loss meanwhile is no fault of it.</param>
public sealed record PlanPhase(
    string Name, LocalText Title, int Seconds, bool IsOverload, IReadOnlyList<PlanTask> Responders,
    IReadOnlyList<PlanTask> Tests)
{
    public IEnumerable<PlanTask> Tasks => Responders.Concat(Tests);

    /// <summary>When the phase is measured again; null for never.</summary>
    public PlanRetest? Retest { get; init; }

    public JsonObject ToJson()
    {
        JsonObject json = new()
        {
            { "name", Name }, { "seconds", Seconds }, { "overload", IsOverload },
            { "responders", new JsonArray(Responders.Select(task => task.ToJson())) },
            { "tests", new JsonArray(Tests.Select(task => task.ToJson())) },
        };
        if (Retest is { } retest) json.Add("retest", retest.ToJson());
        return json;
    }
}

/// <summary>
/// The rule for measuring a phase again, frozen before the first packet. It asks how fit the kits were and never how
/// the network did; the attempt in which this figure is lowest counts, and every attempt is in the report.
/// </summary>
/// <param name="Kpi">Id of the figure that calls for another attempt, e.g. <c>disturbed-packet-share</c>.</param>
/// <param name="Above">Another attempt while the latest one's figure is above this.</param>
/// <param name="Attempts">Further attempts, in order, with keys of their own.</param>
public sealed record PlanRetest(string Kpi, decimal Above, IReadOnlyList<PlanPhase> Attempts)
{
    public JsonObject ToJson() => new()
    {
        { "kpi", Kpi }, { "above", Above }, { "attempts", new JsonArray(Attempts.Select(phase => phase.ToJson())) },
    };
}

/// <param name="Id">Unique in the plan, e.g. <c>stamp-sender-1</c>.</param>
/// <param name="Kind">A probe's kind, or <c>capture</c>.</param>
/// <param name="Seconds">Expected length; 0 for what runs until it is stopped.</param>
public sealed record PlanTask(
    string Id, string Kind, string Kit, int Seconds, IReadOnlyDictionary<string, string> Parameters)
{
    public string this[string parameter] => Parameters[parameter];

    public JsonObject ToJson()
    {
        JsonObject parameters = [];
        foreach ((string name, string value) in Parameters) parameters.Add(name, value);
        return new()
        {
            { "id", Id }, { "kind", Kind }, { "kit", Kit }, { "seconds", Seconds }, { "parameters", parameters },
        };
    }
}

/// <param name="Requirements">Ids that cannot be shown without it.</param>
public sealed record PlanOmission(string What, LocalText Reason, IReadOnlyList<string> Requirements)
{
    public JsonObject ToJson() => new()
    {
        { "what", What }, { "reason", new JsonObject { { "zh", Reason.Zh }, { "en", Reason.En } } },
        { "requirements", JsonArray.Of(Requirements) },
    };
}
