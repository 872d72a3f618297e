using Testbed.Lab.Topology;

namespace Testbed.Lab.Behaviour;

/// <summary>What a session is established with.</summary>
/// <param name="UplinkKbps">Session AMBR, kbit/s.</param>
internal sealed record Subscription(
    string Dnn, byte Sst, uint Sd, byte? Qfi, ulong UplinkKbps, ulong DownlinkKbps);

internal interface ISubscriptions
{
    Subscription For(SliceAccess slice);
}

/// <summary>Each slice has its own S-NSSAI, data network, QoS flow and rates.</summary>
internal sealed class SubscriptionPerSlice : ISubscriptions
{
    /// <summary>As the claim says (sessionAmbrMbps).</summary>
    public const int EmbbUplinkMbps = 80;
    public const int EmbbDownlinkMbps = 160;
    public const int IotMbps = 20;

    public Subscription For(SliceAccess slice) =>
        slice == SliceAccess.Embb
            ? new(slice.Dnn, slice.Sst, slice.Sd, slice.Qfi, EmbbUplinkMbps * 1000, EmbbDownlinkMbps * 1000)
            : new(slice.Dnn, slice.Sst, slice.Sd, slice.Qfi, IotMbps * 1000, IotMbps * 1000);
}

/// <summary>Every session is one of the same slice, whatever was asked for.</summary>
internal sealed class OneSubscription(ISubscriptions inner, SliceAccess slice) : ISubscriptions
{
    public Subscription For(SliceAccess asked) => inner.For(slice);
}

/// <summary>Sessions without a QoS flow, as 4G has bearers instead.</summary>
internal sealed class WithoutQosFlow(ISubscriptions inner) : ISubscriptions
{
    public Subscription For(SliceAccess slice) => inner.For(slice) with { Qfi = null };
}
