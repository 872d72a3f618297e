using System.Net;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer;

/// <summary>What a run knows beside its captures: who sent which test traffic when, and what taps lost.</summary>
public sealed record RunContext
{
    /// <summary>The run's nonce (32 bytes); keys of authenticated test packets derive from it.</summary>
    public required ReadOnlyMemory<byte> Nonce { get; init; }
    public IReadOnlyList<StampSessionContext> StampSessions { get; init; } = [];
    /// <summary>
    /// Attempts that the plan's rule set aside: they prove nothing and may stand against a pass.
    /// </summary>
    public IReadOnlyList<StampSessionContext> OtherStampSessions { get; init; } = [];
    /// <summary>Test traffic to the edge, each with what went to the centre at the same time.</summary>
    public IReadOnlyList<EdgePathContext> EdgePaths { get; init; } = [];
    /// <summary>The same of attempts that were set aside: what leaked in one of them has leaked.</summary>
    public IReadOnlyList<EdgePathContext> OtherEdgePaths { get; init; } = [];
    /// <summary>Questions for the names of edge applications.</summary>
    public IReadOnlyList<EdgeNameContext> EdgeNames { get; init; } = [];
    public IReadOnlyList<CapacityFlowContext> CapacityFlows { get; init; } = [];
    /// <summary>Calls of exposure APIs that were to change what happens to a flow.</summary>
    public IReadOnlyList<ClosedLoopContext> ClosedLoops { get; init; } = [];
    /// <summary>Notifications of sessions, as they came.</summary>
    public IReadOnlyList<SessionEventsContext> SessionEvents { get; init; } = [];
    /// <summary>Loads of known rate, with what each is to show.</summary>
    public IReadOnlyList<LoadContext> Loads { get; init; } = [];
    /// <summary>STAMP sessions that ran beside loads: their records only are looked at.</summary>
    public IReadOnlyList<WitnessContext> Witnesses { get; init; } = [];
    /// <summary>The same of attempts that were set aside: they may stand against a pass.</summary>
    public IReadOnlyList<LoadContext> OtherLoads { get; init; } = [];
    public IReadOnlyList<WitnessContext> OtherWitnesses { get; init; } = [];
    /// <summary>Tries to get from one slice into another.</summary>
    public IReadOnlyList<ReachContext> Reaches { get; init; } = [];
    /// <summary>Requests for sessions that a network has to refuse, and one that it has to grant.</summary>
    public IReadOnlyList<AdmissionContext> Admissions { get; init; } = [];
    /// <summary>Security tests: what was sent to see what the network makes of it.</summary>
    public IReadOnlyList<TrialContext> Trials { get; init; } = [];
    /// <summary>What UEs tried to reach in the core; null when no such scan took place.</summary>
    public CoreScanContext? CoreScan { get; init; }
    /// <summary>Record of the malformed messages that went to the UPFs, CSV; null when none did.</summary>
    public string? MutantRecord { get; init; }
    /// <summary>When the network was overloaded on purpose; loss then is no fault of it.</summary>
    public IReadOnlyList<OverloadPhase> OverloadPhases { get; init; } = [];
    /// <summary>
    /// UE addresses that a kit played itself, many on one host: no radio and no terminal stands behind them.
    /// </summary>
    public IReadOnlyList<AddressRange> EmulatedUes { get; init; } = [];
    /// <summary>Addresses that the kits themselves used on N3: neither claimed nor hidden network elements.</summary>
    public IReadOnlyList<IPAddress> KitAddresses { get; init; } = [];
    /// <summary>By <see cref="TapInput.Name"/>.</summary>
    public IReadOnlyDictionary<string, CaptureCounters> CaptureCounters { get; init; } =
        new Dictionary<string, CaptureCounters>();
    /// <summary>
    /// How far apart the clocks of two kits may be, in nanoseconds; 0 when one clock stamped everything.
    /// </summary>
    public long ClockBoundNs { get; init; }
}

/// <param name="Session">Number that the session's key was derived with.</param>
/// <param name="UeAddress">The sender's address, as N3 carries it.</param>
/// <param name="RemotePort">UDP port of the reflector.</param>
/// <param name="RecordPath">The sender's record, CSV, one line a packet sent.</param>
public sealed record StampSessionContext(
    int Session, string Slice, IPAddress UeAddress, IPAddress RemoteAddress, int RemotePort, string RecordPath)
{
    /// <summary>What the plan took it for: <c>dn</c> or <c>edge</c>; null for <c>dn</c>.</summary>
    public string? FarEnd { get; init; }
    /// <summary>An answer that takes longer counts as lost.</summary>
    public long DeadlineNs { get; init; }
    /// <summary>Scope of figures about this path.</summary>
    public string Path => PathScope.Of(Slice, FarEnd);
}

/// <summary>STAMP sessions of one UE that ran together, to the edge and to the central data network.</summary>
public sealed record EdgePathContext(StampSessionContext Edge, StampSessionContext Centre);

/// <param name="Name">The domain name that was asked for.</param>
/// <param name="Server">The DNS server, as N3 carries its address.</param>
/// <param name="ServerIsClaimed">The claim names the server; else it is where one may be expected.</param>
/// <param name="RecordPath">The questions, CSV, one line each.</param>
public sealed record EdgeNameContext(
    string Name, IPAddress UeAddress, IPAddress Server, bool ServerIsClaimed, string RecordPath)
{
    /// <summary>The addresses at the edge that the claim gives the application.</summary>
    public IReadOnlyList<IPAddress> EdgeAddresses { get; init; } = [];
    /// <summary>Keyed packets that went to each of these which an answer gave; 0 where none were planned.</summary>
    public int Packets { get; init; }
    /// <summary>Number that their key was derived with, and their UDP port at the far end.</summary>
    public int Session { get; init; }
    public int Port { get; init; }
}

/// <param name="Direction"><c>downlink</c> or <c>uplink</c>.</param>
/// <param name="RemotePort">UDP port of the server.</param>
/// <param name="RecordPath">The client's record, CSV, one line a sub-interval.</param>
public sealed record CapacityFlowContext(
    string Direction, string Slice, IPAddress UeAddress, IPAddress RemoteAddress, int RemotePort, string RecordPath)
{
    /// <inheritdoc cref="StampSessionContext.FarEnd"/>
    public string? FarEnd { get; init; }
    /// <inheritdoc cref="StampSessionContext.Path"/>
    public string Path => PathScope.Of(Slice, FarEnd);
}

/// <param name="Kind">The test's: <c>exposure-qos-loop</c>, <c>-camara-loop</c> or <c>-influence-loop</c>.</param>
/// <param name="RecordPath">CSV, one line a cycle: when was called and deleted.</param>
public sealed record ClosedLoopContext(
    string Kind, string Slice, IPAddress UeAddress, int UePort, IPAddress RemoteAddress, int RemotePort,
    string RecordPath)
{
    /// <summary>The QoS flow that the call promises; null where it promises none.</summary>
    public int? Qfi { get; init; }
    public decimal? MfbrMbps { get; init; }
    public decimal? GfbrMbps { get; init; }
    /// <summary>When the kits at the flow's ends stood still: CSV, one line a standstill.</summary>
    public IReadOnlyList<string> StallPaths { get; init; } = [];
}

/// <param name="Slice">The slice whose UEs' sessions are told.</param>
/// <param name="RecordPath">CSV, one line a reported session.</param>
public sealed record SessionEventsContext(string Slice, string RecordPath);

/// <summary>What a security trial tries.</summary>
public enum TrialKind
{
    /// <summary>Ordinary packets of a UE to its data network and back: the others' positive control.</summary>
    Control = 1,
    /// <summary>Packets of a UE with somebody else's source address (SEC-003).</summary>
    SpoofedSource = 2,
    /// <summary>G-PDUs inside a UE's packets to the UPF's N3 address (SEC-004).</summary>
    NestedTunnel = 3,
    /// <summary>Packets from one UE to another (SEC-005).</summary>
    UeToUe = 4,
    /// <summary>Packets from the data network to a UE that asked for none (SEC-006).</summary>
    UnsolicitedDownlink = 5,
}

/// <summary>One security trial: who sent what to whom, and what both ends wrote down.</summary>
/// <param name="Number">As it stands, signed, in each of its packets.</param>
/// <param name="Control">Number of the trial that shows that the UE's path works.</param>
/// <param name="Ports">UDP ports of which each of its packets has one at an end.</param>
/// <param name="SenderRecord">The sender's record, CSV, one line a packet.</param>
/// <param name="ListenerRecord">The listener's record, CSV, one line a packet; null where none listened.</param>
public sealed record TrialContext(
    int Number, TrialKind Kind, string Slice, int Control, IReadOnlyList<int> Ports, string SenderRecord,
    string? ListenerRecord);

/// <param name="Ues">Addresses that the scan came from.</param>
/// <param name="Targets">Addresses that it tried.</param>
public sealed record CoreScanContext(IReadOnlyList<IPAddress> Ues, IReadOnlyList<IPAddress> Targets);

/// <summary><paramref name="Count"/> consecutive addresses.</summary>
public readonly record struct AddressRange(IPAddress First, int Count);

/// <summary>From, inclusive, to, exclusive: nanoseconds since the Unix epoch.</summary>
public readonly record struct TimeWindow(long FromNs, long ToNs)
{
    public bool Contains(long timeNs) => timeNs >= FromNs && timeNs < ToNs;
}

/// <param name="Window">From the phase's first order to its last answer, by the server's clock.</param>
/// <param name="Loads">What it offered; empty where the overload was no flow of test packets.</param>
public sealed record OverloadPhase(TimeWindow Window, IReadOnlyList<LoadPath> Loads);

/// <param name="RemotePort">UDP port at the far end.</param>
public readonly record struct LoadPath(IPAddress UeAddress, IPAddress RemoteAddress, int RemotePort);

/// <summary>What a capture counted: frames kept, frames that the system and the interface dropped.</summary>
public sealed record CaptureCounters(long Captured, long OsDropped, long InterfaceDropped)
{
    public long Dropped => OsDropped + InterfaceDropped;
}
