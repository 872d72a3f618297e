using System.Net;
using System.Net.Sockets;
using Testbed.Probes.Edge;
using Testbed.Wire;
using Testbed.Wire.Dns;
using Testbed.Wire.Ip;
using Testbed.Wire.Stamp;

namespace Testbed.Probes.Tests.Edge;

public sealed class EdgeNameTests
{
    private const string Name = "edge.example.mec";
    private static readonly HostAddress EdgeAddress = HostAddress.Parse("10.100.63.10");

    private static byte[] Answer(EdgeNameQuestion question, ushort? id = null, string? name = null, byte code = 0)
    {
        byte[] bytes = new byte[512];
        return bytes[..new DnsMessage
        {
            Id = id ?? question.Id, IsResponse = true, ResponseCode = (DnsResponseCode)code,
            Questions = [new(name ?? question.AskedName, DnsType.A)],
            Answers = [new(Name, DnsType.A, 60, EdgeAddress)],
        }.Write(bytes)];
    }

    [Test]
    public void The_answer_to_the_question_is_taken()
    {
        EdgeNameQuestion question = new(Name, DnsType.A, 0xBEEF_5A5A);
        Assert.That(question.TryTake(Answer(question)));
        Assert.That(question.Addresses, Is.EqualTo(new[] { EdgeAddress }));
        Assert.That(question.Code, Is.EqualTo(DnsResponseCode.NoError));
    }

    [Test]
    public void A_server_that_writes_all_letters_small_has_answered()
    {
        EdgeNameQuestion question = new(Name, DnsType.A, 0xBEEF_5A5A);
        Assert.That(question.AskedName, Is.Not.EqualTo(Name));
        Assert.That(question.TryTake(Answer(question, name: Name)));
        Assert.That(question.Addresses, Is.EqualTo(new[] { EdgeAddress }));
    }

    [Test]
    public void Answers_to_another_question_are_not()
    {
        EdgeNameQuestion question = new(Name, DnsType.A, 0xBEEF_5A5A);
        Assert.That(question.TryTake(Answer(question, id: (ushort)(question.Id + 1))), Is.False);
        Assert.That(question.TryTake(Answer(question, name: "other.example.mec")), Is.False);
        Assert.That(question.TryTake(question.Query), Is.False, "the question itself, sent back");
        Assert.That(question.TryTake([1, 2, 3]), Is.False);
        Assert.That(question.Code, Is.Null);
    }

    [Test]
    public void A_refusal_is_an_answer_without_addresses()
    {
        EdgeNameQuestion question = new(Name, DnsType.A, 1);
        Assert.That(question.TryTake(Answer(question, code: 3)));
        Assert.That(question.Addresses, Is.Empty);
        Assert.That(question.Code, Is.EqualTo(DnsResponseCode.NameError));
    }

    [Test]
    public void Two_draws_ask_in_two_ways()
    {
        EdgeNameQuestion one = new(Name, DnsType.A, 0x1234_00FF), other = new(Name, DnsType.A, 0x4321_FF00);
        Assert.That(one.AskedName, Is.Not.EqualTo(other.AskedName));
        Assert.That(one.Id, Is.Not.EqualTo(other.Id));
        Assert.That(DnsName.IsSame(one.AskedName, Name));
    }

    [TestCase("127.0.0.9", "1")]
    [TestCase("10.100.61.10", "0")]
    public async Task Every_question_is_recorded_with_its_answer(string address, string right)
    {
        TestHost host = new();
        int[] ports = [Loopback.FreePort(), Loopback.FreePort()];
        ProbeOutcome outcome = await AskAsync(host, ports, address, "127.0.0.9", Loopback.FreePort());

        Assert.That(outcome.Problem, Is.Null);
        string[][] rows = host.Rows(EdgeNameProbe.RecordName);
        Assert.That(rows.Skip(1).Select(row => row[1]), Is.EqualTo(ports.Select(port => $"{port}")));
        foreach (string[] row in rows.Skip(1))
            Assert.That((row[4], row[5], row[6]), Is.EqualTo(("0", address, right)));
    }

    [TestCase("127.0.0.1", 3, Description = "what an answer gave")]
    [TestCase("127.0.0.2", 0, Description = "what no answer gave, and what is not the claim's")]
    public async Task Keyed_packets_go_to_the_claimed_addresses_that_an_answer_gave(string claimed, int expected)
    {
        using Socket there = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        there.Bind(new IPEndPoint(IPAddress.Any, 0));
        int[] ports = [Loopback.FreePort(), Loopback.FreePort()];
        ProbeOutcome outcome = await AskAsync(
            new TestHost(), ports, "127.0.0.1", claimed, ((IPEndPoint)there.LocalEndPoint!).Port);
        Assert.That(outcome.Problem, Is.Null);
        List<uint> sequences = [];
        using StampVerifier key = StampKeys.Derive(Loopback.Nonce, 9).Verifier();
        byte[] buffer = new byte[512];
        while (there.Available > 0)
        {
            ReadOnlySpan<byte> packet = buffer.AsSpan(0, there.Receive(buffer));
            Assert.That(key.Verify(packet));
            Assert.That(StampSenderPacket.Read(packet, true, out StampSenderPacket sent), Is.EqualTo(DecodeStatus.Ok));
            sequences.Add(sent.Sequence);
        }
        Assert.That(sequences, Is.EqualTo(Enumerable.Range(0, expected)));
    }

    private static async Task<ProbeOutcome> AskAsync(
        TestHost host, int[] ports, string answer, string claimed, int port)
    {
        using Socket server = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Task serving = ServeAsync(server, HostAddress.Parse(answer), ports.Length);
        ProbeOutcome outcome = await new EdgeNameProbe().RunAsync(
            Order(string.Join(',', ports), claimed).With("port", $"{port}")
                .With("serverPort", $"{((IPEndPoint)server.LocalEndPoint!).Port}"), host, default);
        await serving;
        return outcome;
    }

    private static ProbeTask Order(string localPorts, string edgeAddresses) => Loopback.Order(
        "edge-name", ("localAddress", "127.0.0.1"), ("localPorts", localPorts), ("serverAddress", "127.0.0.1"),
        ("name", Name), ("edgeAddresses", edgeAddresses), ("packets", 3), ("ratePps", 1_000),
        ("packetsLocalPort", Loopback.FreePort()), ("port", 5000), ("session", 9));

    private static async Task ServeAsync(Socket server, HostAddress address, int count)
    {
        byte[] buffer = new byte[512];
        for (int i = 0; i < count; i++)
        {
            SocketReceiveFromResult received = await server.ReceiveFromAsync(
                buffer, new IPEndPoint(IPAddress.Any, 0));
            Assert.That(DnsMessage.Read(buffer.AsSpan(0, received.ReceivedBytes), out DnsMessage? asked),
                Is.EqualTo(DecodeStatus.Ok));
            byte[] answer = new byte[512];
            int length = new DnsMessage
            {
                Id = asked!.Id, IsResponse = true, Questions = asked.Questions,
                Answers = [new(asked.Questions[0].Name, DnsType.A, 60, address)],
            }.Write(answer);
            await server.SendToAsync(answer.AsMemory(0, length), received.RemoteEndPoint);
        }
    }

    [TestCase("localPorts", "")]
    [TestCase("localPorts", "0")]
    [TestCase("localPorts", "5000,5000")]
    [TestCase("name", "")]
    [TestCase("name", "two..dots")]
    [TestCase("edgeAddresses", "nowhere")]
    [TestCase("serverAddress", "2001:db8::1")]
    [TestCase("packets", "0")]
    [TestCase("session", "0")]
    public async Task A_bad_parameter_is_named(string name, string value)
    {
        ProbeTask order = Order("5000", EdgeAddress.ToString()).With(name, value);
        ProbeParameterException? bad = await Assert.ThrowsAsync<ProbeParameterException>(
            () => new EdgeNameProbe().RunAsync(order, new TestHost(), default));
        Assert.That(bad!.Name, Is.EqualTo(name));
    }
}
