using Testbed.Analyzer.Decoding.Signalling;
using Testbed.Analyzer.Meters.Provenance;

namespace Testbed.Analyzer.Meters.Sessions;

/// <summary>What the taps of the control plane showed: N4 and N2.</summary>
internal sealed class ControlPlane
{
    private readonly AnalysisRequest _request;
    private readonly ControlPlaneReader _reader;

    private ControlPlane(AnalysisRequest request, ControlPlaneReader reader)
    {
        (_request, _reader) = (request, reader);
        PfcpMessages = reader.Pfcp;
        Sessions = new(PfcpMessages);
        NgapMessages = reader.Ngap;
        NgapSessions = new(NgapMessages);
    }

    /// <summary>In order of time.</summary>
    public IReadOnlyList<CapturedPfcp> PfcpMessages { get; }
    /// <summary>What N4 set up.</summary>
    public PfcpSessions Sessions { get; }
    public long PfcpMessageCount => _reader.Tallies.Values.Sum(tally => tally.PfcpMessages);
    public IReadOnlyList<CapturedNgap> NgapMessages { get; }
    /// <summary>What N2 set up.</summary>
    public NgapSessions NgapSessions { get; }
    /// <summary>Requests on service-based interfaces, where they are in clear.</summary>
    public SbiReader Sbi => _reader.Sbi;
    public List<SliceContradiction> Contradictions { get; } = [];

    public IEnumerable<ControlSession> AllSessions => Sessions.All.Concat<ControlSession>(NgapSessions.All);

    /// <summary>Frames of all control-plane files.</summary>
    public long Packets => _reader.Tallies.Values.Sum(tally => tally.Frames.Packets);

    /// <summary>Tallies of the files that stand at N2.</summary>
    public IReadOnlyList<ControlTally> N2Tallies => [.. TalliesOf(_request.N2)];

    /// <summary>PFCP and NGAP messages of these taps that came in part, damaged or beyond what is kept.</summary>
    public long UnreadMessages(IReadOnlyList<TapInput> taps) => TalliesOf(taps).Sum(tally => tally.Unread);

    private IEnumerable<ControlTally> TalliesOf(IReadOnlyList<TapInput> taps) =>
        taps.SelectMany(tap => tap.Files).Select(Path.GetFullPath).Distinct().Select(path => _reader.Tallies[path]);

    public static ControlPlane Read(AnalysisRequest request, CancellationToken cancellation) =>
        new(request, ControlPlaneReader.Read(request.N4.Concat(request.N2).Concat(request.Sbi), cancellation));
}
