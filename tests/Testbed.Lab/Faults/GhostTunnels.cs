using Testbed.Lab.Behaviour;
using Testbed.Lab.Control;
using Testbed.Lab.Topology;
using Testbed.Lab.Users;

namespace Testbed.Lab.Faults;

/// <summary>Traffic that looks like the 5G network's and that its core knows nothing of.</summary>
internal sealed class GhostTunnels : IFault
{
    public string Name => "ghost-tunnels";

    public FaultText Description { get; } = new(
        "部分隧道未经N4上的PFCP会话建立",
        "some tunnels were established by no PFCP session on N4");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["E2E-006"] = "Fail",
    };

    // A tunnel that is in use when the captures begin may have been established before them: that is Inconclusive. The
    // ghosts wait for five seconds, so that nothing but the missing session explains what is seen.
    private static readonly UePopulation Ghosts =
        new(SliceAccess.Embb, SliceAccess.Embb.Pool, "10.45.202.1", 3, SilentTurns: 100);

    public void Apply(LabBehaviour behaviour)
    {
        behaviour.Background.Add(Ghosts);
        HashSet<uint> addresses = [.. Ghosts.Addresses];
        behaviour.SessionControls.Add((inner, backDoor) => new SplitControl(inner, backDoor, addresses));
    }

    /// <summary>Sends the sessions of some UEs through the back door.</summary>
    private sealed class SplitControl(ISessionControl inner, SessionBackDoor backDoor, HashSet<uint> addresses)
        : ISessionControl
    {
        private ISessionControl For(uint ueAddress) => addresses.Contains(ueAddress) ? backDoor : inner;

        public void Establish(SessionRequest request) => For(request.UeAddress).Establish(request);

        public void Release(uint ueAddress) => For(ueAddress).Release(ueAddress);
    }
}
