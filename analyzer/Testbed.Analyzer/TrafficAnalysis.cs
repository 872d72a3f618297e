using System.Diagnostics;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Matching;
using Testbed.Analyzer.Matching.Clocks;
using Testbed.Analyzer.Matching.Losses;
using Testbed.Analyzer.Meters.Provenance;
using Testbed.Analyzer.Meters.Sessions;
using Testbed.Analyzer.Profiles;
using Testbed.Analyzer.Streaming;
using Testbed.Conformance;

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
        AnalysisPlan plan = AnalysisPlan.Read(request, cancellation);
        AnalysisContext context = StreamingAnalysis.TryRun(
            request, plan, progress, cancellation, out LocalText? why) ?? Prepare(request, progress, cancellation);
        progress?.Report(new("measure", 0));
        return new ResultBuilder(context).Build(() => Stopwatch.GetElapsedTime(started), cancellation)
            with { KeptBecause = why };
    }

    /// <summary>Reads all packets into memory and matches them there: for whatever cannot be streamed.</summary>
    internal static AnalysisContext Prepare(
        AnalysisRequest request, IProgress<AnalysisProgress>? progress, CancellationToken cancellation)
    {
        IReadOnlyList<TapCapture> taps = CaptureLoader.Load(request, progress, cancellation);
        progress?.Report(new("match", 0));
        AnalysisPlan plan = AnalysisPlan.Read(request, cancellation);
        AddressRoles roles = plan.Roles;
        DirectionResolver.SetKitsApart(
            taps, (request.Run?.KitAddresses ?? []).Select(Wire.Ip.HostAddress.From).ToHashSet());
        TrialSeparator.SetApart(taps, request.Run);
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
            MatchedFacts matched = MatchedFacts.Of(
                taps, matcher.Outcomes, plan.Slices, request.Options, request.Run is not null);
            reasons = new UnmatchedClassifier(taps, matcher.Outcomes, matched, plan, request).Run();
        }
        long startNs = taps.Min(tap => (long?)tap.Tally.FirstNs) ?? 0;
        ProfileSettings settings = ProfileSettingsOf(request, plan.Slices, startNs) with { WithTunnels = true };
        foreach (TapCapture tap in taps)
        {
            tap.Profile = new(tap.Decoder, tap.Files, settings);
            for (int i = 0; i < tap.Records.Count; i++) tap.Profile.Add(tap.Records[i]);
        }
        AnalysisContext context = new()
        {
            Request = request, Taps = taps, Matcher = matcher, Reasons = reasons, Roles = roles, Slices = plan.Slices,
            ControlPlane = plan.ControlPlane,
        };
        if (plan.ControlPlane.NgapSessions.All.Count > 0) plan.Learner!.LearnFromTunnels(TunnelUse.Gather(context));
        context.Crossings = new RecordedCrossings(context).AddUp();
        return context;
    }

    // Who uses which tunnel matters only where a claim's slices or N4 say who may.
    internal static ProfileSettings ProfileSettingsOf(AnalysisRequest request, SliceMap slices, long startNs) =>
        new(startNs, request.Options.SeriesStepNs, slices.Count > 0 || request.N4.Count + request.N2.Count > 0);
}
