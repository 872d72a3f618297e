namespace Testbed.Capture;

/// <summary>
/// What a capture kept and what it lost, since its start. The figures are independent of each other: frames that
/// reached us, what the kernel says of its ring (<c>pcap_stats</c>), what the interface says of itself.
/// </summary>
/// <param name="Captured">Frames handed on.</param>
/// <param name="Received">
/// Frames that passed the filter, those that found the ring full included. On a loopback interface each frame counts
/// twice, once going out and once coming in, though it is captured once.
/// </param>
/// <param name="OsDropped">Frames that passed the filter and found the ring full.</param>
/// <param name="InterfaceDropped">
/// Frames that the interface or its driver lost or could not read, whether or not the filter wanted them. Drivers may
/// count one frame under two names, so this bound errs to the high side.
/// </param>
/// <param name="InterfaceCountersKnown">False when the system shows no counters of the interface: the figure is then
/// no evidence of anything.</param>
public readonly record struct CaptureCounters(
    long Captured, long Received, long OsDropped, long InterfaceDropped, bool InterfaceCountersKnown);
