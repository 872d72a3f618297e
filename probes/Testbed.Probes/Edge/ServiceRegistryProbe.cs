using System.Net;
using Testbed.Conformance;
using Testbed.Probes.Exposure;
using Testbed.Probes.Exposure.Access;
using Testbed.Probes.Notifications;

namespace Testbed.Probes.Edge;

/// <summary>
/// EDG-004: a service from its registration to its end, with somebody who is told of both; each answer and notification
/// held against ETSI GS MEC 011 field by field. Parameters as in <see cref="MecAccess"/>; listenAddress, listenPort.
/// </summary>
internal sealed class ServiceRegistryProbe : IProbe
{
    public const string RecordName = "mec-service-registry.csv";
    private const string KpiId = "mec-service-api-failures";

    /// <summary>List to unsubscribe, as ServiceLife takes them.</summary>
    private const int StepsPlanned = 12;

    public string Kind => "mec-service-registry";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        IPAddress listen = parameters.Address("listenAddress");
        int port = parameters.Port("listenPort");
        string name = ServiceDocuments.NameMark + Convert.ToHexStringLower(
            ProbeKeys.Derive(parameters.RunNonce.Span, "testbed mec service v1 " + task.Id).AsSpan(0, 8));
        return ProbeThread.GuardAsync(async () =>
        {
            using MecAccess access = MecAccess.Open(parameters, host);
            using StepList steps = new(host, RecordName);
            await using NotificationListener listener =
                await NotificationListener.StartAsync(listen, port, parameters.RunNonce, task.Id, cancellation);
            int removed = await RegistryLeftovers.RemoveAsync(access, task.RunNonce, cancellation);
            ServiceLife life = new(access, steps, listener, name, host.Time);
            await life.RunAsync(cancellation);
            LocalText[] notes = removed == 0 ? [] :
            [
                new($"已删除此前中断的运行遗留的 {removed} 个服务或订阅",
                    $"removed {removed} services or subscriptions of an earlier, interrupted run"),
            ];
            return new([steps.Build(KpiId, $"{Kind}@{host.Kit}", StepsPlanned, notes)], [RecordName])
            {
                Facts = Leftovers.Facts(removed),
            };
        });
    }
}
