using Testbed.Lab.Behaviour;
using Testbed.Lab.Topology;
using Testbed.Lab.UserPlane;
using Testbed.Wire.Ip;
using Testbed.Wire.Pfcp;

namespace Testbed.Lab.Control;

/// <summary>
/// Establishes sessions in the UPF without a word on N4. An honest lab never opens it.
/// </summary>
internal sealed class SessionBackDoor(
    SessionTable sessions, SessionInstaller installer, ISubscriptions subscriptions, ISessionOutcome outcome)
    : ISessionControl
{
    private const byte NoResources = (byte)PfcpCause.NoResourcesAvailable;

    public void Establish(SessionRequest request) => Task.Run(() =>
    {
        Subscription subscription = subscriptions.For(request.Slice);
        SessionRules rules = new(
            0, request.UeAddress, subscription.Dnn, subscription.Qfi, subscription.UplinkKbps,
            subscription.DownlinkKbps, new(HostAddress.Parse(Plan.GnbN3).Ipv4Bits, request.DownlinkTeid));
        if (installer.TryInstall(rules, out UpfSession? session) is InstallResult.Installed && session is not null)
            outcome.Established(new(
                request.UeAddress, session.N3.AddressBits, session.UplinkTeid, subscription.Qfi ?? 0));
        else
            outcome.Rejected(request.UeAddress, NoResources);
    });

    public void Release(uint ueAddress) => Task.Run(() =>
    {
        if (sessions.TryFindByUe(ueAddress, out UpfSession? session)) sessions.Remove(session);
        outcome.Released(ueAddress);
    });
}
