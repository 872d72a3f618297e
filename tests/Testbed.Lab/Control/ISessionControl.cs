using Testbed.Lab.Topology;

namespace Testbed.Lab.Control;

/// <summary>A gNB's wish for a PDU session, as N2 would carry it.</summary>
/// <param name="UeAddress">IPv4 address of the UE as a big-endian number.</param>
/// <param name="DownlinkTeid">The gNB's end of the tunnel.</param>
internal sealed record SessionRequest(SliceAccess Slice, uint UeAddress, uint DownlinkTeid);

/// <summary>What a gNB needs to know of an established session.</summary>
/// <param name="UpfAddress">N3 address of the UPF, as a big-endian number.</param>
/// <param name="UplinkTeid">The UPF's end of the tunnel.</param>
internal sealed record SessionGrant(uint UeAddress, uint UpfAddress, uint UplinkTeid, byte Qfi);

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

    /// <param name="cause">PFCP cause (TS 29.244 §8.2.1); 0 when nothing answered.</param>
    void Rejected(uint ueAddress, byte cause);

    void Released(uint ueAddress);
}
