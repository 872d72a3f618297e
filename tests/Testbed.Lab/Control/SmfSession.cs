using Testbed.Lab.Topology;

namespace Testbed.Lab.Control;

/// <summary>
/// A session as the SMF part keeps it. Its thread only; what others see are <see cref="Live"/> copies.
/// </summary>
internal sealed class SmfSession(
    SessionRequest request, ulong upfSeid, PolicyRules rules, DateTimeOffset establishedUtc)
{
    public uint UeAddress { get; } = request.UeAddress;
    public SliceAccess Slice { get; } = request.Slice;
    public ulong UpfSeid { get; } = upfSeid;
    public PolicyRules Rules { get; } = rules;
    public required SessionPolicy Policy { get; set; }
    /// <summary>A modification is on its way; the next one waits for its answer.</summary>
    public bool IsBusy { get; set; }
    public Queue<Action> Waiting { get; } = [];

    public LiveSession Live() => new(
        Slice, request.Dnn ?? Policy.Subscription.Dnn, UeAddress, establishedUtc,
        [.. Policy.Flows.Select(flow => new LiveFlow(flow.Qfi ?? 0, flow.FiveQi))]);
}
