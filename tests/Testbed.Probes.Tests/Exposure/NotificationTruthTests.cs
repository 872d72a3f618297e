using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Testbed.Conformance.Results;

namespace Testbed.Probes.Tests.Exposure;

/// <summary>A notification counts for the subscription that it names, and for what it says.</summary>
public sealed class NotificationTruthTests
{
    /// <summary>Creates a resource and tells its subscriber this.</summary>
    private static Func<HttpContext, Task> Telling(string notification, Action? told = null) => async context =>
    {
        if (context.Request.Method != "POST")
        {
            context.Response.StatusCode = 404;
            return;
        }
        using StreamReader reader = new(context.Request.Body);
        string body = await reader.ReadToEndAsync();
        context.Response.StatusCode = 201;
        context.Response.ContentType = "application/json";
        context.Response.Headers.Location = context.Request.Path + "/7";
        await context.Response.WriteAsync(body);
        await context.Response.CompleteAsync();
        using HttpClient http = new();
        using StringContent content = new(notification, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using HttpResponseMessage answer = await http.PostAsync(
            JsonNode.Parse(body)!["notificationDestination"]!.GetValue<string>(), content);
        told?.Invoke();
    };

    private static string Data(string id, string happened) =>
        $$"""{"transaction":"https://gw.example/nef/subscriptions/{{id}}","eventReports":[{"event":"{{happened}}"}]}""";

    private static async Task<IEnumerable<string>> NotifyFindingsAsync(string notification)
    {
        await using FakeNef nef = await FakeNef.StartAsync(Telling(notification));
        KpiResult kpi = (await nef.RunAsync("exposure-qos-life-cycle")).Outcome.Kpis.Single();
        return kpi.Findings.Select(each => each.En).Where(text => text.StartsWith("notify", StringComparison.Ordinal));
    }

    [Test]
    public async Task EXP_003_A_notification_of_this_subscription_is_good_whatever_root_the_NEF_gives_itself() =>
        Assert.That(await NotifyFindingsAsync(Data("7", "SUCCESSFUL_RESOURCES_ALLOCATION")), Is.Empty);

    [Test]
    public async Task EXP_003_A_notification_of_an_unknown_subscription_is_none_of_ours() =>
        Assert.That(await NotifyFindingsAsync(Data("8", "SUCCESSFUL_RESOURCES_ALLOCATION")),
            Has.One.Contains("/transaction"));

    [Test]
    public async Task EXP_003_A_notification_of_a_failure_is_no_success() =>
        Assert.That(await NotifyFindingsAsync(Data("7", "FAILED_RESOURCES_ALLOCATION")),
            Has.One.Contains("SUCCESSFUL_RESOURCES_ALLOCATION"));

    [TestCase("7", "created")]
    [TestCase("8", "stray")]
    public async Task EXP_006_A_session_told_for_an_unknown_subscription_is_a_stray(string id, string written)
    {
        using CancellationTokenSource stop = new();
        await using FakeNef nef = await FakeNef.StartAsync(Telling(
            $$"""
            {"subscription":"https://gw.example/nef/subscriptions/{{id}}","monitoringEventReports":[
              {"pdnConnInfoList":[{"status":"CREATED","ipv4Addr":"10.45.0.9"}]}]}
            """, () => stop.CancelAfter(TimeSpan.FromMilliseconds(500))));
        nef.Stop = stop.Token;
        (_, TestHost host) = await nef.RunAsync("exposure-session-events", ("group", "g@example.com"));
        Assert.That(host.Rows("session-events.csv").Select(row => row[1]),
            Is.EqualTo((string[])["status", "subscribed", written, "ended"]));
    }

    [TestCase("""{"status":"CREATED","ipv4Addr":"10.45.0.9","ipv6Addrs":["2001:db8::9"]}""", "10.45.0.9 2001:db8::9")]
    [TestCase("""{"status":"CREATED","ipv6Addrs":["2001:db8::9",7,"none"]}""", "2001:db8::9")]
    [TestCase("""{"status":"CREATED","ipv6Addrs":"2001:db8::9"}""", "")]
    public async Task EXP_006_A_session_is_told_with_all_its_addresses(string session, string written)
    {
        using CancellationTokenSource stop = new();
        await using FakeNef nef = await FakeNef.StartAsync(Telling(
            $$"""
            {"subscription":"https://gw.example/nef/subscriptions/7","monitoringEventReports":[
              {"pdnConnInfoList":[{{session}}]}]}
            """, () => stop.CancelAfter(TimeSpan.FromMilliseconds(500))));
        nef.Stop = stop.Token;
        (_, TestHost host) = await nef.RunAsync("exposure-session-events", ("group", "g@example.com"));
        Assert.That(host.Rows("session-events.csv")[2][1..3], Is.EqualTo((string[])["created", written]));
    }
}
