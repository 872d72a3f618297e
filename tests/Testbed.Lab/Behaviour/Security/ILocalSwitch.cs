using Testbed.Lab.Topology;

namespace Testbed.Lab.Behaviour.Security;

/// <summary>Whether the UPF carries packets from one UE to another without N6.</summary>
internal interface ILocalSwitch
{
    bool Connects(SliceAccess from, SliceAccess to);
}

internal sealed class UesApart : ILocalSwitch
{
    public bool Connects(SliceAccess from, SliceAccess to) => false;
}

/// <summary>Within a slice: across slices it would be a leak between these besides.</summary>
internal sealed class UesOfASliceTogether : ILocalSwitch
{
    public bool Connects(SliceAccess from, SliceAccess to) => from == to;
}
