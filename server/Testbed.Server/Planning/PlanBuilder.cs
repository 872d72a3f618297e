using Testbed.Conformance.Claims;
using Testbed.Conformance.Profiles;
using Testbed.Server.Planning.Edge;
using Testbed.Server.Planning.Exposure;
using Testbed.Server.Planning.Security;
using Testbed.Server.Planning.Slices;

namespace Testbed.Server.Planning;

/// <summary>Everything that a plan follows from.</summary>
/// <param name="Nonce">32 bytes.</param>
public sealed record PlanRequest(
    string RunId, Claim Claim, string Profile, string ProfileDigest, ReadOnlyMemory<byte> Nonce, PlanSize Size,
    RequirementFilter Filter, IKitAddresses Kits)
{
    /// <summary>Content of the file that the claim's <c>exposure.nef.ca</c> names; empty where it names none.</summary>
    public string ExposureCa { get; init; } = "";

    /// <summary>Content of the files that <c>edge.ca</c> names, by edge host; without one: the system's.</summary>
    public IReadOnlyDictionary<string, string> EdgeCas { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// From claim, profile and nonce to a frozen plan. A pure function: the same request, the same bytes.
/// </summary>
public static class PlanBuilder
{
    public const int NonceBytes = 32;

    /// <summary>
    /// Never plans what the claim does not consent to, nor more than its limits: what cannot be done within them
    /// is left out and said so in <see cref="RunPlan.Omissions"/>.
    /// </summary>
    public static RunPlan Build(PlanRequest request)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(request.Nonce.Length, NonceBytes);
        PlanDraft draft = new(
            request.Claim, request.Size, request.Filter, new(request.Nonce.Span), request.Kits, request.ExposureCa)
        {
            EdgeCas = request.EdgeCas, Criteria = ProfileCatalogue.Find(request.Profile),
        };
        CapturePlanner.Plan(draft);
        CeilingPlanner.Plan(draft);
        PathManagementPlanner.Plan(draft);
        ExposurePlanner.Plan(draft);
        SliceAdmissionPlanner.Plan(draft);
        // Overload comes last: what it leaves in queues and timers must not colour delay and loss.
        DensityPlanner.Plan(draft);
        StampPlanner.Plan(draft);
        EdgeNamePlanner.Plan(draft);
        EdgePathPlanner.Plan(draft);
        // After UE traffic to the edge: the location service is asked for a UE that has just had some.
        MecPlanner.Plan(draft);
        CoreScanPlanner.Plan(draft);
        TrialPlanner.Plan(draft);
        CapacityPlanner.Plan(draft);
        ExposureLoopPlanner.Plan(draft);
        SliceReachPlanner.Plan(draft);
        SliceLoadPlanner.Plan(draft);
        // Last of all: it may leave the network without a UPF.
        MutantPlanner.Plan(draft);
        return new()
        {
            RunId = request.RunId,
            Size = request.Size,
            Nonce = Convert.ToHexStringLower(request.Nonce.Span),
            ClaimDigest = request.Claim.Digest,
            Profile = request.Profile,
            ProfileDigest = request.ProfileDigest,
            Only = request.Filter.Only,
            Skip = request.Filter.Skip,
            Captures = draft.Captures,
            Phases = draft.Phases,
            Omissions = draft.Omissions,
        };
    }
}
