using Testbed.Lab.Behaviour;
using Testbed.Lab.Topology;
using Testbed.Wire.Qos;

namespace Testbed.Lab.Control;

/// <summary>A gNB's wish for a PDU session, as N2 would carry it.</summary>
/// <param name="UeAddress">IPv4 address of the UE as a big-endian number.</param>
/// <param name="DownlinkTeid">The gNB's end of the tunnel.</param>
internal sealed record SessionRequest(SliceAccess Slice, uint UeAddress, uint DownlinkTeid)
{
    /// <summary>The data network that the UE names; null asks for the one it is subscribed to.</summary>
    public string? Dnn { get; init; }
    /// <summary>The slice that the UE names, likewise.</summary>
    public byte? Sst { get; init; }
    public uint? Sd { get; init; }

    /// <summary>Whether what it names is what the UE is subscribed to.</summary>
    public bool Fits(Subscription subscription) =>
        (Dnn is null || string.Equals(Dnn, subscription.Dnn, StringComparison.OrdinalIgnoreCase))
        && (Sst is null || Sst == subscription.Sst) && (Sd is null || Sd == subscription.Sd);
}

/// <summary>Uplink packets that match go on this QoS flow: a QoS rule (TS 24.501 §9.11.4.13).</summary>
/// <param name="Dscp">Of the outer header on N3, 0–63.</param>
internal sealed record UplinkRule(FlowDescription Filter, byte Qfi, byte Dscp);

/// <summary>What a gNB needs to know of an established session.</summary>
/// <param name="UpfAddress">N3 address of the UPF, as a big-endian number.</param>
/// <param name="UplinkTeid">The UPF's end of the tunnel.</param>
/// <param name="Qfi">Flow of what no rule takes.</param>
internal sealed record SessionGrant(uint UeAddress, uint UpfAddress, uint UplinkTeid, byte Qfi)
{
    /// <summary>The first that matches decides.</summary>
    public IReadOnlyList<UplinkRule> Rules { get; init; } = [];
}

/// <summary>The network side of N2: asked by the gNB, answers through <see cref="ISessionOutcome"/> later.</summary>
internal interface ISessionControl
{
    void Establish(SessionRequest request);

    void Release(uint ueAddress);
}

/// <summary>The gNB's side of N2. Called from the network side's thread.</summary>
internal interface ISessionOutcome
{
    void Established(SessionGrant grant);

    /// <summary>The session's QoS rules are these from now on.</summary>
    void Modified(uint ueAddress, IReadOnlyList<UplinkRule> rules);

    /// <param name="cause">
    /// PFCP cause (TS 29.244 §8.2.1) or 5GSM cause (TS 24.501 §9.11.4.2); 0 when nothing answered.
    /// </param>
    void Rejected(uint ueAddress, byte cause);

    void Released(uint ueAddress);
}
