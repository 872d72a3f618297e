using Testbed.Lab.Behaviour;
using Testbed.Lab.UserPlane;
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
        PfcpMessage rules = PfcpRequests.Establish(0, 0, request, subscription);
        RuleBook book = new(installer, installer.EndpointFor(request.UeAddress));
        if (PfcpRules.Read(rules, out SessionOwner? owner) is null
            && book.TryChange(rules, out FlowRules flows) is null
            && installer.TryInstall(owner!, flows, out UpfSession? session) is InstallResult.Installed
            && session is not null)
            outcome.Established(new(
                request.UeAddress, session.N3.AddressBits, session.UplinkTeid, subscription.Qfi ?? 0)
            {
                Rules = SessionPolicy.Of(subscription).UplinkRules(),
            });
        else
            outcome.Rejected(request.UeAddress, NoResources);
    });

    public void Release(uint ueAddress) => Task.Run(() =>
    {
        if (sessions.TryFindByUe(ueAddress, out UpfSession? session)) sessions.Remove(session);
        outcome.Released(ueAddress);
    });
}
