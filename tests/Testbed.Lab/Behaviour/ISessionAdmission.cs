using Testbed.Lab.Topology;

namespace Testbed.Lab.Behaviour;

/// <summary>Whether the UPF takes one more session.</summary>
internal interface ISessionAdmission
{
    /// <param name="sessionsInSlice">Sessions that the slice has now.</param>
    bool Admits(SliceAccess slice, int sessionsInSlice);
}

internal sealed class AdmitAll : ISessionAdmission
{
    public bool Admits(SliceAccess slice, int sessionsInSlice) => true;
}

internal sealed class AtMostInSlice(ISessionAdmission inner, SliceAccess capped, int sessionsMax) : ISessionAdmission
{
    public bool Admits(SliceAccess slice, int sessionsInSlice) =>
        inner.Admits(slice, sessionsInSlice) && (slice != capped || sessionsInSlice < sessionsMax);
}
