using Testbed.Conformance;
using Testbed.Conformance.Json;
using Testbed.Evidence.Segments;

namespace Testbed.Evidence.Journals;

/// <param name="Nonce">32 bytes, lower-case hex.</param>
public sealed record RunCreated(string RunId, string Purpose, string Nonce, string ToolVersion, string Commit)
    : IJournalEvent
{
    public string Kind => nameof(RunCreated);
    public JsonObject ToJson() => new()
    {
        { "runId", RunId }, { "purpose", Purpose }, { "nonce", Nonce },
        { "toolVersion", ToolVersion }, { "commit", Commit },
    };
}

/// <param name="Digest">SHA-256 of the file's bytes.</param>
public sealed record ClaimRead(string File, string Digest, string Profile, string ProfileDigest) : IJournalEvent
{
    public string Kind => nameof(ClaimRead);
    public JsonObject ToJson() => new()
    {
        { "file", File }, { "digest", Digest }, { "profile", Profile }, { "profileDigest", ProfileDigest },
    };
}

/// <param name="Digest">SHA-256 of the canonical plan in <paramref name="File"/>.</param>
public sealed record PlanFrozen(string File, string Digest, int TaskCount) : IJournalEvent
{
    public string Kind => nameof(PlanFrozen);
    public JsonObject ToJson() => new() { { "file", File }, { "digest", Digest }, { "taskCount", TaskCount } };
}

public sealed record AgentAttached(string Kit, string Version, string BootId, int Pid) : IJournalEvent
{
    public string Kind => nameof(AgentAttached);
    public JsonObject ToJson() => new()
    {
        { "kit", Kit }, { "version", Version }, { "bootId", BootId }, { "pid", Pid },
    };
}

public sealed record AgentLost(string Kit, string Reason) : IJournalEvent
{
    public string Kind => nameof(AgentLost);
    public JsonObject ToJson() => new() { { "kit", Kit }, { "reason", Reason } };
}

public sealed record TaskStarted(string TaskId, string TaskKind, string Kit) : IJournalEvent
{
    public string Kind => nameof(TaskStarted);
    public JsonObject ToJson() => new() { { "taskId", TaskId }, { "taskKind", TaskKind }, { "kit", Kit } };
}

public sealed record TaskReady(string TaskId) : IJournalEvent
{
    public string Kind => nameof(TaskReady);
    public JsonObject ToJson() => new() { { "taskId", TaskId } };
}

/// <param name="Outcome">What the task measured; null when it has nothing to say.</param>
/// <param name="Problem">Null when the task did its work.</param>
public sealed record TaskDone(string TaskId, IReadOnlyList<string> Files, JsonObject? Outcome, LocalText? Problem)
    : IJournalEvent
{
    public string Kind => nameof(TaskDone);

    public JsonObject ToJson()
    {
        JsonObject data = new() { { "taskId", TaskId }, { "files", JsonArray.Of(Files) } };
        data.AddIfAny("outcome", Outcome);
        if (Problem is { } problem) data.Add("problem", new JsonObject { { "zh", problem.Zh }, { "en", problem.En } });
        return data;
    }
}

/// <param name="File">Path inside the run folder.</param>
public sealed record SegmentStored(string File, SegmentRecord Segment) : IJournalEvent
{
    public string Kind => nameof(SegmentStored);
    public JsonObject ToJson() => new() { { "file", File }, { "segment", Segment.ToJson() } };
}

public sealed record Note(string Text) : IJournalEvent
{
    public string Kind => nameof(Note);
    public JsonObject ToJson() => new() { { "text", Text } };
}

/// <summary>A writer died in the middle of a line. What was there is kept beside the journal.</summary>
public sealed record TornLineKept(string File, long Bytes, string Sha256) : IJournalEvent
{
    public string Kind => nameof(TornLineKept);
    public JsonObject ToJson() => new() { { "file", File }, { "bytes", Bytes }, { "sha256", Sha256 } };
}

public sealed record RunEnded(string ReportDigest, string Overall) : IJournalEvent
{
    public string Kind => nameof(RunEnded);
    public JsonObject ToJson() => new() { { "reportDigest", ReportDigest }, { "overall", Overall } };
}

public sealed record RunAborted(string Reason) : IJournalEvent
{
    public string Kind => nameof(RunAborted);
    public JsonObject ToJson() => new() { { "reason", Reason } };
}
