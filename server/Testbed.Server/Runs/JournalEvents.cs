using Testbed.Conformance.Json;
using Testbed.Evidence.Journals;
using Testbed.Server.Agents;

namespace Testbed.Server.Runs;

/// <summary>An evidence file arrived and is on the disc under its final name.</summary>
internal sealed record EvidenceReceived(EvidenceFile File) : IJournalEvent
{
    public string Kind => nameof(EvidenceReceived);

    public JsonObject ToJson() => new()
    {
        { "file", File.Name }, { "kit", File.Kit }, { "taskId", File.TaskId }, { "bytes", File.Bytes },
        { "sha256", File.Sha256 },
    };
}

/// <summary>A phase of the plan begins: what follows belongs to it.</summary>
internal sealed record PhaseStarted(string Phase, bool IsOverload) : IJournalEvent
{
    public string Kind => nameof(PhaseStarted);
    public JsonObject ToJson() => new() { { "phase", Phase }, { "overload", IsOverload } };
}

internal sealed record PhaseEnded(string Phase) : IJournalEvent
{
    public string Kind => nameof(PhaseEnded);
    public JsonObject ToJson() => new() { { "phase", Phase } };
}

/// <summary>A file that the server made from the evidence.</summary>
internal sealed record OutputWritten(string File, string Sha256) : IJournalEvent
{
    public string Kind => nameof(OutputWritten);
    public JsonObject ToJson() => new() { { "file", File }, { "sha256", Sha256 } };
}
