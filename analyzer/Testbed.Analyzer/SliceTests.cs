using System.Net;

namespace Testbed.Analyzer;

/// <summary>A load as the plan ordered it and its sender recorded it.</summary>
/// <param name="Phase">Loads and witnesses of one phase ran at the same time.</param>
/// <param name="Part">
/// What it is to show: <c>ambr</c> and <c>mfbr</c>, that more than the limit does not pass; <c>gfbr</c>, that the
/// guaranteed rate passes in the overload that an <c>ambr</c> load of the same phase makes.
/// </param>
/// <param name="Direction"><c>downlink</c> or <c>uplink</c>.</param>
/// <param name="UePort">UDP port at the UE's end.</param>
/// <param name="Qfi">The claimed QoS flow.</param>
/// <param name="LimitMbps">The claimed MFBR, GFBR or session AMBR.</param>
/// <param name="RecordPath">The sender's record, CSV, one line a block.</param>
public sealed record LoadContext(
    string Phase, string Part, string Slice, string Direction, IPAddress UeAddress, int UePort,
    IPAddress RemoteAddress, int RemotePort, int Qfi, decimal LimitMbps, string RecordPath);

/// <param name="Part">
/// <c>other</c>: a slice beside the loaded one; <c>upper</c> and <c>lower</c>: flows of the loaded slice by priority.
/// </param>
/// <param name="LoadedSlice">The slice whose loads ran meanwhile.</param>
public sealed record WitnessContext(
    string Phase, string Part, string LoadedSlice, int Qfi, StampSessionContext Session);

/// <param name="Slice">Slice of the UE that tried.</param>
/// <param name="TargetSlice">Slice whose addresses it tried.</param>
/// <param name="Session">Number that the key of its UDP tries was derived with.</param>
/// <param name="Port">Destination port of its UDP and TCP tries.</param>
/// <param name="Targets">What it was to try, each by UDP, TCP and ICMP in turn.</param>
/// <param name="Tries">To all targets by all protocols, as planned.</param>
/// <param name="RecordPath">CSV, one line a packet.</param>
public sealed record ReachContext(
    string Slice, string TargetSlice, IPAddress UeAddress, int Session, int Port, IReadOnlyList<IPAddress> Targets,
    int Tries, string RecordPath);

/// <param name="RecordPath">CSV, one line a request.</param>
public sealed record AdmissionContext(string Slice, string RecordPath);
