using System.Text.Json;
using System.Text.Json.Nodes;
using Testbed.Conformance.Results;
using Testbed.Probes.Conformance;
using Testbed.Probes.Exposure.Access;
using Testbed.Probes.Http;
using Testbed.Probes.Notifications;

namespace Testbed.Probes.Exposure.Interfaces;

/// <summary>
/// EXP-003: one AsSessionWithQoS subscription from its creation to its end, each answer and the notification held
/// against TS 29.122 field by field. Parameters as in <see cref="ExposureAccess"/> and <see cref="TestFlow"/>;
/// qosReference, listenPort.
/// </summary>
internal sealed class QosLifeCycleProbe : IProbe
{
    /// <summary>Create, notify, read, read all, replace, modify, delete, read after delete.</summary>
    private const int StepCount = 8;
    private const string RecordName = "exposure-qos-life-cycle.csv";
    private static readonly TimeSpan NotifyWithin = TimeSpan.FromSeconds(5);

    public string Kind => "exposure-qos-life-cycle";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        TestFlow flow = TestFlow.Read(parameters);
        string reference = parameters.Text("qosReference", 64);
        int port = parameters.Port("listenPort");
        return ProbeThread.GuardAsync(async () =>
        {
            using ExposureAccess access = ExposureAccess.Open(parameters, host);
            using StepList steps = new(host, RecordName);
            await using NotificationListener listener = await NotificationListener.StartAsync(
                access.LocalAddress(), port, parameters.RunNonce, task.Id, cancellation);
            int left = await Leftovers.RemoveAsync(access, [NefApis.QosSession], task.RunNonce, cancellation);
            LifeCycle life = new(access, steps, listener.Open(), host.Time);
            await life.RunAsync(box => flow.QosSession(reference, box), cancellation);
            KpiResult failures = steps.Build(
                "qos-session-api-failures", $"{Kind}@{host.Kit}", StepCount, [.. Leftovers.Say(left)]);
            return new([failures], [RecordName]) { Facts = Leftovers.Facts(left) };
        });
    }

    private sealed class LifeCycle(ExposureAccess access, StepList steps, NotificationBox box, TimeProvider time)
    {
        private const string Allocated = "SUCCESSFUL_RESOURCES_ALLOCATION", Clause = "TS 29.122 §5.14.3A";
        private readonly ConformanceCheck _check = new(ApiDescription.Load("as-session-with-qos"));
        private readonly Uri _collection = access.Subscriptions(NefApis.QosSession);

        public async Task RunAsync(Func<Uri, JsonObject> bodyFor, CancellationToken cancellation)
        {
            JsonObject good = bodyFor(box.Address);
            string body = good.ToJsonString();
            string patch = new JsonObject { ["flowInfo"] = good["flowInfo"]!.DeepClone() }.ToJsonString();
            // To its end, also when stopped: what an abandoned call creates, nobody knows the address of.
            ApiAnswer created = await DoAsync(
                "create", new ApiRequest(HttpMethod.Post, _collection).With(body), CancellationToken.None);
            // A wrong status code is a finding; the resource that was made all the same must not stay.
            if (created is not { IsSuccess: true, Location: { } resource })
            {
                steps.Fail("resource", new("创建后没有可用的资源地址", "the creation gave no resource to go on with"), created);
                return;
            }
            bool isDeleted = false;
            try
            {
                await NotifiedAsync(resource, cancellation);
                await DoAsync("read", new(HttpMethod.Get, resource), cancellation);
                await DoAsync("read-all", new(HttpMethod.Get, _collection), cancellation);
                await DoAsync("replace", new ApiRequest(HttpMethod.Put, resource).With(body), cancellation);
                await DoAsync("modify", new ApiRequest(HttpMethod.Patch, resource).With(patch, ApiRequest.MergePatch),
                    cancellation);
                isDeleted = (await DoAsync("delete", new(HttpMethod.Delete, resource), cancellation)).IsSuccess;
                await GoneAsync(resource, cancellation);
            }
            finally
            {
                if (!isDeleted) await access.CleanUpAsync(resource);
            }
        }

        private async Task<ApiAnswer> DoAsync(string operation, ApiRequest request, CancellationToken cancellation)
        {
            ApiAnswer answer = await access.CallAsync(request, cancellation);
            IReadOnlyList<ConformanceFinding> findings = _check.Answer(operation, answer);
            // A refusal in the form that the specification gives it is still no success.
            if (findings.Count == 0 && !answer.IsSuccess)
                steps.Fail(operation, new(
                    $"{operation} 未成功（{answer.Summary.Zh}）",
                    $"{operation} does not succeed ({answer.Summary.En})"), answer);
            else Take(operation, findings, answer);
            return answer;
        }

        private async Task NotifiedAsync(Uri resource, CancellationToken cancellation)
        {
            if (await box.NextAsync(NotifyWithin, time, cancellation) is { } notification)
            {
                IReadOnlyList<ConformanceFinding> findings = _check.Message("notify", notification);
                using JsonDocument? json = notification.Json();
                Take("notify", findings.Count > 0 ? findings : [.. Wrong(json!.RootElement, resource)], null);
            }
            else
                steps.Fail("notify", new(
                    $"{NotifyWithin.TotalSeconds:0} s 内未收到资源分配成功的通知",
                    $"no notification of the allocated resources within {NotifyWithin.TotalSeconds:0} s"));
        }

        /// <summary>What a well-formed notification says amiss: another subscription, or no success.</summary>
        private static IEnumerable<ConformanceFinding> Wrong(JsonElement data, Uri resource)
        {
            string? of = data.GetProperty("transaction").GetString();
            if (!ExposureAccess.IsLinkTo(resource, of))
                yield return new("notify", "/transaction", resource.AbsolutePath, ConformanceFinding.Show(of),
                    Clause);
            string[] events = [.. data.GetProperty("eventReports").EnumerateArray()
                .Select(report => report.GetProperty("event").GetString()!)];
            if (!events.Contains(Allocated, StringComparer.Ordinal))
                yield return new("notify", "/eventReports/0/event", Allocated, ConformanceFinding.Show(events[0]),
                    Clause);
        }

        private async Task GoneAsync(Uri resource, CancellationToken cancellation)
        {
            ApiAnswer answer = await access.CallAsync(new(HttpMethod.Get, resource), cancellation);
            Take("read after delete", _check.Refusal("read", answer, 404), answer);
        }

        private void Take(string step, IReadOnlyList<ConformanceFinding> findings, ApiAnswer? answer)
        {
            if (findings.Count == 0) steps.Pass(step, answer);
            foreach (ConformanceFinding finding in findings) steps.Fail(step, finding.Text, answer);
        }
    }
}
