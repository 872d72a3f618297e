using System.Collections.Concurrent;
using Testbed.Lab.Behaviour;
using Testbed.Lab.Control;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Access;

/// <summary>
/// The reference point N2 between gNB and core: what the gNB asks for goes over the wire to the AMF part, which asks
/// the SMF part, and what comes back goes over the wire to the gNB.
/// </summary>
internal sealed class N2 : IDisposable
{
    /// <summary>Where a gNB speaks from; the AMF listens on the port of NGAP.</summary>
    private const ushort GnbPort = 36_412;

    /// <summary>
    /// What the UEs' NAS messages say, by the gNB's number of the UE: they pass N2 ciphered, and so beside it here.
    /// </summary>
    private readonly ConcurrentDictionary<long, NasExchange> _nas = new();
    private readonly N2Gnb _gnb;
    private readonly N2Amf _amf;

    /// <param name="gnb">The gNB's side, told what came of its wishes.</param>
    /// <param name="connectCore">Gives the SMF part for the side of the AMF part that it is to answer to.</param>
    public N2(
        LabBehaviour behaviour, EventCounts events, StopSignal stop, ISessionOutcome gnb,
        Func<ISessionOutcome, ISessionControl> connectCore)
    {
        _gnb = new(
            N2Port.Open(Plan.Gnb, Plan.GnbN2, Plan.AmfN2, Wiring.AmfN2Mac), GnbPort,
            unchecked(behaviour.Seed * 41 + 7), _nas, gnb, events, stop);
        _amf = new(
            N2Port.Open(Plan.Core, Plan.AmfN2, Plan.GnbN2, Wiring.GnbN2Mac), GnbPort,
            unchecked(behaviour.Seed * 43 + 11), _nas, behaviour.Subscriptions, gnb.Modified, events, stop);
        _amf.Core = connectCore(_amf);
        _amf.Start();
        _gnb.Start();
        _gnb.SetUp();
    }

    /// <summary>What the gNB asks for sessions.</summary>
    public ISessionControl Control => _gnb;

    /// <summary>
    /// Lets the gNB connect and set itself up once more, as a gNB that starts again does; UEs keep what they have.
    /// </summary>
    public void SetUpAgain() => _gnb.SetUp();

    /// <summary>Call after the stop signal is set.</summary>
    public void Dispose()
    {
        _gnb.Dispose();
        _amf.Dispose();
    }
}

/// <summary>What one UE and the core say to each other.</summary>
internal sealed class NasExchange(SessionRequest request)
{
    public SessionRequest Request { get; } = request;
    /// <summary>The session's QoS rules, set before the UE is told that it has one.</summary>
    public IReadOnlyList<UplinkRule> Rules { get; set; } = [];
    /// <summary>As <see cref="ISessionOutcome.Rejected"/> has it, set before the UE is told of it.</summary>
    public byte RejectionCause { get; set; }
}
