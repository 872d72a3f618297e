using Testbed.Lab.Behaviour;
using Testbed.Lab.Topology;
using Testbed.Wire.Ip;

namespace Testbed.Lab.Faults;

/// <summary>Sessions that come up and do not last.</summary>
internal sealed class DropsSessions : IFault
{
    /// <summary>What sets a session up, and a little more.</summary>
    private const int PacketsThatPass = 3;
    /// <summary>The lab's own UEs have higher addresses.</summary>
    private const int HostMax = 200 << 8;
    private const int OneIn = 16, Which = 5;

    public string Name => "drops-sessions";

    public FaultText Description { get; } = new(
        "gNB在建立后不久丢弃十六分之一iot会话的下行",
        "the gNB soon loses the downlink of one in sixteen sessions of slice iot");

    // Behind N3, so the user plane loses nothing; they are set up and go on asking, so they count as active.
    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["SCN-DEN-002"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour)
    {
        uint pool = HostAddress.Parse(SliceAccess.Iot.Pool.Split('/')[0]).Ipv4Bits;
        behaviour.At(PathPoint.GnbDownlink).Add(new LossInSlice(
            SliceAccess.Iot, new ForgottenAfter(PacketsThatPass, IsMeant)));

        bool IsMeant(uint address) => address - pool < HostMax && address % OneIn == Which;
    }
}
