using System.Security.Cryptography;
using Testbed.Conformance.Profiles;
using Testbed.Conformance.Reports;
using Testbed.Evidence.Files;
using Testbed.Evidence.Journals;
using Testbed.Evidence.Segments;
using Testbed.Server.Runs.Conclusions;
using Testbed.Server.Runs.Traffic;

namespace Testbed.Server.Runs;

/// <summary>One inspection from the first journal entry to the last.</summary>
public static class RunCoordinator
{
    /// <summary>
    /// Gathers the kits, freezes the plan, sends the traffic, analyses, judges, writes the report. An agent that dies
    /// is named and costs only what stood on it. Cancelled, the run closes its journal with <c>RunAborted</c>.
    /// </summary>
    /// <exception cref="PreflightException">The run cannot begin.</exception>
    /// <exception cref="Agents.AgentListenerException">Agents cannot dial in.</exception>
    /// <exception cref="EvidenceWriteException">The disc does not take the evidence.</exception>
    /// <exception cref="OperationCanceledException">Interrupted; the folder keeps all that there was.</exception>
    public static async Task<RunReport> RunAsync(
        RunRequest request, Profile profile, RunFolder folder, IRunProgress progress, TimeProvider time,
        CancellationToken cancellation)
    {
        using Journal journal = Journal.Create(folder.Journal, time);
        try
        {
            Open(request, profile, folder, journal);
            TrafficRunner runner = new(
                request, folder, journal, profile.Reference, profile.Digest, progress, time);
            RunTraffic traffic = await runner.RunAsync(cancellation).ConfigureAwait(false);
            RunConclusion conclusion = new(request, profile, traffic, folder, progress, time);
            RunReport report = conclusion.Draw(cancellation);
            Close(report, conclusion, folder, journal);
            return report;
        }
        catch (Exception ended) when (ended is not EvidenceWriteException)
        {
            journal.Store(new RunAborted(ended is OperationCanceledException ? "interrupted" : ended.Message));
            throw;
        }
    }

    private static void Open(RunRequest request, Profile profile, RunFolder folder, Journal journal)
    {
        journal.Store(new RunCreated(
            request.RunId, request.Claim.Purpose, Convert.ToHexStringLower(request.Nonce.Span), request.ToolVersion,
            request.ToolCommit));
        DurableFile.WriteWhole(folder.Claim, File.ReadAllBytes(request.ClaimPath));
        journal.Store(new ClaimRead(
            Path.GetFileName(folder.Claim), request.Claim.Digest, profile.Reference, profile.Digest));
    }

    private static void Close(RunReport report, RunConclusion conclusion, RunFolder folder, Journal journal)
    {
        foreach (TapEvidence tap in conclusion.Taps)
            foreach ((string file, SegmentRecord record) in tap.Segments.Zip(tap.Records))
                journal.Append(new SegmentStored(file, record));
        byte[] official = ReportEncoding.Encode(report);
        foreach ((string path, byte[] bytes) in conclusion.Renderings(report, official))
        {
            DurableFile.WriteWhole(path, bytes);
            journal.Store(new OutputWritten(
                Path.GetRelativePath(folder.Path, path), Convert.ToHexStringLower(SHA256.HashData(bytes))));
        }
        journal.Store(new RunEnded(
            Convert.ToHexStringLower(SHA256.HashData(official)), report.Judgement.Conclusion.Overall.ToString()));
    }
}
