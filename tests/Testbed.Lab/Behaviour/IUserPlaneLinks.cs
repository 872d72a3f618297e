using Testbed.Lab.Forwarding;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Behaviour;

/// <summary>What capacity the UPF has for each slice, and how flows share it.</summary>
internal interface IUserPlaneLinks
{
    /// <summary>The link of each slice in one direction; slices that share one get the same.</summary>
    IReadOnlyDictionary<SliceAccess, SharedLink> Make(bool isUplink);
}

/// <summary>
/// Each slice has capacity of its own, a little above one session's AMBR: a session that uses all of its AMBR and its
/// guaranteed flow besides fills it, so that promises are kept by priority and not by plenty. Without classes the queue
/// still fills, and each flow loses less than the tenth by which a guaranteed rate would be missed.
/// </summary>
internal sealed class LinkPerSlice(bool hasClasses = true) : IUserPlaneLinks
{
    public const long QueueNs = 40_000_000;
    public const int EmbbUplinkMbps = 90;
    public const int EmbbDownlinkMbps = 172;
    public const int IotMbps = 40;

    public IReadOnlyDictionary<SliceAccess, SharedLink> Make(bool isUplink) =>
        SliceAccess.All.ToDictionary(slice => slice, slice => new SharedLink(
            1_000_000L * (slice == SliceAccess.Iot ? IotMbps : isUplink ? EmbbUplinkMbps : EmbbDownlinkMbps),
            QueueNs, hasClasses));
}

/// <summary>All slices stand in one queue for the capacity that the largest has alone.</summary>
internal sealed class OneLinkForAll : IUserPlaneLinks
{
    public IReadOnlyDictionary<SliceAccess, SharedLink> Make(bool isUplink)
    {
        SharedLink link = new(
            1_000_000L * (isUplink ? LinkPerSlice.EmbbUplinkMbps : LinkPerSlice.EmbbDownlinkMbps),
            LinkPerSlice.QueueNs, hasClasses: true);
        return SliceAccess.All.ToDictionary(slice => slice, _ => link);
    }
}
