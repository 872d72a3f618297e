using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Meters.Records;

namespace Testbed.Analyzer.Meters.Edge;

/// <summary>Which taps stand where an edge site is concerned.</summary>
internal static class EdgeTaps
{
    public static bool IsN3(TapCapture tap) => tap.Role is not TapRole.N6;

    public static bool IsEdge(TapCapture tap) => tap is { Role: not TapRole.N3, IsEdge: true };

    public static bool IsCentral(TapCapture tap) => tap is { Role: not TapRole.N3, IsEdge: false };
}

/// <summary>
/// Whether the central N6 tap was listening while packets went to the edge: it must show what went to the centre at the
/// same time. Silence proves nothing where nobody listens.
/// </summary>
internal sealed class CentralControl
{
    /// <summary>Below this share of its packets the control has failed; a network may lose one in a hundred.</summary>
    private const double SeenShareMin = 0.9;

    public CentralControl(AnalysisContext context, StampSessionContext centre)
    {
        KeyedPackets onN3 = KeyedPackets.Of(context, centre, EdgeTaps.IsN3);
        KeyedPackets onCentral = KeyedPackets.Of(context, centre, EdgeTaps.IsCentral);
        HashSet<uint> answered = onN3.Answered(context, centre);
        Expected = answered.Count;
        Seen = answered.Count(sequence =>
            onCentral.Uplink.ContainsKey(sequence) && onCentral.Downlink.ContainsKey(sequence));
    }

    /// <summary>Packets of the control that came back from the centre, by N3 where it is captured.</summary>
    public int Expected { get; }
    /// <summary>Of these, seen at the central N6 both ways.</summary>
    public int Seen { get; }

    public bool Holds => Seen > 0 && Seen >= SeenShareMin * Expected;

    /// <summary>
    /// Frames that the central taps missed while they should have listened. A capture drops in bursts, when its ring
    /// is full: where every one of the control's packets is there, the drops of the run lie elsewhere. What a mirror
    /// loses no counter knows of, so the control's own gaps count where they are more.
    /// </summary>
    public long HiddenMax(AnalysisContext context) => Seen == Expected ? 0
        : Math.Max(Figures.Dropped(context, EdgeTaps.IsCentral), Expected - Seen);
}
