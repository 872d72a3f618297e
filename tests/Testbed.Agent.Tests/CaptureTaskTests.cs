using System.Net;
using System.Net.Sockets;
using System.Text;
using Testbed.Conformance.Json;
using Testbed.Evidence.Files;
using Testbed.Evidence.Segments;
using Testbed.Server.Agents;
using Testbed.Wire.Files;
using Testbed.Wire.Packets;

namespace Testbed.Agent.Tests;

public class CaptureTaskTests
{
    private const int Sent = 500;

    [Test]
    public async Task Every_packet_between_ready_and_stop_arrives_in_the_run_folder()
    {
        await using RealServer server = await RealServer.StartAsync();
        AgentTask task = await StartedAsync(server, "t1");
        int port = SendToNobody();
        server.Link.Stop("t1");
        TaskOutcome outcome = await RealServer.EndOf(task);
        Assert.That(outcome.Problem, Is.Null);
        Assert.That(outcome.Files, Is.EqualTo((string[])
            ["captures/kit-a/n3-lo-0000.pcapng", "captures/kit-a/n3-lo.chain.ndjson"]));

        long frames = CountFrames(Path.Combine(server.RunFolder, outcome.Files[0]));
        JsonObject capture = Parse(outcome.OutcomeJson).GetObject("capture");
        Assert.Multiple(() =>
        {
            Assert.That(frames, Is.EqualTo(Sent), $"udp port {port}");
            Assert.That(capture.GetInteger("captured"), Is.EqualTo(Sent));
            Assert.That(capture.GetInteger("osDropped"), Is.Zero);
            Assert.That(capture.GetInteger("segments"), Is.EqualTo(1));
            Assert.That(capture.GetString("point"), Is.EqualTo("n3"));
            Assert.That(capture.GetLongText("lastNs"), Is.GreaterThan(capture.GetLongText("firstNs")));
            Assert.That(Directory.EnumerateFiles(server.SpoolFolder, "*", SearchOption.AllDirectories), Is.Empty);
        });
    }

    [Test]
    public async Task The_chain_holds_and_a_changed_segment_breaks_it()
    {
        await using RealServer server = await RealServer.StartAsync();
        AgentTask task = await StartedAsync(server, "t1");
        SendToNobody();
        server.Link.Stop("t1");
        TaskOutcome outcome = await RealServer.EndOf(task);
        string segment = Path.Combine(server.RunFolder, outcome.Files[0]);
        SegmentRecord[] chain = [.. File.ReadLines(Path.Combine(server.RunFolder, outcome.Files[1]))
            .Select(line => SegmentRecord.FromJson(Parse(line)))];
        Assert.That(SegmentChain.Verify(chain, _ => FileDigest.Of(segment)), Is.Empty);
        Assert.That(chain[0].Tap, Is.EqualTo("kit-a/n3-lo"));
        Assert.That(chain[0].BootId, Is.EqualTo(server.Link.Facts.BootId));

        byte[] bytes = File.ReadAllBytes(segment);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(segment, bytes);
        Assert.That(SegmentChain.Verify(chain, _ => FileDigest.Of(segment)), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_capture_is_stopped_by_the_agents_interruption_and_still_hands_in_its_evidence()
    {
        await using RealServer server = await RealServer.StartAsync();
        AgentTask task = await StartedAsync(server, "t1");
        SendToNobody();
        await server.InterruptAsync();
        TaskOutcome outcome = await RealServer.EndOf(task);
        Assert.That(outcome.Problem, Is.Null);
        Assert.That(outcome.Files, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_capture_whose_server_goes_away_keeps_its_evidence_in_the_spool()
    {
        await using RealServer server = await RealServer.StartAsync();
        await StartedAsync(server, "t1");
        SendToNobody();
        await server.GoAwayAsync();
        AgentException e = (await Assert.ThrowsAsync<AgentException>(
            () => server.Agent.WaitAsync(TimeSpan.FromSeconds(15))))!;
        Assert.That(e.Fault, Is.EqualTo(AgentFault.ServerLost));
        Assert.That(Directory.EnumerateFiles(server.SpoolFolder, "*", SearchOption.AllDirectories)
            .Select(Path.GetFileName), Is.EquivalentTo((string[])["n3-lo-0000.pcapng", "n3-lo.chain.ndjson"]));
        Assert.That(server.Errors.ToString(), Does.Contain("231").And.Contain(server.SpoolFolder));
    }

    [Test]
    public async Task An_interface_that_is_not_there_is_a_problem_in_both_languages()
    {
        await using RealServer server = await RealServer.StartAsync();
        TaskOutcome outcome = await server.DoAsync("capture", ("point", "n3"), ("interface", "eth99"));
        Assert.That(outcome.Problem!.En, Does.Contain("eth99"));
        Assert.That(outcome.Problem.Zh, Does.Contain("eth99"));
        Assert.That(server.Link.IsLost, Is.False);
    }

    [TestCase("snapLength", "10")]
    [TestCase("snapLength", "1e3")]
    [TestCase("point", "../n3")]
    [TestCase("interface", "")]
    public async Task A_parameter_out_of_bounds_is_named(string name, string value)
    {
        await using RealServer server = await RealServer.StartAsync();
        Dictionary<string, string> parameters = new() { ["point"] = "n3", ["interface"] = "lo", [name] = value };
        TaskOutcome outcome = await server.DoAsync("capture", [.. parameters.Select(p => (p.Key, p.Value))]);
        Assert.That(outcome.Problem!.En, Does.StartWith($"Parameter {name}: "));
        Assert.That(outcome.Files, Is.Empty);
    }

    [Test]
    public async Task Two_captures_run_side_by_side()
    {
        await using RealServer server = await RealServer.StartAsync();
        AgentTask one = await StartedAsync(server, "t1", "n3");
        AgentTask two = await StartedAsync(server, "t2", "n6");
        SendToNobody();
        server.Link.Stop("t1");
        server.Link.Stop("t2");
        foreach (AgentTask task in (AgentTask[])[one, two])
        {
            TaskOutcome outcome = await RealServer.EndOf(task);
            Assert.That(Parse(outcome.OutcomeJson).GetObject("capture").GetInteger("captured"), Is.EqualTo(Sent));
        }
    }

    /// <summary>A capture of loopback UDP from this test only; skips where capturing is not allowed.</summary>
    private static async Task<AgentTask> StartedAsync(RealServer server, string id, string point = "n3")
    {
        AgentTask task = server.Start(id, "capture", ("point", point), ("interface", "lo"), ("slices", "a"),
            ("filter", $"udp and src host {Source}"), ("snapLength", "128"));
        if (await RealServer.ReadyOf(task)) return task;
        TaskOutcome outcome = await RealServer.EndOf(task);
        if (outcome.Problem!.En.Contains("No permission", StringComparison.Ordinal))
            Assert.Ignore("No permission to capture: run as root, or in `unshare -Urn` after `ip link set lo up`.");
        Assert.Fail(outcome.Problem.En);
        return task;
    }

    private static readonly IPAddress Source = IPAddress.Parse("127.9.8.7");

    private static int SendToNobody()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(Source, 0));
        // Somebody must listen, or each datagram is answered by an ICMP error that the next send reports.
        using Socket sink = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sink.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        for (int i = 0; i < Sent; i++) socket.SendTo(new byte[40], sink.LocalEndPoint!);
        return ((IPEndPoint)sink.LocalEndPoint!).Port;
    }

    private static long CountFrames(string path)
    {
        using CaptureFileSource file = CaptureFile.Open(path);
        PacketBatch batch = new(1_000, 200_000);
        while (file.Fill(batch)) { }
        Assert.That(file.Ending.Kind, Is.EqualTo(CaptureEndingKind.Complete));
        return file.FrameCount;
    }

    private static JsonObject Parse(string json) => CanonicalJson.ParseObject(Encoding.UTF8.GetBytes(json));
}
