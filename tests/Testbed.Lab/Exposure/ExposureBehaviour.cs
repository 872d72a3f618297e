using Testbed.Lab.Control;

namespace Testbed.Lab.Exposure;

/// <summary>How NEF, CAPIF and CAMARA gateway behave: honestly by default; a fault replaces single parts.</summary>
internal sealed class ExposureBehaviour
{
    public IGate Gate { get; set; } = new StrictGate();

    /// <summary>Ports that serve the NEF without TLS.</summary>
    public List<int> PlainPorts { get; } = [];

    /// <summary>The status with which AsSessionWithQoS answers, from the one that it should.</summary>
    public Func<int, int> QosStatus { get; set; } = static status => status;

    /// <summary>The status with which a bad request is refused, from the one that it should.</summary>
    public Func<int, int> RefusalStatus { get; set; } = static status => status;

    /// <summary>What AsSessionWithQoS, TrafficInfluence and CAMARA reach of the policy control.</summary>
    public Func<IPolicyControl, IPolicyControl> QosPolicy { get; set; } = static policy => policy;
    public Func<IPolicyControl, IPolicyControl> InfluencePolicy { get; set; } = static policy => policy;
    public Func<IPolicyControl, IPolicyControl> CamaraPolicy { get; set; } = static policy => policy;

    /// <summary>What MonitoringEvent reports of an event of the network: itself, once.</summary>
    public Func<SessionEvent, IEnumerable<SessionEvent>> Report { get; set; } = static what => [what];

    /// <summary>APIs that CAPIF lists beside those that are there: name and port.</summary>
    public List<(string Name, int Port)> StaleApis { get; } = [];
}

/// <summary>Says yes to everything and does nothing.</summary>
internal sealed class IdlePolicy(IPolicyControl network) : IPolicyControl
{
    private int _number;

    public IReadOnlyList<LiveSession> Sessions => network.Sessions;

    public event Action<SessionEvent>? Changed
    {
        add => network.Changed += value;
        remove => network.Changed -= value;
    }

    public Task<PolicyAnswer> AddFlowAsync(
        uint ueAddress, QosFlowRequest request, CancellationToken cancellationToken = default) =>
        Task.FromResult(new PolicyAnswer(PolicyOutcome.Done, Rule(ueAddress), request.Qfi));

    public Task<PolicyAnswer> SteerAsync(
        uint ueAddress, Wire.Qos.FlowDescription filter, string networkInstance,
        CancellationToken cancellationToken = default) =>
        Task.FromResult(new PolicyAnswer(PolicyOutcome.Done, Rule(ueAddress)));

    public Task<PolicyAnswer> RemoveAsync(PolicyRule rule, CancellationToken cancellationToken = default) =>
        Task.FromResult(new PolicyAnswer(PolicyOutcome.Done));

    private PolicyRule Rule(uint ueAddress) => new(ueAddress, -Interlocked.Increment(ref _number));
}
