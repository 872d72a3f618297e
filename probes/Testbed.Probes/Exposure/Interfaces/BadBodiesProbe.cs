using System.Text.Json.Nodes;
using Testbed.Probes.Conformance;
using Testbed.Probes.Http;

namespace Testbed.Probes.Exposure.Interfaces;

/// <summary>
/// EXP-009: bad bodies to every claimed API that creates something; each must be refused with 4xx and problem details,
/// and the service must live on. Parameters as in <see cref="ExposureAccess"/> and <see cref="TestFlow"/>; apis, count
/// (15 to 10,000), qosReference, qosProfile, dnai and group where the claim has them.
/// </summary>
internal sealed class BadBodiesProbe : IProbe
{
    private const string RecordName = "exposure-bad-bodies.csv";
    /// <summary>The service is looked at after so many bad requests.</summary>
    private const int LookEvery = 25;

    public string Kind => "exposure-bad-bodies";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        int count = parameters.Whole("count", 15, 10_000);
        byte[] key = ProbeKeys.Derive(parameters.RunNonce.Span, "testbed bad bodies v1");
        return ProbeThread.GuardAsync(async () =>
        {
            using ExposureAccess access = ExposureAccess.Open(parameters, host);
            using StepList steps = new(host, RecordName);
            Target[] targets = [.. Target.Read(parameters, access)];
            int each = (count + targets.Length - 1) / targets.Length;
            foreach (Target target in targets)
            {
                int sent = 0;
                foreach (BadBody body in new BadBodies(key, target.Good).Take(each))
                {
                    await SendAsync(access, target, body, steps, cancellation);
                    if (++sent % LookEvery == 0 || sent == each) await LookAsync(access, target, steps, cancellation);
                    host.Progress((double)steps.Done / count, $"{steps.Done}/{count}");
                }
            }
            return new([steps.Build("bad-request-failures", $"{Kind}@{host.Kit}", count)], [RecordName]);
        });
    }

    private static async Task SendAsync(
        ExposureAccess access, Target target, BadBody body, StepList steps, CancellationToken cancellation)
    {
        // Each call to its end, also when stopped: one that is taken for good makes something that must go again.
        cancellation.ThrowIfCancellationRequested();
        ApiAnswer answer = await access.CallAsync(
            new(HttpMethod.Post, target.Collection) { Body = body.Bytes, MediaType = body.MediaType },
            CancellationToken.None);
        if (answer is { IsSuccess: true, Location: { } made }) await access.CleanUpAsync(made);
        string step = $"{target.Name} {body.Fault}";
        if (answer.Status is { } way && (int)way is 401 or 403 or 404 or 405 or 429)
        {
            steps.Undecided(step, new(
                $"{target.Name} 对请求体以外的原因作答（{answer.Summary.Zh}），不能说明其校验了请求体",
                $"{target.Name} refuses for another reason than the body ({answer.Summary.En}): nothing shows that it "
                    + "looked at it"), answer);
            return;
        }
        bool is4xx = answer.Status is { } status && (int)status is >= 400 and < 500;
        // A server that stops reading a body without end may close the connection before its refusal is read.
        bool isCutOff = body.MayBeCutOff && answer.Fault is CallFault.Reset;
        if (!is4xx && !isCutOff)
        {
            steps.Fail(step, new(
                $"{target.Name}：{body.Fault} 的请求体得到 {answer.Summary.Zh}",
                $"{target.Name}: a body that is {body.Fault} gets {answer.Summary.En}"), answer);
            return;
        }
        IReadOnlyList<ConformanceFinding> findings = isCutOff || body.MayBeCutOff ? []
            : answer.Body.IsEmpty ? [NoProblem(target)]
            : target.Check.Refusal("create", answer, (int)answer.Status!);
        if (findings.Count == 0) steps.Pass(step, answer);
        else steps.Fail(step, findings[0].Text, answer);
    }

    private static ConformanceFinding NoProblem(Target target) =>
        new($"{target.Name} create", "/", "problem details", "no body", "TS 29.500 §5.2.7");

    private static async Task LookAsync(
        ExposureAccess access, Target target, StepList steps, CancellationToken cancellation)
    {
        ApiAnswer answer = await access.CallAsync(new(HttpMethod.Get, target.Alive), cancellation);
        string step = $"{target.Name} alive";
        bool lives = answer.Status is { } status && (int)status < 500;
        if (lives && !answer.IsSuccess && target.HasList)
            steps.Undecided(step, new(
                $"{target.Name} 的正常请求也不成功（{answer.Summary.Zh}）",
                $"{target.Name} answers no good request either ({answer.Summary.En})"), answer);
        else
            steps.Take(step, lives, new(
                $"{target.Name} 在错误请求之后不再服务（{answer.Summary.Zh}）",
                $"{target.Name} no longer serves after bad requests ({answer.Summary.En})"), answer);
    }

    /// <summary>An API that creates something from a body.</summary>
    private sealed record Target(string Name, Uri Collection, Uri Alive, JsonObject Good, ConformanceCheck Check)
    {
        /// <summary>There is a list to read; else what is asked for is a resource that does not exist.</summary>
        public bool HasList => Alive == Collection;

        private static readonly Uri NotifyTo = new("http://192.0.2.1/testbed-none");

        public static IEnumerable<Target> Read(ProbeParameters parameters, ExposureAccess access)
        {
            TestFlow flow = TestFlow.Read(parameters);
            foreach (string api in NefApis.Read(parameters))
            {
                Uri collection = access.Subscriptions(api);
                yield return api switch
                {
                    NefApis.QosSession => new(api, collection, collection, Mandatory(
                        flow.QosSession(parameters.Text("qosReference", 64), NotifyTo), "notificationDestination"),
                        Checked("as-session-with-qos")),
                    NefApis.Influence => new(api, collection, collection, Mandatory(
                        flow.Influence(parameters.Text("dnai", 64), NotifyTo), "ipv4Addr", "trafficFilters"),
                        Checked("traffic-influence")),
                    _ => new(api, collection, collection, Mandatory(
                        TestFlow.SessionEvents(parameters.Text("group", 200), NotifyTo, 1),
                        "notificationDestination", "monitoringType"), Checked("monitoring-event")),
                };
            }
            if (access.Camara is not { } camara) yield break;
            Uri sessions = ExposureAccess.Below(camara, "sessions");
            yield return new("camara", sessions,
                ExposureAccess.Below(camara, "sessions/00000000-0000-4000-8000-000000000000"),
                Mandatory(flow.CamaraSession(parameters.Text("qosProfile", 256), 60),
                    "applicationServer", "qosProfile", "duration"), Checked("camara-quality-on-demand"));
        }

        private static ConformanceCheck Checked(string description) => new(ApiDescription.Load(description));

        /// <summary>Only members that the specification demands: without the others a body may still be good.</summary>
        private static JsonObject Mandatory(JsonObject body, params ReadOnlySpan<string> names)
        {
            JsonObject mandatory = [];
            foreach (string name in names) mandatory[name] = body[name]!.DeepClone();
            return mandatory;
        }
    }
}
