using System.Net;
using System.Net.Sockets;
using Testbed.Conformance.Results;
using Testbed.Wire;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;

namespace Testbed.Probes.Tests.EndToEnd;

public sealed class PathManagementTests
{
    private const string Kit = "127.0.0.71", Upf = "127.0.0.72", OtherUpf = "127.0.0.73";

    private static Task<ProbeOutcome> RunAsync(string upfs, int seconds = 1) =>
        ProbeCatalogue.Find("n3-path-management")!.RunAsync(Loopback.Order("n3-path-management",
            ("localAddress", Kit), ("upfAddresses", upfs), ("seconds", seconds)), new TestHost(), default);

    private static decimal Value(ProbeOutcome outcome, string id, string scope) =>
        outcome.Kpis.Single(kpi => kpi.Id == id && kpi.Scope == scope).Value;

    [Test]
    public async Task A_UPF_that_keeps_to_the_standard_answers_both()
    {
        await using TestUpf upf = new(Upf);
        ProbeOutcome outcome = await RunAsync(Upf);
        Assert.That(Value(outcome, "gtpu-echo-responses", Upf), Is.EqualTo(3));
        Assert.That(Value(outcome, "gtpu-error-indications", Upf), Is.EqualTo(3));
        Assert.That(outcome.Problem, Is.Null);
        Assert.That(upf.GPdusWithContainer, Is.EqualTo(3), "once satisfied, the UPF is left alone");
        Assert.That(upf.Teids, Is.Unique.And.None.EqualTo(0u));
    }

    [Test]
    public async Task Each_UPF_address_has_figures_of_its_own()
    {
        await using TestUpf upf = new(Upf);
        await using TestUpf silent = new(OtherUpf) { AnswersEcho = false };
        ProbeOutcome outcome = await RunAsync($"{Upf}, {OtherUpf}");
        Assert.That(outcome.Kpis, Has.Count.EqualTo(4));
        Assert.That(Value(outcome, "gtpu-echo-responses", Upf), Is.EqualTo(3));
        Assert.That(Value(outcome, "gtpu-echo-responses", OtherUpf), Is.Zero);
        Assert.That(Value(outcome, "gtpu-error-indications", OtherUpf), Is.EqualTo(3));
        KpiResult missing = outcome.Kpis.Single(kpi => kpi.Id == "gtpu-echo-responses" && kpi.Scope == OtherUpf);
        Assert.That(missing.Samples, Is.EqualTo(4), "four rounds in a second");
        Assert.That(missing.Findings.Single().En, Does.Contain("answered none of 4"));
    }

    [Test]
    public async Task Error_Indications_held_back_at_first_are_waited_for()
    {
        await using TestUpf upf = new(Upf) { ErrorsHeldBack = 3 };
        ProbeOutcome outcome = await RunAsync(Upf, seconds: 2);
        Assert.That(Value(outcome, "gtpu-error-indications", Upf), Is.EqualTo(3));
    }

    [Test]
    public async Task An_Error_Indication_at_port_2152_counts_and_is_mentioned()
    {
        await using TestUpf upf = new(Upf) { ErrorsToGtpPort = true };
        ProbeOutcome outcome = await RunAsync(Upf);
        KpiResult kpi = outcome.Kpis.Single(kpi => kpi.Id == "gtpu-error-indications");
        Assert.That(kpi.Value, Is.EqualTo(3));
        Assert.That(kpi.Findings.Single().En, Does.Contain("port 2152"));
    }

    [Test]
    public async Task Answers_to_what_was_never_asked_count_for_nothing()
    {
        await using TestUpf upf = new(Upf) { Wrong = true };
        ProbeOutcome outcome = await RunAsync(Upf);
        Assert.That(outcome.Kpis.Select(kpi => kpi.Value), Is.All.Zero);
    }

    [Test]
    public async Task An_Error_Indication_to_a_port_that_is_taken_here_decides_nothing()
    {
        using UdpClient taken = new(new IPEndPoint(IPAddress.Parse(Kit), GtpUHeader.Port));
        await using TestUpf upf = new(Upf) { ErrorsToGtpPort = true };
        KpiResult kpi = (await RunAsync(Upf)).Kpis.Single(kpi => kpi.Id == "gtpu-error-indications");
        Assert.That((kpi.Value, kpi.NotUsableVerdict), Is.EqualTo((0m, Verdict.Inconclusive)));
    }

    [Test]
    public async Task What_the_kernel_did_not_send_nobody_could_answer()
    {
        // A packet from a loopback address goes nowhere else.
        ProbeOutcome outcome = await RunAsync("192.0.2.1");
        Assert.That(outcome.Kpis.Select(kpi => kpi.Samples), Is.All.Zero);
    }

    [TestCase("upfAddresses", "127.0.0.72;127.0.0.73")]
    [TestCase("upfAddresses", "")]
    [TestCase("upfAddresses", "::1")]
    [TestCase("seconds", "121")]
    [TestCase("localAddress", null)]
    public async Task A_bad_parameter_is_named(string name, string? value)
    {
        ProbeTask task = Loopback.Order("n3-path-management",
            ("localAddress", Kit), ("upfAddresses", Upf), ("seconds", 1)).With(name, value);
        ProbeParameterException? thrown = await Assert.ThrowsAsync<ProbeParameterException>(
            () => ProbeCatalogue.Find("n3-path-management")!.RunAsync(task, new TestHost(), default));
        Assert.That(thrown!.Name, Is.EqualTo(name));
    }

    /// <summary>The N3 side of a UPF without any tunnel.</summary>
    private sealed class TestUpf : IAsyncDisposable
    {
        private readonly UdpClient _socket;
        private readonly CancellationTokenSource _stop = new();
        private readonly IPAddress _address;
        private readonly Task _running;

        public TestUpf(string address)
        {
            _address = IPAddress.Parse(address);
            _socket = new(new IPEndPoint(_address, GtpUHeader.Port));
            _running = RunAsync();
        }

        public bool AnswersEcho { get; init; } = true;
        public int ErrorsHeldBack { get; init; }
        public bool ErrorsToGtpPort { get; init; }
        public bool Wrong { get; init; }
        public int GPdusWithContainer { get; private set; }
        public List<uint> Teids { get; } = [];

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _socket.Dispose();
            _stop.Dispose();
        }

        private async Task RunAsync()
        {
            try
            {
                while (true)
                {
                    UdpReceiveResult received = await _socket.ReceiveAsync(_stop.Token);
                    byte[]? answer = Answer(received.Buffer, out bool isError);
                    if (answer is null) continue;
                    IPEndPoint to = received.RemoteEndPoint;
                    if (isError && ErrorsToGtpPort) to = new(to.Address, GtpUHeader.Port);
                    await _socket.SendAsync(answer, to);
                }
            }
            catch (OperationCanceledException) { }
        }

        private byte[]? Answer(byte[] datagram, out bool isError)
        {
            isError = false;
            byte[] answer = new byte[64];
            Assert.That(GtpUHeader.Read(datagram, out GtpUHeader header, datagram.Length), Is.EqualTo(DecodeStatus.Ok));
            if (header.MessageType == GtpUMessageType.EchoRequest)
            {
                if (!AnswersEcho) return null;
                ushort sequence = (ushort)(header.SequenceNumber + (Wrong ? 1_000 : 0));
                return answer[..GtpUPathMessages.WriteEchoResponse(answer, sequence)];
            }
            isError = true;
            Teids.Add(header.Teid);
            if (header.HasPduSessionContainer) GPdusWithContainer++;
            if (Teids.Count <= ErrorsHeldBack) return null;
            ErrorIndication indication = new(header.Teid + (Wrong ? 1u : 0), HostAddress.From(_address));
            return answer[..GtpUPathMessages.WriteErrorIndication(answer, indication)];
        }
    }
}
