using Microsoft.AspNetCore.Http;
using Testbed.Conformance.Results;

namespace Testbed.Probes.Tests.Exposure;

/// <summary>Whatever a NEF does, a probe ends with a figure and its cause.</summary>
public sealed class BadNefTests
{
    private static readonly Func<HttpContext, Task> Aborts = context =>
    {
        context.Abort();
        return Task.CompletedTask;
    };

    private static IEnumerable<TestCaseData> Misbehaviours()
    {
        yield return Case("resets", Aborts, "connection ended");
        yield return Case("redirects", context =>
        {
            context.Response.Redirect("https://192.0.2.1/");
            return Task.CompletedTask;
        }, "302");
        yield return Case("answers HTML", context =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("<html>");
        }, "expected 201, found 200");
        yield return Case("sends too much", async context =>
        {
            byte[] block = new byte[1 << 20];
            for (int i = 0; i < 64; i++) await context.Response.Body.WriteAsync(block, context.RequestAborted);
        }, "passes the limit");
        yield return Case("fails", context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        }, "500");

        static TestCaseData Case(string name, Func<HttpContext, Task> answer, string why) =>
            new TestCaseData(answer, why).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Misbehaviours))]
    public async Task A_NEF_that_misbehaves_fails_the_life_cycle_with_its_cause(
        Func<HttpContext, Task> answer, string why)
    {
        await using FakeNef nef = await FakeNef.StartAsync(answer);
        (ProbeOutcome outcome, _) = await nef.RunAsync("exposure-qos-life-cycle");
        KpiResult kpi = outcome.Kpis.Single();
        Assert.That((outcome.Problem, kpi.NotUsable), Is.EqualTo(((object?)null, (object?)null)));
        Assert.That(kpi.Value, Is.Positive);
        Assert.That(kpi.Findings.Select(finding => finding.En), Has.Some.Contains(why));
    }

    [Test]
    public async Task A_NEF_without_a_doorkeeper_is_found()
    {
        await using FakeNef nef = await FakeNef.StartAsync(context => context.Response.WriteAsync("[]"));
        (ProbeOutcome outcome, _) = await nef.RunAsync("exposure-refusals");
        Assert.That(outcome.Kpis[0].Value, Is.EqualTo(outcome.Kpis[0].Samples).And.Positive);
    }

    [Test]
    public async Task A_NEF_that_hangs_fails_the_life_cycle_with_its_cause()
    {
        await using FakeNef nef = await FakeNef.StartAsync(
            context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }));
        (ProbeOutcome outcome, _) = await nef.RunAsync("exposure-qos-life-cycle");
        Assert.That(outcome.Kpis.Single().Value, Is.Positive);
        Assert.That(outcome.Kpis.Single().Findings[0].En, Does.Contain("no whole answer within 5 s"));
    }

    [Test]
    public async Task An_expired_token_that_still_works_is_found()
    {
        await using FakeNef nef = await FakeNef.StartAsync(context => context.Response.WriteAsync("[]"), life: 1);
        (ProbeOutcome outcome, _) = await nef.RunAsync("exposure-refusals", ("expiryWaitSeconds", "5"));
        Assert.That((outcome.Kpis[1].Value, outcome.Kpis[1].Samples), Is.EqualTo((1m, 1L)));
    }

    [Test]
    public async Task A_certificate_that_has_expired_is_the_cause()
    {
        await using FakeNef nef = await FakeNef.StartAsync(Aborts, all => all.Expired());
        (ProbeOutcome outcome, _) = await nef.RunAsync("exposure-access");
        Assert.That(outcome.Kpis.Single().Findings[0].En, Does.Contain("the certificate has expired"));
        Assert.That(outcome.Kpis.Single().Value, Is.Positive);
    }

    [Test]
    public async Task A_certificate_for_another_name_is_the_cause()
    {
        await using FakeNef nef = await FakeNef.StartAsync(Aborts, all => all.WrongName());
        (ProbeOutcome outcome, _) = await nef.RunAsync("exposure-access");
        Assert.That(outcome.Kpis.Single().Findings[0].En, Does.Contain("does not carry this name or address"));
    }

    [TestCase(401)]
    [TestCase(404)]
    [TestCase(405)]
    [TestCase(429)]
    public async Task A_server_that_refuses_everything_shows_nothing_of_bad_bodies(int status)
    {
        await using FakeNef nef = await FakeNef.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/problem+json";
            return context.Response.WriteAsync($$"""{"status":{{status}}}""");
        });
        KpiResult kpi = (await nef.RunAsync("exposure-bad-bodies", ("capif", ""))).Outcome.Kpis.Single();
        Assert.That((kpi.Value, kpi.NotUsableVerdict), Is.EqualTo((0m, (Verdict?)Verdict.Inconclusive)));
        Assert.That(kpi.NotUsable?.En, Does.Contain("another reason than the body"));
    }

    [Test]
    public async Task A_server_that_answers_bad_bodies_with_500_is_found_and_one_that_refuses_them_is_not()
    {
        await using FakeNef bad = await FakeNef.StartAsync(context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        await using FakeNef good = await FakeNef.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Method == "GET" ? 200 : 400;
            context.Response.ContentType = "application/problem+json";
            return context.Response.WriteAsync("""{"status":400}""");
        });
        (string, string) none = ("capif", "");
        Assert.That((await bad.RunAsync("exposure-bad-bodies", none)).Outcome.Kpis.Single().Value, Is.AtLeast(30));
        Assert.That((await good.RunAsync("exposure-bad-bodies", none)).Outcome.Kpis.Single().Value, Is.Zero);
    }

    [Test]
    public async Task CAPIF_that_lists_nothing_lacks_what_the_claim_names()
    {
        await using FakeNef nef = await FakeNef.StartAsync(context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("{}");
        });
        (ProbeOutcome outcome, _) = await nef.RunAsync("exposure-discovery");
        Assert.That(outcome.Kpis.Single().Findings.Single().En, Does.Contain("does not list"));
    }

    [Test]
    public async Task A_kit_without_the_secret_says_so()
    {
        await using FakeNef nef = await FakeNef.StartAsync(Aborts);
        (ProbeOutcome outcome, _) = await nef.RunAsync("exposure-access", ("secret", "env:TESTBED_NOT_SET"));
        Assert.That(outcome.Problem?.En, Does.Contain("TESTBED_NOT_SET"));
    }
}
