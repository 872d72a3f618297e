using System.Text;
using Testbed.Conformance.Json;
using Testbed.Agent.Tests.Uplink;
using Testbed.Server.Agents;

namespace Testbed.Agent.Tests;

public class AgentHostTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Test]
    public async Task An_agent_tells_its_kit_its_clock_and_its_interfaces()
    {
        await using RealServer server = await RealServer.StartAsync();
        AgentFacts facts = server.Link.Facts;
        JsonObject clock = CanonicalJson.ParseObject(Encoding.UTF8.GetBytes(facts.ClockJson));
        Assert.Multiple(() =>
        {
            Assert.That(facts.Kit, Is.EqualTo("kit-a"));
            Assert.That(facts.Interfaces, Is.Not.Empty);
            Assert.That(facts.Pid, Is.EqualTo(Environment.ProcessId));
            Assert.That(clock.GetString("bootId"), Is.EqualTo(facts.BootId).And.Not.Empty);
            Assert.That(clock.Keys, Is.SupersetOf((string[])["source", "boundNs"]));
        });
    }

    [Test]
    public async Task Goodbye_ends_the_agent_in_peace_and_leaves_no_spool()
    {
        await using RealServer server = await RealServer.StartAsync();
        server.Link.Dismiss("done");
        await server.Agent.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(Directory.EnumerateFileSystemEntries(server.SpoolFolder), Is.Empty);
        Assert.That(server.Errors.ToString(), Is.Empty);
    }

    [Test]
    public async Task An_agent_that_is_there_first_waits_for_its_server()
    {
        await using RealServer server = RealServer.Silent();
        server.StartAgent(server.Options);
        await Task.Delay(300);
        await server.ListenAsync();
        await server.Registry.GatherAsync(TimeSpan.FromSeconds(20), TimeProvider.System, None);
        Assert.That(server.Registry.Missing, Is.Empty);
    }

    [Test]
    public async Task Without_a_server_an_agent_gives_up_and_says_where_it_looked()
    {
        await using RealServer server = RealServer.Silent();
        server.StartAgent(server.Options with { ConnectWithin = TimeSpan.FromMilliseconds(200) });
        AgentException e = (await Assert.ThrowsAsync<AgentException>(() => server.Agent))!;
        Assert.That(e.Fault, Is.EqualTo(AgentFault.ServerNotFound));
        Assert.That(e.Message, Does.EndWith("there is no such socket."));
        Assert.That(e.Text.En, Does.Contain(server.Options.Connect));
        Assert.That(e.Remedy!.Zh, Does.Contain("testbed run"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_server_that_shuts_down_under_the_first_call_is_looked_for_again(bool afterRequest)
    {
        await using RealServer server = RealServer.Silent();
        using ClosingServer closing = new(server.Options.Connect["unix:".Length..], afterRequest);
        server.StartAgent(server.Options with { ConnectWithin = TimeSpan.FromSeconds(1) });
        AgentException e = (await Assert.ThrowsAsync<AgentException>(() => server.Agent))!;
        Assert.That(closing.Closed, Is.GreaterThan(1), "it came back");
        Assert.That(e.Fault, Is.EqualTo(AgentFault.ServerNotFound), e.Message);
    }

    [Test]
    public async Task A_kit_that_the_claim_does_not_have_is_refused_with_the_servers_reason()
    {
        await using RealServer server = RealServer.Silent();
        await server.ListenAsync();
        server.StartAgent(server.Options with { Kit = "kit-x" });
        AgentException e = (await Assert.ThrowsAsync<AgentException>(() => server.Agent))!;
        Assert.That(e.Fault, Is.EqualTo(AgentFault.Refused));
        Assert.That(e.Text.En, Does.Contain("kit-x").And.Contain("kit-a"));
    }

    [TestCase("tcp:1.2.3.4")]
    [TestCase("unix:")]
    [TestCase("http://plain")]
    [TestCase("")]
    public async Task An_address_that_is_none_is_a_bad_option(string address)
    {
        AgentException e = (await Assert.ThrowsAsync<AgentException>(
            () => AgentHost.RunAsync(new() { Kit = "kit-a", Connect = address }, None)))!;
        Assert.That(e.Fault, Is.EqualTo(AgentFault.BadOption));
    }

    [TestCase("../kit")]
    [TestCase("")]
    [TestCase("套件")]
    public async Task A_kit_name_that_is_no_plain_name_is_a_bad_option(string kit)
    {
        AgentException e = (await Assert.ThrowsAsync<AgentException>(
            () => AgentHost.RunAsync(new() { Kit = kit, Connect = "unix:/x" }, None)))!;
        Assert.That(e.Fault, Is.EqualTo(AgentFault.BadOption));
    }

    [Test]
    public async Task An_unknown_kind_of_task_is_a_problem_not_a_death()
    {
        await using RealServer server = await RealServer.StartAsync();
        TaskOutcome outcome = await server.DoAsync("teleport");
        Assert.That(outcome.Problem!.En, Does.Contain("teleport"));
        Assert.That(outcome.Problem.Zh, Does.Contain("teleport"));
        Assert.That(server.Link.IsLost, Is.False);
    }

    [TestCase("stamp-sender")]
    [TestCase("capture")]
    public async Task A_task_without_its_parameters_names_the_first_that_is_missing(string kind)
    {
        await using RealServer server = await RealServer.StartAsync();
        TaskOutcome outcome = await server.DoAsync(kind);
        Assert.That(outcome.Problem!.En, Does.StartWith("Parameter ").And.Contain("got nothing"));
        Assert.That(server.Link.IsLost, Is.False);
    }

    [Test]
    public async Task A_task_of_another_plan_is_refused()
    {
        await using RealServer server = await RealServer.StartAsync();
        await server.DoAsync("capture");
        byte[] other = [.. Enumerable.Repeat((byte)8, 32)];
        AgentTask task = server.Link.Start("t2", "capture", [], other);
        Assert.That((await RealServer.EndOf(task)).Problem!.En, Does.Contain("another plan"));
    }

    [Test]
    public async Task Without_its_server_an_agent_stops_its_tasks_and_says_so()
    {
        await using RealServer server = await RealServer.StartAsync();
        await server.GoAwayAsync();
        AgentException e = (await Assert.ThrowsAsync<AgentException>(
            () => server.Agent.WaitAsync(TimeSpan.FromSeconds(15))))!;
        Assert.That(e.Fault, Is.EqualTo(AgentFault.ServerLost));
    }

    [Test]
    public async Task An_interrupted_agent_ends_as_cancelled()
    {
        await using RealServer server = await RealServer.StartAsync();
        await server.InterruptAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => server.Agent.WaitAsync(TimeSpan.FromSeconds(10)));
    }
}
