using System.Diagnostics;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Matching;
using Testbed.Analyzer.Meters;

namespace Testbed.Analyzer;

/// <summary>The way in: captures and context go in, everything that was found comes out.</summary>
public static class TrafficAnalysis
{
    /// <summary>
    /// Reads, matches and measures. A pure function of the files and the request, but for the elapsed time.
    /// </summary>
    /// <exception cref="Testbed.Wire.Files.CaptureFileException">A file is no capture.</exception>
    /// <exception cref="IOException">A file cannot be opened or read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static AnalysisResult Run(
        AnalysisRequest request, IProgress<AnalysisProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        long started = Stopwatch.GetTimestamp();
        AnalysisContext context = Prepare(request, progress, cancellation);
        progress?.Report(new("measure", 0));
        return new ResultBuilder(context).Build(() => Stopwatch.GetElapsedTime(started));
    }

    internal static AnalysisContext Prepare(
        AnalysisRequest request, IProgress<AnalysisProgress>? progress, CancellationToken cancellation)
    {
        IReadOnlyList<TapCapture> taps = CaptureLoader.Load(request, progress, cancellation);
        progress?.Report(new("match", 0));
        AddressRoles roles = new() { UePools = [.. request.Claim?.Slices.SelectMany(slice => slice.UePools) ?? []] };
        if (request.Claim is not null)
        {
            roles.UpfN3.UnionWith(
                request.Claim.Network.Upfs.SelectMany(upf => upf.N3).Select(Wire.Ip.HostAddress.From));
            roles.GnbN3.UnionWith(
                request.Claim.Network.Gnbs.SelectMany(gnb => gnb.N3).Select(Wire.Ip.HostAddress.From));
        }
        SliceMap slices = new(request.Claim);
        ControlPlane control = ControlPlane.Read(request, cancellation);
        SliceLearner learner = new(slices, request.Claim, control);
        learner.LearnFromSignalling();
        foreach (ControlSession session in control.AllSessions)
        {
            roles.UpfN3.UnionWith(session.UplinkEnds.Select(end => end.Address));
            roles.GnbN3.UnionWith(session.DownlinkEnds.Select(end => end.Address));
        }
        // A UPF that passes packets on to another one (N9) also looks like a gNB to it.
        roles.GnbN3.ExceptWith(roles.UpfN3);
        DirectionResolver.SetKitsApart(
            taps, (request.Run?.KitAddresses ?? []).Select(Wire.Ip.HostAddress.From).ToHashSet());
        DirectionResolver.ResolveN3([.. taps.Where(tap => tap.Role is not TapRole.N6)], roles);
        foreach (TapCapture tap in taps)
            if (tap.Role is not TapRole.N3) DirectionResolver.ResolveN6(tap, roles);
        Matcher matcher = new(taps, request.Options, cancellation);
        UnmatchedReason[][] reasons = [.. taps.Select(tap => new UnmatchedReason[tap.Records.Count])];
        bool bothSides = taps.Any(tap => tap.Role is not TapRole.N6) && taps.Any(tap => tap.Role is not TapRole.N3);
        if (bothSides)
        {
            matcher.Run();
            if (CoarseClock.Find(taps, matcher.Pairs, request.Options.MatchWindowNs) is { } aheadNs)
            {
                CoarseClock.Align(taps, aheadNs);
                matcher = new(taps, request.Options, cancellation) { AlignedNs = aheadNs };
                matcher.Run();
            }
            reasons = new UnmatchedClassifier(taps, matcher, roles, slices, request).Run();
        }
        AnalysisContext context = new()
        {
            Request = request, Taps = taps, Matcher = matcher, Reasons = reasons, Roles = roles, Slices = slices,
            ControlPlane = control,
        };
        if (control.NgapSessions.All.Count > 0) learner.LearnFromTunnels(TunnelUse.Gather(context));
        return context;
    }
}
