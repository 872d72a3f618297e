using System.Net;
using System.Net.Sockets;
using Testbed.Conformance.Results;
using Testbed.Probes.Density;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Tests.Density;

public sealed class DensityRampTests
{
    private static ProbeTask Ramp(int port, int count, int batch) => Loopback.Order("density-ramp",
        ("firstAddress", "127.1.0.1"), ("count", count), ("batch", batch), ("setupsPerSecond", 200),
        ("remoteAddress", "127.0.0.1"), ("port", port), ("slice", "green"), ("holdSeconds", 2));

    private static Task<ProbeOutcome> RunAsync(ProbeTask task, TestHost host) =>
        ProbeCatalogue.Find(task.Kind)!.RunAsync(task, host, default);

    private static KpiResult Kpi(ProbeOutcome outcome, string id) => outcome.Kpis.Single(kpi => kpi.Id == id);

    [Test]
    public async Task All_UEs_come_up_and_stay_active()
    {
        int port = Loopback.FreePort();
        TestHost host = new();
        ProbeOutcome outcome;
        await using (await Loopback.StartAsync(Loopback.Order(
            "density-responder", ("address", "127.0.0.1"), ("port", port))))
            outcome = await RunAsync(Ramp(port, count: 60, batch: 20).With("holdSeconds", "5"), host);

        Assert.That(outcome.Problem, Is.Null);
        Assert.That(Kpi(outcome, "session-setup-success-ratio").Value, Is.EqualTo(1));
        Assert.That(Kpi(outcome, "session-setup-success-ratio").Low, Is.EqualTo(0.95130).Within(1e-5), "0.05^(1/60)");
        Assert.That(Kpi(outcome, "density-data-success-ratio").Value, Is.EqualTo(1));
        string[][] rows = host.Rows("density.csv");
        Assert.That(rows.Skip(1).Select(row => row[0]),
            Is.EqualTo(Enumerable.Range(1, 60).Select(last => $"127.1.0.{last}")));
        Assert.That(rows.Skip(1).Select(row => int.Parse(row[3])), Is.All.InRange(1, 3), "each was active in the hold");
    }

    [Test]
    public async Task UEs_that_are_ignored_are_not_set_up_and_named()
    {
        using UdpClient socket = new(new IPEndPoint(IPAddress.Loopback, 0));
        TestHost host = new();
        using CancellationTokenSource stop = new();
        Task answering = AnswerAsync(socket, question => question.Ue % 5 != 4, stop.Token);
        ProbeOutcome outcome = await RunAsync(Ramp(Port(socket), count: 40, batch: 4), host);
        await stop.CancelAsync();
        await answering;

        KpiResult setup = Kpi(outcome, "session-setup-success-ratio");
        Assert.That(setup.Value, Is.EqualTo(0.8m));
        Assert.That(setup.Samples, Is.EqualTo(40));
        Assert.That(setup.Findings.Single().En, Does.Contain("8 of 40").And.Contain("600 ms").And.Contain("127.1.0.5"));
        Assert.That(Kpi(outcome, "density-data-success-ratio").Value, Is.EqualTo(1), "data of those that came up");
        Assert.That(host.Rows("density.csv").Skip(1).Count(row => row[2] == ""), Is.EqualTo(8));
    }

    [Test]
    public async Task Questions_left_open_in_the_hold_lower_the_data_ratio()
    {
        using UdpClient socket = new(new IPEndPoint(IPAddress.Loopback, 0));
        using CancellationTokenSource stop = new();
        Task answering = AnswerAsync(socket, question => question.Sequence == 1 || question.Ue % 2 == 0, stop.Token);
        ProbeOutcome outcome = await RunAsync(Ramp(Port(socket), count: 20, batch: 20), new TestHost());
        await stop.CancelAsync();
        await answering;
        Assert.That(Kpi(outcome, "session-setup-success-ratio").Value, Is.EqualTo(1));
        Assert.That(Kpi(outcome, "density-data-success-ratio").Value, Is.EqualTo(0.5).Within(0.1));
    }

    [Test]
    public async Task Nobody_there_is_a_problem_and_a_ratio_of_zero()
    {
        ProbeOutcome outcome = await RunAsync(
            Ramp(Loopback.FreePort(), count: 3, batch: 3).With("holdSeconds", "1"), new TestHost());
        Assert.That(outcome.Problem!.En, Does.Contain("none of 3 UEs"));
        Assert.That(outcome.Kpis.Single().Value, Is.Zero);
    }

    [Test]
    public void More_sockets_than_the_limit_of_open_files_is_a_typed_error()
    {
        DescriptorLimitFault? fault =
            Assert.Throws<DescriptorLimitFault>(() => DescriptorLimit.Require(int.MaxValue - 1_000_000));
        Assert.That(fault!.Text.En, Does.Contain("raise it").And.Contain($"the limit is {fault.Limit}"));
        Assert.That(fault.Needed, Is.GreaterThan(fault.Limit));
    }

    [TestCase("count", "10001")]
    [TestCase("batch", "0")]
    [TestCase("setupsPerSecond", "-1")]
    [TestCase("holdSeconds", "0")]
    [TestCase("firstAddress", "255.255.255.255")]
    [TestCase("remoteAddress", "::1")]
    public async Task A_bad_parameter_is_named(string name, string value)
    {
        ProbeParameterException? thrown = await Assert.ThrowsAsync<ProbeParameterException>(
            () => RunAsync(Ramp(5_000, 10, 5).With(name, value), new TestHost()));
        Assert.That(thrown!.Name, Is.EqualTo(name));
    }

    private static int Port(UdpClient socket) => ((IPEndPoint)socket.Client.LocalEndPoint!).Port;

    private static async Task AnswerAsync(UdpClient socket, Func<DensityMessage, bool> answers, CancellationToken stop)
    {
        byte[] key = ProbeKeys.Derive(Loopback.Nonce, DensityMessage.KeyPurpose);
        try
        {
            while (true)
            {
                UdpReceiveResult received = await socket.ReceiveAsync(stop);
                if (!DensityMessage.TryRead(key, received.Buffer, out DensityMessage question) || !answers(question))
                    continue;
                byte[] answer = new byte[DensityMessage.Length];
                (question with { IsAnswer = true }).Write(key, answer);
                await socket.SendAsync(answer, received.RemoteEndPoint, stop);
            }
        }
        catch (OperationCanceledException) { }
    }
}
