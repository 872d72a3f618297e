using System.Net;
using System.Net.Sockets;
using Testbed.Conformance.Results;
using Testbed.Probes.Security.Mutants;
using Testbed.Wire;
using Testbed.Wire.GtpU;

namespace Testbed.Probes.Tests.Security;

public sealed class MutantTests
{
    private const string Kit = "127.0.0.91", Upf = "127.0.0.92";

    private static byte[][] Mutants(int count, string purpose = "a")
    {
        GtpUMutator mutator = new(ProbeKeys.Derive(Loopback.Nonce, purpose));
        byte[] buffer = new byte[GtpUMutator.LengthMax];
        return [.. Enumerable.Range(0, count).Select(i => buffer[..mutator.Write(i, buffer)])];
    }

    [Test]
    public void The_same_key_and_number_give_the_same_mutant_in_any_order()
    {
        byte[][] mutants = Mutants(500);
        GtpUMutator again = new(ProbeKeys.Derive(Loopback.Nonce, "a"));
        byte[] buffer = new byte[GtpUMutator.LengthMax];
        foreach (int index in (int[])[499, 0, 250])
            Assert.That(buffer[..again.Write(index, buffer)], Is.EqualTo(mutants[index]));
        Assert.That(Mutants(500, "b"), Is.Not.EqualTo(mutants));
    }

    [Test]
    public void Mutants_differ_and_reach_every_way_in_which_a_message_can_be_wrong()
    {
        byte[][] mutants = Mutants(10_000);
        Assert.That(mutants.Select(Convert.ToHexString).Distinct().Count(), Is.GreaterThan(9_500));
        HashSet<DecodeStatus> statuses = [];
        int emptyExtensions = 0;
        foreach (byte[] mutant in mutants)
        {
            statuses.Add(GtpUHeader.Read(mutant, out _, mutant.Length));
            if (mutant.Length > 12 && (mutant[0] & 0xF4) == 0x34 && mutant[12] == 0) emptyExtensions++;
        }
        Assert.That(statuses, Is.SupersetOf(new[]
        {
            DecodeStatus.Ok, DecodeStatus.Truncated, DecodeStatus.BadLength, DecodeStatus.BadVersion,
            DecodeStatus.GtpPrime, DecodeStatus.GtpV2Control, DecodeStatus.GtpV1Control,
        }));
        Assert.That(emptyExtensions, Is.GreaterThan(100), "the classic: an extension header that states no length");
    }

    [Test]
    public async Task SEC_008_A_UPF_that_survives_answers_echoes_after_every_mutant_was_sent()
    {
        await using TestUpf upf = new(diesAfter: int.MaxValue);
        KpiResult result = await RunAsync();
        Assert.That(result.Value, Is.GreaterThanOrEqualTo(1));
        Assert.That(result.Samples, Is.EqualTo(2_000));
        Assert.That(result.NotUsable, Is.Null);
        Assert.That(result.Scope, Is.EqualTo(Upf));
    }

    [Test]
    public async Task SEC_008_A_UPF_that_falls_silent_misses_the_limit()
    {
        await using TestUpf upf = new(diesAfter: 100);
        KpiResult result = await RunAsync();
        Assert.That(result.Value, Is.Zero);
        Assert.That(result.NotUsable, Is.Null);
    }

    [Test]
    public async Task SEC_008_A_UPF_that_never_answered_shows_nothing()
    {
        await using TestUpf upf = new(diesAfter: 0);
        Assert.That((await RunAsync()).NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
    }

    private static async Task<KpiResult> RunAsync()
    {
        TestHost host = new();
        ProbeOutcome outcome = await ProbeCatalogue.Find("gtpu-mutants")!.RunAsync(Loopback.Order("gtpu-mutants",
            ("localAddress", Kit), ("upfAddresses", Upf), ("count", 2_000), ("ratePps", 5_000)), host, default);
        Assert.That(outcome.Problem, Is.Null);
        Assert.That(host.Rows("mutants.csv")[1][1], Is.EqualTo("2000"));
        return outcome.Kpis.Single();
    }

    /// <summary>Answers every well-formed echo until it has seen so many datagrams.</summary>
    private sealed class TestUpf : IAsyncDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly Task _answering;

        public TestUpf(int diesAfter)
        {
            _socket.ReceiveBufferSize = 4 << 20;
            _socket.Bind(new IPEndPoint(IPAddress.Parse(Upf), GtpUHeader.Port));
            _answering = AnswerAsync(diesAfter);
        }

        private async Task AnswerAsync(int diesAfter)
        {
            byte[] buffer = new byte[2048], answer = new byte[64];
            for (int seen = 1; ; seen++)
            {
                SocketReceiveFromResult got;
                try
                {
                    got = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                }
                catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
                {
                    return;
                }
                if (seen <= diesAfter && Sequence(buffer, got.ReceivedBytes) is { } sequence)
                    _socket.SendTo(answer, GtpUPathMessages.WriteEchoResponse(answer, sequence), SocketFlags.None,
                        got.RemoteEndPoint);
            }
        }

        private static ushort? Sequence(byte[] buffer, int length) =>
            GtpUHeader.Read(buffer.AsSpan(0, length), out GtpUHeader header, length) is DecodeStatus.Ok
            && header.MessageType is GtpUMessageType.EchoRequest ? header.SequenceNumber : null;

        public async ValueTask DisposeAsync()
        {
            _socket.Dispose();
            await _answering;
        }
    }
}
