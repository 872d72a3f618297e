using Testbed.Analyzer.Decoding;

namespace Testbed.Analyzer.Meters;

/// <summary>What the N4 taps showed.</summary>
internal sealed class ControlPlane(IReadOnlyList<CapturedPfcp> messages, DecodeTally tally)
{
    public DecodeTally Tally { get; } = tally;
    public int MessageCount { get; } = messages.Count;
    public PfcpSessions Sessions { get; } = new(messages);
    public IReadOnlyList<SliceContradiction> Contradictions { get; set; } = [];

    public static ControlPlane Read(AnalysisRequest request, CancellationToken cancellation)
    {
        (List<CapturedPfcp> messages, DecodeTally tally) = ControlPlaneReader.Read(request.N4, cancellation);
        return new(messages, tally);
    }
}
