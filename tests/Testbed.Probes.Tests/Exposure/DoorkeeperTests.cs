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
