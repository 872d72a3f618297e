using Microsoft.AspNetCore.Http;
using Testbed.Conformance.Results;

namespace Testbed.Probes.Tests.Exposure;

/// <summary>A refusal shows something only where whoever may come is let in.</summary>
public sealed class DoorkeeperTests
{
    private static readonly (string, string) TwoApis = ("apis", "as-session-with-qos,monitoring-event");

    /// <summary>Lets the token in to its own subscriptions, and to whatever else a test wants.</summary>
    private static Task<FakeNef> StartAsync(Func<HttpContext, bool>? alsoLetsIn = null, int life = 3600) =>
        FakeNef.StartAsync(context =>
        {
            HttpRequest request = context.Request;
            bool isKnown = request.Headers.Authorization == "Bearer t"
                && !request.Path.Value!.Contains("/af-", StringComparison.Ordinal);
            bool isIn = isKnown || alsoLetsIn?.Invoke(context) == true;
            context.Response.StatusCode = !isIn ? 403 : request.Method == "GET" ? 200 : 400;
            return context.Response.WriteAsync("[]");
        }, life: life);

    private static async Task<(KpiResult Accepted, KpiResult Expired)> RunAsync(
        FakeNef nef, params (string, string)[] parameters)
    {
        (ProbeOutcome outcome, _) = await nef.RunAsync("exposure-refusals", parameters);
        return (outcome.Kpis[0], outcome.Kpis[1]);
    }

    [Test]
    public async Task A_NEF_that_knows_its_own_passes_and_a_token_that_lives_too_long_decides_nothing()
    {
        await using FakeNef nef = await StartAsync();
        (KpiResult accepted, KpiResult expired) = await RunAsync(nef);
        Assert.That((accepted.Value, accepted.NotUsable), Is.EqualTo((0m, (object?)null)));
        Assert.That(expired.NotUsable?.En, Does.Contain("tokens live 3600 s"));
    }

    [Test]
    public async Task A_NEF_that_refuses_everybody_shows_nothing()
    {
        await using FakeNef nef = await FakeNef.StartAsync(context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        }, life: 1);
        (KpiResult accepted, KpiResult expired) = await RunAsync(nef, ("expiryWaitSeconds", "5"));
        Assert.That(accepted.NotUsable?.En, Does.Contain("with a good token does not succeed either"));
        Assert.That(expired.NotUsable?.En, Does.Contain("not accepted even while it lived"));
    }

    [Test]
    public async Task A_door_that_is_open_to_creations_alone_is_found()
    {
        await using FakeNef nef = await StartAsync(context =>
        {
            if (context.Request.Method != "POST" || context.Request.Headers.Authorization.Count > 0) return false;
            context.Response.OnStarting(() =>
            {
                context.Response.StatusCode = 201;
                return Task.CompletedTask;
            });
            return true;
        });
        KpiResult accepted = (await RunAsync(nef)).Accepted;
        Assert.That(accepted.Value, Is.EqualTo(1));
        Assert.That(accepted.Findings[0].En, Does.StartWith("no token: POST"));
    }

    [Test]
    public async Task A_NEF_that_looks_at_the_body_before_the_owner_decides_nothing()
    {
        await using FakeNef nef = await StartAsync(context => context.Request.Method == "POST");
        KpiResult accepted = (await RunAsync(nef)).Accepted;
        Assert.That(accepted.Value, Is.Zero);
        Assert.That(accepted.NotUsable?.En, Does.Contain("says nothing of rights"));
    }

    [Test]
    public async Task Another_AFs_list_that_can_be_read_is_found()
    {
        await using FakeNef nef = await StartAsync(context => context.Request.Headers.Authorization == "Bearer t");
        KpiResult accepted = (await RunAsync(nef)).Accepted;
        Assert.That(accepted.Findings[0].En, Does.StartWith("another AF's subscriptions: GET"));
    }

    /// <summary>Hides what is another's behind a 404; its owner may read it.</summary>
    private static Task<FakeNef> StartHidingAsync(Func<HttpContext, bool> letsIn) => FakeNef.StartAsync(context =>
    {
        HttpRequest request = context.Request;
        bool isOthers = request.Path.Value!.Contains("/af-") || request.Path.Value.Contains("/af2/");
        context.Response.StatusCode = letsIn(context) ? 200
            : request.Headers.Authorization != "Bearer t" ? 401 : isOthers ? 404 : request.Method == "GET" ? 200 : 400;
        return context.Response.WriteAsync("[]");
    });

    private static (string, string)[] OtherAf =>
        [("otherAfId", "af2"), ("otherClientId", "af2"), ("otherSecret", "env:" + FakeNef.SecretVariable)];

    [Test]
    public async Task A_404_for_an_AF_that_nobody_has_decides_nothing()
    {
        await using FakeNef nef = await StartHidingAsync(_ => false);
        KpiResult accepted = (await RunAsync(nef)).Accepted;
        Assert.That(accepted.Value, Is.Zero);
        Assert.That(accepted.NotUsable?.En, Does.Contain("name a second AF in the claim"));
    }

    [Test]
    public async Task A_404_for_what_its_owner_reads_is_a_refusal()
    {
        await using FakeNef nef = await StartHidingAsync(context =>
            context.Request.Headers.Authorization == "Bearer other" && context.Request.Path.Value!.Contains("/af2/"));
        KpiResult accepted = (await RunAsync(nef, OtherAf)).Accepted;
        Assert.That((accepted.Value, accepted.NotUsable), Is.EqualTo((0m, (object?)null)));
    }

    [Test]
    public async Task Another_AF_that_cannot_read_its_own_decides_nothing()
    {
        await using FakeNef nef = await StartHidingAsync(_ => false);
        KpiResult accepted = (await RunAsync(nef, OtherAf)).Accepted;
        Assert.That(accepted.NotUsable?.En, Does.Contain("(af2) cannot read"));
    }

    [Test]
    public async Task A_NEF_that_hides_strangers_and_shows_the_claims_other_AF_is_found()
    {
        await using FakeNef nef = await StartHidingAsync(context =>
            context.Request.Headers.Authorization.Count > 0 && context.Request.Method == "GET"
            && context.Request.Path.Value!.Contains("/af2/"));
        KpiResult accepted = (await RunAsync(nef, OtherAf)).Accepted;
        Assert.That(accepted.Value, Is.EqualTo(1));
        Assert.That(accepted.Findings[0].En, Does.StartWith("another AF's subscriptions: GET"));
    }

    [TestCase(500)]
    [TestCase(302)]
    [TestCase(404)]
    public async Task A_token_endpoint_that_neither_grants_nor_refuses_a_scope_decides_nothing(int status)
    {
        await using FakeNef nef = await StartAsync();
        nef.ScopeStatus = status;
        KpiResult accepted = (await RunAsync(nef, TwoApis)).Accepted;
        Assert.That(accepted.NotUsable?.En, Does.Contain("neither grants nor refuses"));
    }

    [Test]
    public async Task A_token_endpoint_that_refuses_a_scope_refuses()
    {
        await using FakeNef nef = await StartAsync();
        nef.ScopeStatus = 400;
        KpiResult accepted = (await RunAsync(nef, TwoApis)).Accepted;
        Assert.That((accepted.Value, accepted.NotUsable), Is.EqualTo((0m, (object?)null)));
    }

    [Test]
    public async Task A_server_that_grants_more_than_was_asked_for_leaves_no_wrong_scope_to_try()
    {
        await using FakeNef nef = await StartAsync(
            context => context.Request.Headers.Authorization == "Bearer 3gpp-monitoring-eventt");
        nef.Grants = "everything";
        Assert.That((await RunAsync(nef, TwoApis)).Accepted.NotUsable?.En, Does.Contain("the server granted more"));
    }

    [Test]
    public async Task A_client_that_may_only_use_the_authorization_header_gets_its_token()
    {
        await using FakeNef nef = await StartAsync();
        nef.IsBasicOnly = true;
        (ProbeOutcome outcome, _) = await nef.RunAsync("exposure-access");
        Assert.That(outcome.Kpis.Single().Findings.Select(each => each.En), Has.None.Contains("token"));
    }
}
