using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Meters.Provenance;
using Testbed.Analyzer.Meters.Sessions;

namespace Testbed.Analyzer;

/// <summary>What is known of a network before its user plane is looked at: from the claim and from N4.</summary>
internal sealed class AnalysisPlan(AnalysisRequest request, ControlPlane controlPlane)
{
    public ControlPlane ControlPlane => controlPlane;
    public AddressRoles Roles { get; private init; } = new();
    public SliceMap Slices { get; private init; } = new(null);
    public SliceLearner? Learner { get; private init; }

    public static AnalysisPlan Read(AnalysisRequest request, CancellationToken cancellation) =>
        new AnalysisPlan(request, ControlPlane.Read(request, cancellation)).Again();

    /// <summary>The same, fresh: reading captures adds to roles and slices.</summary>
    public AnalysisPlan Again()
    {
        AddressRoles roles = new() { UePools = [.. request.Claim?.Slices.SelectMany(slice => slice.UePools) ?? []] };
        if (request.Claim is not null)
        {
            roles.UpfN3.UnionWith(
                request.Claim.Network.Upfs.SelectMany(upf => upf.N3).Select(Wire.Ip.HostAddress.From));
            roles.GnbN3.UnionWith(
                request.Claim.Network.Gnbs.SelectMany(gnb => gnb.N3).Select(Wire.Ip.HostAddress.From));
        }
        SliceMap slices = new(request.Claim);
        controlPlane.Contradictions.Clear();
        SliceLearner learner = new(slices, request.Claim, controlPlane);
        learner.LearnFromSignalling();
        foreach (ControlSession session in controlPlane.AllSessions)
        {
            roles.UpfN3.UnionWith(session.UplinkEnds.Select(end => end.Address));
            roles.GnbN3.UnionWith(session.DownlinkEnds.Select(end => end.Address));
        }
        // A UPF that passes packets on to another one (N9) also looks like a gNB to it.
        roles.GnbN3.ExceptWith(roles.UpfN3);
        return new(request, controlPlane) { Roles = roles, Slices = slices, Learner = learner };
    }
}
