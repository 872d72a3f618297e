using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Matching;
using Testbed.Analyzer.Matching.Losses;
using Testbed.Analyzer.Meters.Provenance;
using Testbed.Analyzer.Meters.Records;
using Testbed.Analyzer.Meters.Sessions;
using Testbed.Analyzer.Profiles;

namespace Testbed.Analyzer;

/// <summary>
/// All that meters look at: decoded taps, pairs, reasons, roles of addresses, slices, and the request.
/// </summary>
internal sealed class AnalysisContext
{
    public AnalysisContext() => Readings = new(this);

    public required AnalysisRequest Request { get; init; }
    public required IReadOnlyList<TapCapture> Taps { get; init; }
    /// <summary>Null where packets were not kept.</summary>
    public Matcher? Matcher { get; init; }
    /// <summary>By tap and record; empty where packets were not kept.</summary>
    public UnmatchedReason[][] Reasons { get; init; } = [];
    /// <summary>What the pairs add up to.</summary>
    public CrossingResult Crossings
    {
        get => _crossings ?? throw new InvalidOperationException("The crossings are not yet added up.");
        set => _crossings = value;
    }

    private CrossingResult? _crossings;

    /// <summary>Null where it is found from records.</summary>
    public ActivityBySlice? Activity { get; init; }
    public required AddressRoles Roles { get; init; }
    public required SliceMap Slices { get; init; }
    public required ControlPlane ControlPlane { get; init; }

    /// <summary>What several meters want of the same records and packets.</summary>
    public SharedReadings Readings { get; }

    public TapOutcome[] Outcomes => Matcher?.Outcomes ?? [];
    public bool HasN3 => Taps.Any(tap => tap.Role is not TapRole.N6);
    public bool HasN6 => Taps.Any(tap => tap.Role is not TapRole.N3);
    public bool HasBothSides => HasN3 && HasN6;

    /// <summary>The UE's end of a flow that goes this way.</summary>
    public static Wire.Ip.HostAddress UeOf(in FlowKey flow, PacketDirection direction) =>
        direction is PacketDirection.Downlink ? flow.Destination : flow.Source;

    /// <summary>When the run's loads overloaded the network, by the taps' own clocks.</summary>
    public Matching.Clocks.OverloadTimes Overload => LazyInitializer.EnsureInitialized(
        ref _overload, () => new(Taps, Request.Run));

    private Matching.Clocks.OverloadTimes? _overload;

    /// <summary>By the server's clock.</summary>
    public bool IsOverloaded(long timeNs)
    {
        if (Request.Run is null) return false;
        foreach (OverloadPhase phase in Request.Run.OverloadPhases)
            if (phase.Window.Contains(timeNs)) return true;
        return false;
    }

    /// <summary>A tap's records by time; files that are in order cost nothing.</summary>
    public int[] InTimeOrder(int tap) => TimeOrder.Of(Taps[tap].Records);
}
