using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Testbed.Probes.Slicing;

namespace Testbed.Probes.Tests.Slicing;

public sealed class SliceAdmissionTests
{
    /// <summary>An adapter beside a UE that answers as a test tells it to.</summary>
    private sealed class Adapter : IDisposable
    {
        private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
        private readonly Task _serving;

        public Adapter(Func<string[], string?> answer) => _serving = ServeAsync(answer);

        public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;
        public ConcurrentQueue<string> Heard { get; } = [];

        private async Task ServeAsync(Func<string[], string?> answer)
        {
            try
            {
                while (true)
                {
                    UdpReceiveResult request = await _socket.ReceiveAsync();
                    string text = Encoding.ASCII.GetString(request.Buffer);
                    Heard.Enqueue(text);
                    string[] words = text.Split(' ');
                    if (answer(words) is { } back)
                        await _socket.SendAsync(
                            Encoding.ASCII.GetBytes($"{words[0]} {words[1]} {back}"), request.RemoteEndPoint);
                }
            }
            catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
            {
            }
        }

        public void Dispose()
        {
            _socket.Dispose();
            _serving.GetAwaiter().GetResult();
        }
    }

    private static ProbeTask Order(int port) => Loopback.Order("slice-admission", ("attachAddress", "127.0.0.1"),
        ("attachPort", port), ("slice", "embb"), ("sst", 1), ("sd", "000001"), ("dnn", "internet"), ("tries", 2));

    private static async Task<(ProbeOutcome Outcome, string[][] Rows)> RunAsync(int port)
    {
        TestHost host = new();
        ProbeOutcome outcome = await ProbeCatalogue.Find("slice-admission")!
            .RunAsync(Order(port), host, CancellationToken.None);
        return (outcome, host.Rows("admission.csv")[1..]);
    }

    private static string? Honest(string[] words) => words[2] == "release" ? "released"
        : words[4] == "sd=000001" && words[5] == "dnn=internet" ? "granted 10.45.250.1" : "refused 33";

    [Test]
    public async Task The_subscribed_request_stands_first_and_last_and_every_other_name_is_drawn()
    {
        using Adapter adapter = new(Honest);
        (ProbeOutcome outcome, string[][] rows) = await RunAsync(adapter.Port);
        Assert.That(outcome.Problem, Is.Null);
        Assert.That(rows.Select(row => row[0]),
            Is.EqualTo(new[] { "control", "dnn", "slice", "dnn", "slice", "control" }));
        Assert.That(rows.Select(row => row[6]),
            Is.EqualTo(new[] { "granted", "refused", "refused", "refused", "refused", "granted" }));
        Assert.That(rows.Where(row => row[0] == "dnn").Select(row => row[3]), Is.Unique.And.All.StartsWith("none-"));
        Assert.That(rows.Where(row => row[0] == "slice").Select(row => row[2]), Is.Unique.And.None.EqualTo("1"));
    }

    [Test]
    public async Task What_was_granted_is_given_back()
    {
        using Adapter adapter = new(words => words[2] == "release" ? "released" : "granted 10.45.250.1");
        await RunAsync(adapter.Port);
        string[] ids = [.. adapter.Heard.Where(each => each.Contains("establish")).Select(each => each.Split(' ')[1])];
        string[] released =
            [.. adapter.Heard.Where(each => each.Contains("release")).Select(each => each.Split(' ')[1])];
        Assert.That(released, Is.EquivalentTo(ids));
    }

    [Test]
    public async Task Answers_to_other_requests_and_other_words_are_passed_over()
    {
        using Adapter adapter = new(words => words[2] == "release" ? "released" : "maybe");
        (_, string[][] rows) = await RunAsync(adapter.Port);
        Assert.That(rows.Select(row => row[6]), Is.All.EqualTo("unanswered"));
    }

    [Test]
    public async Task Two_runs_draw_other_names_and_one_run_the_same()
    {
        using Adapter adapter = new(Honest);
        await RunAsync(adapter.Port);
        string[] first = [.. adapter.Heard];
        adapter.Heard.Clear();
        await RunAsync(adapter.Port);
        Assert.That(adapter.Heard, Is.EqualTo(first));
        byte[] other = ProbeKeys.Derive(Loopback.OtherNonce, AdmissionOrder.KeyPurpose);
        AdmissionOrder order = AdmissionOrder.Read(new(Order(1)));
        Assert.That(order.Requests(other).Where(each => each.Kind == "dnn").Select(each => each.Dnn),
            Has.None.Matches<string>(dnn => first.Any(text => text.EndsWith($"={dnn}", StringComparison.Ordinal))));
    }

    [TestCase("sd", "1000000")]
    [TestCase("dnn", "inter net")]
    [TestCase("sst", "256")]
    public void An_order_out_of_bounds_is_refused_by_name(string name, string value) => Assert.That(
        () => AdmissionOrder.Read(new(Order(1).With(name, value))),
        Throws.InstanceOf<ProbeParameterException>().With.Property("Name").EqualTo(name));
}
