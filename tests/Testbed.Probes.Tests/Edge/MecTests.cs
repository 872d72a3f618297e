using Testbed.Conformance.Results;
using Testbed.Probes.Edge;
using Testbed.Probes.Notifications;

namespace Testbed.Probes.Tests.Edge;

/// <summary>EDG-004, EDG-005 and EDG-007 against a platform that is honest but for one thing.</summary>
[NonParallelizable]
public sealed class MecTests
{
    private const string Variable = "TESTBED_TEST_MEC_TOKEN";

    [SetUp]
    public void SetToken() => Environment.SetEnvironmentVariable(Variable, TestPlatform.Token);

    [TearDown]
    public void ClearToken() => Environment.SetEnvironmentVariable(Variable, null);

    private static ProbeTask Order(string kind, TestPlatform platform, params (string, object)[] more) =>
        Loopback.Order(kind,
            [("root", platform.Root), ("token", "env:" + Variable), ("ca", ""), ("app", "a"), .. more]);

    private static async Task<ProbeOutcome> RegistryAsync(TestPlatform platform) =>
        await new ServiceRegistryProbe().RunAsync(
            Order("mec-service-registry", platform,
                ("listenAddress", "127.0.0.1"), ("listenPort", Loopback.FreePort())),
            new TestHost(), default);

    private static async Task<KpiResult> RefusalsAsync(TestPlatform platform, string location = "") =>
        (await new MecRefusalProbe().RunAsync(
            Order("mec-refusals", platform, ("services", "true"), ("location", location)), new TestHost(), default))
            .Kpis.Single();

    [Test]
    public async Task A_registry_that_does_as_MEC_011_says_has_no_failures_and_keeps_nothing()
    {
        await using TestPlatform platform = await TestPlatform.StartAsync();
        ProbeOutcome outcome = await RegistryAsync(platform);
        KpiResult kpi = outcome.Kpis.Single();
        Assert.That(kpi.Value, Is.Zero, () => string.Join('\n', kpi.Findings.Select(finding => finding.En)));
        Assert.That(kpi.NotUsable, Is.Null);
        Assert.That(kpi.Samples, Is.GreaterThanOrEqualTo(10));
        Assert.That(platform.Left, Is.Zero);
    }

    [Test]
    public async Task What_a_killed_run_left_is_removed_and_told_and_nothing_of_others()
    {
        await using TestPlatform platform = await TestPlatform.StartAsync();
        // A stranger's, one of this very run, and two of earlier ones.
        platform.Hold("http://127.0.0.1:9/mine");
        platform.Hold("http://127.0.0.1:9" + NotificationListener.MarkOf(Loopback.Nonce) + "00");
        platform.Hold("http://127.0.0.1:9/testbed-01234567-00");
        platform.Hold("http://127.0.0.1:9/testbed-89abcdef-00");
        ProbeOutcome outcome = await RegistryAsync(platform);
        Assert.That(outcome.Facts["leftovers-removed"], Is.EqualTo("2"));
        Assert.That(outcome.Kpis.Single().Findings.Select(finding => finding.En), Has.Some.Contains("removed 2"));
        Assert.That(platform.Left, Is.EqualTo(2));
    }

    [Test]
    public async Task A_wrong_status_and_a_missing_Location_are_found_and_the_service_goes_all_the_same()
    {
        await using TestPlatform platform = await TestPlatform.StartAsync(
            () => TestPlatform.With(registerStatus: 200, hasLocation: false));
        KpiResult kpi = (await RegistryAsync(platform)).Kpis.Single();
        Assert.That(kpi.Findings.Select(finding => finding.En),
            Has.Some.Contains("register status: expected 201, found 200"));
        Assert.That(platform.Left, Is.Zero);
    }

    [Test]
    public async Task A_registry_that_tells_nobody_is_found()
    {
        await using TestPlatform platform = await TestPlatform.StartAsync(() => TestPlatform.With(tellsNobody: true));
        KpiResult kpi = (await RegistryAsync(platform)).Kpis.Single();
        Assert.That(kpi.Findings.Select(finding => finding.En),
            Has.Some.Contains("no notification ADDED").And.Some.Contains("no notification REMOVED"));
    }

    [Test]
    public async Task A_service_that_stays_after_its_end_is_found()
    {
        await using TestPlatform platform =
            await TestPlatform.StartAsync(() => TestPlatform.With(forgetsNothing: true));
        KpiResult kpi = (await RegistryAsync(platform)).Kpis.Single();
        Assert.That(kpi.Findings.Select(finding => finding.En), Has.Some.Contains("still holds"));
    }

    [Test]
    public async Task Wrong_tokens_are_refused_and_the_right_one_is_not()
    {
        await using TestPlatform platform = await TestPlatform.StartAsync();
        KpiResult kpi = await RefusalsAsync(platform);
        Assert.That((kpi.Value, kpi.Samples), Is.EqualTo((0m, 12L)));
        Assert.That(kpi.NotUsable, Is.Null);
    }

    [Test]
    public async Task A_platform_that_asks_nobody_is_found_and_nothing_stays_in_it()
    {
        await using TestPlatform platform = await TestPlatform.StartAsync(() => TestPlatform.With(isOpen: true));
        KpiResult kpi = await RefusalsAsync(platform);
        Assert.That(kpi.Value, Is.EqualTo(12));
        Assert.That(platform.Left, Is.Zero);
    }

    [TestCase("subscriptions", 4)]
    [TestCase("queries", 4)]
    public async Task A_resource_that_the_platform_forgot_to_guard_is_found(string unguarded, int failures)
    {
        await using TestPlatform platform =
            await TestPlatform.StartAsync(() => TestPlatform.With(unguarded: unguarded));
        KpiResult kpi = await RefusalsAsync(platform, platform.Root.AbsoluteUri);
        Assert.That((kpi.Value, kpi.Samples), Is.EqualTo(((decimal)failures, 16L)));
    }

    [TestCase("env:" + Variable)]
    [TestCase("", Description = "the claim names no token: what is let in fails all the same")]
    public async Task A_location_API_of_an_entry_of_its_own_is_asked_too(string reference)
    {
        await using TestPlatform platform =
            await TestPlatform.StartAsync(() => TestPlatform.With(unguarded: "queries"));
        ProbeTask order = Order("mec-refusals", platform, ("services", "false"), ("location", platform.Root))
            .With("token", reference);
        KpiResult kpi = (await new MecRefusalProbe().RunAsync(order, new TestHost(), default)).Kpis.Single();
        Assert.That((kpi.Value, kpi.Samples), Is.EqualTo((reference.Length > 0 ? 4m : 2m, 4L)));
        Assert.That(kpi.Findings.Select(finding => finding.En), Is.All.Contains("queries/users"));
    }

    [Test]
    public async Task Where_even_the_right_token_finds_nothing_nothing_was_let_in()
    {
        await using TestPlatform platform = await TestPlatform.StartAsync(() => TestPlatform.With(isOpen: true));
        ProbeTask order = Order("mec-refusals", platform, ("services", "true")).With("root", platform.Root + "wrong");
        KpiResult kpi = (await new MecRefusalProbe().RunAsync(order, new TestHost(), default)).Kpis.Single();
        Assert.That(kpi.NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [TestCase("right-tokenA")]
    [TestCase("right-tokeng")]
    public async Task An_altered_token_is_another_one_also_where_the_last_bits_of_base64_are_not_read(string token)
    {
        Environment.SetEnvironmentVariable(Variable, token);
        await using TestPlatform platform = await TestPlatform.StartAsync(
            () => TestPlatform.With(token: token, readsNoLastBits: true));
        Assert.That((await RefusalsAsync(platform)).Value, Is.Zero);
    }

    [Test]
    public async Task What_refuses_the_right_token_too_shows_nothing()
    {
        await using TestPlatform platform = await TestPlatform.StartAsync(() => TestPlatform.With(refusesAll: true));
        KpiResult kpi = await RefusalsAsync(platform);
        Assert.That(kpi.NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [TestCase("acr:10.45.0.2", 0)]
    [TestCase("10.45.0.2", 0)]
    [TestCase("acr:10.45.0.22", 1)]
    public async Task A_location_service_must_know_the_UE(string user, int failures)
    {
        await using TestPlatform platform = await TestPlatform.StartAsync(() => TestPlatform.With(users: [user]));
        ProbeOutcome outcome = await new LocationProbe().RunAsync(
            Order("mec-location", platform, ("ueAddress", "10.45.0.2")), new TestHost(), default);
        KpiResult kpi = outcome.Kpis.Single();
        Assert.That(kpi.Value, Is.EqualTo(failures), () => string.Join('\n', kpi.Findings.Select(each => each.En)));
    }

    [Test]
    public async Task A_kit_without_the_token_says_which_variable_it_lacks()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        await using TestPlatform platform = await TestPlatform.StartAsync();
        ProbeOutcome outcome = await new MecRefusalProbe().RunAsync(
            Order("mec-refusals", platform, ("services", "true")), new TestHost(), default);
        Assert.That(outcome.Problem!.En, Does.Contain(Variable));
    }
}
