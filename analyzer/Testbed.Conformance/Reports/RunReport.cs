using Testbed.Conformance.Results;

namespace Testbed.Conformance.Reports;

/// <summary>
/// The result of one run: data, complete in itself. Its canonical bytes (<see cref="ReportEncoding"/>) are the only
/// official form; every page and table is derived from it.
/// </summary>
public sealed record RunReport
{
    public const string Schema = "testbed.report/1";

    public required ReportRun Run { get; init; }
    public required ReportClaim Claim { get; init; }
    public required ReportProfile Profile { get; init; }
    public required Judgement Judgement { get; init; }
    /// <summary>By tap; a tap that stands twice is a defect of the caller.</summary>
    public IReadOnlyList<TapLoss> Loss { get; init; } = [];
    public IReadOnlyList<ReportClock> Clocks { get; init; } = [];
    public IReadOnlyList<ReportAgent> Agents { get; init; } = [];
    /// <summary>What no software can rule out: printed in every report.</summary>
    public LocalText ResidualRisk { get; init; } = ReportTexts.ResidualRisk;
}

/// <param name="Purpose"><c>self-check</c> or <c>site-visit</c>, as in the claim.</param>
/// <param name="StartedUtc">Kept to the millisecond.</param>
/// <param name="Plan">Name of the plan, e.g. <c>quick</c>.</param>
/// <param name="PlanDigest">SHA-256 of the frozen plan, lower-case hex.</param>
/// <param name="Nonce">The run's nonce, lower-case hex.</param>
public sealed record ReportRun(
    string Id, string Purpose, DateTimeOffset StartedUtc, DateTimeOffset EndedUtc, string Plan, string PlanDigest,
    string Nonce, ReportTool Tool)
{
    public bool IsSelfCheck => Purpose == "self-check";
}

/// <param name="Commit">The commit that the executable was built from; empty when unknown.</param>
public sealed record ReportTool(string Version, string Commit);

/// <param name="Digest">SHA-256 of the profile file's bytes.</param>
public sealed record ReportProfile(string Name, string Version, string Digest);

/// <summary>What one tap saw and what it lost.</summary>
/// <param name="Tap">Reference point and interface, e.g. <c>n3/n3u</c>.</param>
public sealed record TapLoss(
    string Tap, string Kit, long Captured, long OsDropped, long InterfaceDropped, long Bytes, int Segments);

/// <param name="Source"><c>chrony</c>, <c>ptp</c> or <c>none</c>.</param>
/// <param name="BoundNs">Largest possible error of the wall clock; null when unknown, which is not zero.</param>
/// <param name="BootId">Kits with the same boot id share one clock.</param>
/// <param name="ClockSource">The kernel's clock source, e.g. <c>tsc</c>; empty when unknown.</param>
public sealed record ReportClock(string Kit, string Source, long? BoundNs, string BootId, string ClockSource);

/// <param name="Problem">Null when the agent was there from the beginning to the end.</param>
public sealed record ReportAgent(
    string Kit, string Version, string BootId, IReadOnlyList<string> Interfaces, LocalText? Problem);
