using Testbed.Conformance;
using Testbed.Probes.Exposure.Access;
using Testbed.Probes.Http;
using Testbed.Probes.Notifications;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Exposure.Loops;

/// <summary>
/// EXP-004, EXP-005, EXP-008: calls, waits, deletes, again and again, and writes down when. What came of the calls is
/// for the captures to say; the API's own answer counts for nothing. Parameters as in <see cref="ExposureAccess"/>,
/// <see cref="TestFlow"/> and <see cref="LoopTarget"/>; listenPort, cycles (1 to 100), thorough (0, 1).
/// </summary>
internal abstract class ClosedLoopProbe(string kind, string api) : IProbe
{
    private const string RecordHeader =
        "cycle,calledNs,answeredNs,status,deletedNs,deleteAnsweredNs,deleteStatus,untilNs";
    /// <summary>The test flow's first packets are under way when the first cycle begins.</summary>
    private static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(500);

    public string Kind => kind;

    public static string RecordName(string api) => $"loop-{api}.csv";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        TestFlow flow = TestFlow.Read(parameters);
        int cycles = parameters.Whole("cycles", 1, 100);
        CycleTimes times = new(parameters.RunNonce, api, cycles, parameters.Whole("thorough", 0, 1) == 1);
        int port = parameters.Port("listenPort");
        return ProbeThread.GuardAsync(async () =>
        {
            using ExposureAccess access = ExposureAccess.Open(parameters, host);
            await using NotificationListener listener = await NotificationListener.StartAsync(
                access.LocalAddress(), port, parameters.RunNonce, task.Id, cancellation);
            int left = await Leftovers.RemoveAsync(
                access, LoopTarget.NefApi(api) is { } nef ? [nef] : [], task.RunNonce, cancellation);
            LoopTarget target = LoopTarget.Read(api, parameters, access, flow, listener.Open().Address);
            using RecordWriter record = new(host.CreateRecord(RecordName(api)), RecordHeader);
            await Task.Delay(Lead, host.Time, cancellation);
            LocalText? problem = null;
            for (int cycle = 0; cycle < cycles; cycle++)
            {
                host.Progress((double)cycle / cycles, $"{api} {cycle}/{cycles}");
                ApiAnswer answer = await RunCycleAsync(access, target, times, cycle, record, host, cancellation);
                if (answer.Fault.MayBeTheKits()) problem ??= answer.Summary;
            }
            return new([], [RecordName(api)], problem) { Facts = Leftovers.Facts(left) };
        });
    }

    private static async Task<ApiAnswer> RunCycleAsync(
        ExposureAccess access, LoopTarget target, CycleTimes times, int cycle, RecordWriter record, IProbeHost host,
        CancellationToken cancellation)
    {
        await Task.Delay(times.Before(cycle), host.Time, cancellation);
        // The token first, so that the time of the call is the call's.
        await access.Token.GetAsync(cancellation);
        ApiAnswer created = await access.CallAsync(
            new ApiRequest(HttpMethod.Post, target.Collection).With(target.Body.ToJsonString()),
            CancellationToken.None);
        ApiAnswer? deleted = null;
        if (created.IsSuccess && target.ResourceOf(created) is { } resource)
            deleted = await HoldAsync(access, resource, times.Hold(cycle), host, cancellation);
        if (deleted is not null) await Task.Delay(times.After(cycle), host.Time, cancellation);
        record.Add(cycle + 1).Add(created.CalledNs).Add(created.EndedNs).Add((int)(created.Status ?? 0))
            .Add(deleted?.CalledNs ?? created.EndedNs).Add(deleted?.EndedNs ?? created.EndedNs)
            .Add((int)(deleted?.Status ?? 0)).Add(Clocks.RealtimeNs()).EndRow();
        return created;
    }

    /// <summary>Waits and deletes; a test that is stopped meanwhile deletes at once.</summary>
    private static async Task<ApiAnswer> HoldAsync(
        ExposureAccess access, Uri resource, TimeSpan hold, IProbeHost host, CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(hold, host.Time, cancellation);
            await access.Token.GetAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            await access.CleanUpAsync(resource);
            throw;
        }
        ApiAnswer deleted = await access.CallAsync(new(HttpMethod.Delete, resource), CancellationToken.None);
        if (!deleted.IsSuccess) await access.CleanUpAsync(resource);
        return deleted;
    }
}

/// <summary>EXP-004: AsSessionWithQoS; qosReference.</summary>
internal sealed class QosLoopProbe() : ClosedLoopProbe("exposure-qos-loop", LoopTarget.QosSession);

/// <summary>EXP-008: CAMARA QualityOnDemand; qosProfile.</summary>
internal sealed class CamaraLoopProbe() : ClosedLoopProbe("exposure-camara-loop", LoopTarget.Camara);

/// <summary>EXP-005: TrafficInfluence; dnai.</summary>
internal sealed class InfluenceLoopProbe() : ClosedLoopProbe("exposure-influence-loop", LoopTarget.Influence);
