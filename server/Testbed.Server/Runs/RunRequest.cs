using Testbed.Conformance.Claims;
using Testbed.Server.Agents;
using Testbed.Server.Planning;

namespace Testbed.Server.Runs;

/// <summary>What the inspector asked for, and the chance and names that a run takes from outside.</summary>
public sealed record RunRequest
{
    public required string RunId { get; init; }
    /// <summary>32 random bytes, drawn for this run alone.</summary>
    public required ReadOnlyMemory<byte> Nonce { get; init; }
    public required Claim Claim { get; init; }
    /// <summary>The file that the claim was read from; copied into the run folder byte by byte.</summary>
    public required string ClaimPath { get; init; }
    /// <summary>Content of the file that the claim's <c>exposure.nef.ca</c> names; empty where it names none.</summary>
    public string ExposureCa { get; init; } = "";
    /// <summary>Content of the files that <c>edge.ca</c> names, by edge host.</summary>
    public IReadOnlyDictionary<string, string> EdgeCas { get; init; } = new Dictionary<string, string>();
    public required PlanSize Size { get; init; }
    public RequirementFilter Filter { get; init; } = RequirementFilter.All;
    /// <summary>Where agents dial in.</summary>
    public required string SocketPath { get; init; }
    public required string ToolVersion { get; init; }
    public required string ToolCommit { get; init; }
    /// <summary>How long to wait for the kits.</summary>
    public TimeSpan GatherWithin { get; init; } = TimeSpan.FromSeconds(20);
    public EvidenceQuota Quota { get; init; } = new();
}
