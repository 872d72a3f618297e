using Testbed.Lab.Topology;
using Testbed.Wire.Qos;

namespace Testbed.Lab.Control;

/// <summary>
/// What a policy function may ask of the SMF part: more QoS flows in a live session, another way out for some of its
/// packets. Each wish travels to the UPF as a PFCP Session Modification (TS 29.244 §7.5.4) and to the gNB and UE as
/// QoS rules would over N2 and N1; an answer means that both ends follow it. Thread-safe.
/// </summary>
internal interface IPolicyControl
{
    /// <summary>Sessions that are up now, in no order; a copy.</summary>
    IReadOnlyList<LiveSession> Sessions { get; }

    /// <summary>
    /// Told after the fact, one at a time, on a thread of the control plane: return at once and never wait here for an
    /// answer of this interface.
    /// </summary>
    event Action<SessionEvent>? Changed;

    /// <summary>
    /// Gives packets that match the request's filters a QoS flow of their own, in both directions. Where two rules
    /// match, the later one wins.
    /// </summary>
    /// <param name="ueAddress">IPv4 address of the UE as a big-endian number.</param>
    Task<PolicyAnswer> AddFlowAsync(
        uint ueAddress, QosFlowRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends uplink packets that match to another network instance, and takes downlink packets that match from there.
    /// Their QoS flow stays what it is.
    /// </summary>
    /// <param name="networkInstance">A key of <c>LabBehaviour.NetworkInstances</c>.</param>
    Task<PolicyAnswer> SteerAsync(
        uint ueAddress, FlowDescription filter, string networkInstance, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes back what <see cref="AddFlowAsync"/> or <see cref="SteerAsync"/> did. A rule whose session is gone
    /// answers <see cref="PolicyOutcome.NoSession"/>: it went with it.
    /// </summary>
    Task<PolicyAnswer> RemoveAsync(PolicyRule rule, CancellationToken cancellationToken = default);
}

/// <summary>One PDU session that is up.</summary>
/// <param name="UeAddress">IPv4 address of the UE as a big-endian number.</param>
/// <param name="Flows">All QoS flows of the session, the default one first.</param>
internal sealed record LiveSession(
    SliceAccess Slice, string Dnn, uint UeAddress, DateTimeOffset EstablishedUtc, IReadOnlyList<LiveFlow> Flows);

/// <param name="Qfi">QoS flow identifier, 0–63.</param>
/// <param name="FiveQi">5QI (TS 23.501 table 5.7.4-1).</param>
internal sealed record LiveFlow(byte Qfi, int FiveQi);

internal enum SessionChange
{
    Established,
    Modified,
    Released,
}

/// <param name="Session">As it is after the change; after a release as it was before.</param>
internal sealed record SessionEvent(SessionChange Change, LiveSession Session, DateTimeOffset TimeUtc);

/// <summary>A QoS flow that somebody asks for.</summary>
/// <param name="FiveQi">5QI; decides the priority (TS 23.501 table 5.7.4-1).</param>
/// <param name="Filters">Packets of the flow, one at least; any may match.</param>
/// <param name="Qfi">Null lets the SMF part pick a free one.</param>
internal sealed record QosFlowRequest(int FiveQi, IReadOnlyList<FlowDescription> Filters, byte? Qfi = null)
{
    /// <summary>MFBR; null without one, and the session AMBR then counts the flow.</summary>
    public BitRates? Maximum { get; init; }

    /// <summary>GFBR; null makes it a non-GBR flow.</summary>
    public BitRates? Guaranteed { get; init; }
}

/// <summary>Bit rates of the UE's IP packets, kbit/s.</summary>
internal readonly record struct BitRates(ulong UplinkKbps, ulong DownlinkKbps);

/// <summary>Names one addition to one session, for as long as both last.</summary>
internal sealed record PolicyRule(uint UeAddress, int Number);

internal enum PolicyOutcome
{
    /// <summary>UPF, gNB and UE follow it.</summary>
    Done,
    /// <summary>The UE has no session, or no longer the one that the rule belongs to.</summary>
    NoSession,
    /// <summary>The session has no such rule (any more).</summary>
    NoRule,
    /// <summary>No QFI or no room for another rule is left, or the QFI is taken.</summary>
    NoRoom,
    /// <summary>The UPF refused; <see cref="PolicyAnswer.Cause"/> says why.</summary>
    Refused,
    /// <summary>The UPF did not answer.</summary>
    NoAnswer,
}

/// <param name="Rule">What to remove later; null unless something was added.</param>
/// <param name="Qfi">QoS flow that matching packets are on now; null where the call was about no flow.</param>
/// <param name="Cause">PFCP cause (TS 29.244 §8.2.1) where the UPF answered, else 0.</param>
internal sealed record PolicyAnswer(PolicyOutcome Outcome, PolicyRule? Rule = null, byte? Qfi = null, byte Cause = 0);
