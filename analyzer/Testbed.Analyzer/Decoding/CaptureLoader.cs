using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire.Ip;
using Testbed.Wire.Tunnels;

namespace Testbed.Analyzer.Decoding;

/// <summary>
/// Reads all taps, one thread each, so that every fingerprint covers the same number of payload bytes.
/// </summary>
internal static class CaptureLoader
{
    private readonly record struct Job(TapInput Input, TapRole Role);

    /// <exception cref="ArgumentException">More taps than the matcher can number.</exception>
    public static IReadOnlyList<TapCapture> Load(
        AnalysisRequest request, IProgress<AnalysisProgress>? progress, CancellationToken cancellation)
    {
        List<Job> jobs = Plan(request);
        if (jobs.Count > Matching.Matcher.TapsMax)
            throw new ArgumentException($"At most {Matching.Matcher.TapsMax} taps, got {jobs.Count}.", nameof(request));
        DecoderSettings settings = DecoderSettings.Default with
        {
            TestPorts = TestPorts(request.Run), GtpUPort = request.Options.GtpUPort,
        };
        TapCapture[] taps = Read(jobs, settings, progress, cancellation);
        if (UserTunnelEnds(taps) is { Count: > 0 } ends)
        {
            settings = settings with { UserTunnelEnds = ends };
            taps = Read(jobs, settings, progress, cancellation);
        }
        int kept = taps.Length == 0 ? int.MaxValue : taps.Min(tap => tap.Decoder.DigestBytesKept);
        // One tap's snap length cut into what the digest covers: both must digest what the shorter one kept.
        bool hasBothSides = taps.Any(tap => tap.Role is not TapRole.N6) && taps.Any(tap => tap.Role is not TapRole.N3);
        return kept < settings.DigestBytes && hasBothSides
            ? Read(jobs, settings with { DigestBytes = kept }, progress, cancellation)
            : taps;
    }

    // N3 shows which IP-in-IP and GRE tunnels are the UEs' own. Where N6 opened one of those as if it were a link, the
    // packets inside would never find their twins.
    private static HashSet<HostAddress> UserTunnelEnds(TapCapture[] taps)
    {
        HashSet<HostAddress> opened = [], own = [];
        foreach (TapCapture tap in taps)
        {
            if (tap.Role is not TapRole.N3) opened.UnionWith(tap.Decoder.CarrierEnds);
            if (tap.Role is TapRole.N6) continue;
            for (int i = 0; i < tap.Decoder.Flows.Count; i++)
            {
                FlowKey flow = tap.Decoder.Flows[i];
                if (!IpCarrier.IsCarrier(flow.Protocol)) continue;
                own.Add(flow.Source);
                own.Add(flow.Destination);
            }
        }
        own.IntersectWith(opened);
        return own;
    }

    // A file that is named for both sides is read once, and its frames are told apart.
    private static List<Job> Plan(AnalysisRequest request)
    {
        List<Job> jobs = [];
        HashSet<string> n3Files = [.. request.N3.SelectMany(tap => tap.Files).Select(Path.GetFullPath)];
        HashSet<string> shared = [.. request.N6.SelectMany(tap => tap.Files).Select(Path.GetFullPath)];
        shared.IntersectWith(n3Files);
        foreach (TapInput tap in request.N3)
            jobs.Add(new(tap, tap.Files.Any(IsShared) ? TapRole.Both : TapRole.N3));
        foreach (TapInput tap in request.N6)
        {
            TapInput own = tap with { Files = [.. tap.Files.Where(file => !IsShared(file))] };
            if (own.Files.Count > 0) jobs.Add(new(own, TapRole.N6));
        }
        return jobs;
        bool IsShared(string file) => shared.Contains(Path.GetFullPath(file));
    }

    private static TapCapture[] Read(
        List<Job> jobs, DecoderSettings settings, IProgress<AnalysisProgress>? progress,
        CancellationToken cancellation)
    {
        long total = 0, done = 0;
        foreach (Job job in jobs)
            foreach (string file in job.Input.Files) total += File.Exists(file) ? new FileInfo(file).Length : 0;
        TapCapture[] taps = new TapCapture[jobs.Count];
        try
        {
            Parallel.For(0, jobs.Count, new ParallelOptions { CancellationToken = cancellation }, i =>
                taps[i] = TapReader.Read(jobs[i].Input, jobs[i].Role, settings, Advance, cancellation));
        }
        catch (AggregateException several)
        {
            // Which of several bad files is named must not depend on scheduling: the first in the request.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
        return taps;

        void Advance(long bytes)
        {
            long now = Interlocked.Add(ref done, bytes);
            if (total > 0) progress?.Report(new("read", Math.Min(1, (double)now / total)));
        }
    }

    private static IReadOnlyCollection<int> TestPorts(RunContext? run) =>
        run is null ? []
            : [.. run.StampSessions.Concat(run.OtherStampSessions)
                .Concat(run.EdgePaths.Concat(run.OtherEdgePaths).SelectMany(path => new[] { path.Edge, path.Centre }))
                .Select(session => session.RemotePort).Concat(run.Reaches.Select(reach => reach.Port))
                .Concat(run.Trials.SelectMany(trial => trial.Ports))
                .Concat(run.EdgeNames.Where(name => name.Packets > 0).Select(name => name.Port)).Distinct()];
}
