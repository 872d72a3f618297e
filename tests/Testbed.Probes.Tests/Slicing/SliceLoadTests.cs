using System.Globalization;
using Testbed.Conformance.Results;
using Testbed.Probes.Slicing;

namespace Testbed.Probes.Tests.Slicing;

public sealed class SliceLoadTests
{
    private static readonly byte[] Key = ProbeKeys.Derive(Loopback.Nonce, LoadOrder.KeyPurpose);

    private static ProbeTask Load(int localPort, int port, string direction, int number = 1) => Loopback.Order(
        "slice-load", ("localAddress", "127.0.0.1"), ("localPort", localPort), ("remoteAddress", "127.0.0.1"),
        ("port", port), ("number", number), ("direction", direction), ("mbps", 8), ("payloadBytes", 972), ("blocks", 2),
        ("onMs", 200), ("offMs", 50));

    private static async Task<(ProbeOutcome Outcome, TestHost Host)> RunAsync(ProbeTask task)
    {
        TestHost host = new();
        return (await ProbeCatalogue.Find(task.Kind)!.RunAsync(task, host, CancellationToken.None), host);
    }

    [Test]
    public async Task A_load_records_its_blocks_with_what_the_kernel_took()
    {
        int port = Loopback.FreePort();
        await using Loopback.Responder sink = await Loopback.StartAsync(Loopback.Order(
            "slice-load-sink", ("address", "127.0.0.1"), ("port", port), ("number", 1)));
        (ProbeOutcome outcome, TestHost host) = await RunAsync(Load(Loopback.FreePort(), port, "uplink"));
        Assert.That(outcome.Problem, Is.Null);
        KpiResult share = outcome.Kpis.Single();
        Assert.That((share.Id, share.Direction), Is.EqualTo(("load-disturbed-share", Direction.Uplink)));
        Assert.That(share.Value, Is.InRange(0m, 0.99m));
        string[][] rows = host.Rows("load-1.csv");
        Assert.That(rows, Has.Length.EqualTo(3));
        foreach (string[] row in rows[1..])
        {
            long packets = long.Parse(row[3], CultureInfo.InvariantCulture);
            Assert.That(packets, Is.Positive);
            Assert.That(long.Parse(row[4], CultureInfo.InvariantCulture), Is.EqualTo(packets * 1_000));
            Assert.That(long.Parse(row[2], CultureInfo.InvariantCulture),
                Is.GreaterThan(long.Parse(row[1], CultureInfo.InvariantCulture)));
        }
        Assert.That(rows[1..].Sum(row => long.Parse(row[4], CultureInfo.InvariantCulture)), Is.LessThan(500_000),
            "8 Mbit/s for 0.4 s are 400,000 bytes");
    }

    [Test]
    public async Task A_downlink_load_goes_where_the_UEs_hello_came_from()
    {
        int port = Loopback.FreePort(), ue = Loopback.FreePort();
        Task<(ProbeOutcome Outcome, TestHost Host)> load = RunAsync(Load(port, ue, "downlink"));
        await using Loopback.Responder sink = await Loopback.StartAsync(Loopback.Order(
            "slice-load-sink", ("address", "127.0.0.1"), ("port", ue), ("number", 1), ("remoteAddress", "127.0.0.1"),
            ("remotePort", port)));
        Assert.That((await load).Outcome.Problem, Is.Null);
    }

    [Test]
    public void Only_the_hello_of_this_run_and_this_load_opens_the_way()
    {
        byte[] hello = LoadHello.Write(Key, 7);
        Assert.That(LoadHello.IsOf(Key, 7, hello), Is.True);
        Assert.That(LoadHello.IsOf(Key, 8, hello), Is.False);
        Assert.That(LoadHello.IsOf(ProbeKeys.Derive(Loopback.OtherNonce, LoadOrder.KeyPurpose), 7, hello), Is.False);
        for (int length = 0; length < hello.Length; length++)
            Assert.That(LoadHello.IsOf(Key, 7, hello.AsSpan(0, length)), Is.False);
        for (int bit = 0; bit < hello.Length * 8; bit++)
        {
            byte[] changed = [.. hello];
            changed[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.That(LoadHello.IsOf(Key, 7, changed), Is.False, $"bit {bit}");
        }
    }

    [TestCase("blocks", "0")]
    [TestCase("mbps", "0")]
    [TestCase("direction", "sideways")]
    [TestCase("onMs", "99")]
    [TestCase("remoteAddress", "::1")]
    public void An_order_out_of_bounds_is_refused_by_name(string name, string value)
    {
        ProbeTask task = Load(1, 2, "uplink").With(name, value);
        Assert.That(async () => await RunAsync(task),
            Throws.InstanceOf<ProbeParameterException>().With.Property("Name").EqualTo(name));
    }

    [Test]
    public async Task A_cancelled_load_ends_and_leaves_no_record_behind()
    {
        using CancellationTokenSource stop = new();
        TestHost host = new();
        Task<ProbeOutcome> running = ProbeCatalogue.Find("slice-load")!.RunAsync(
            Load(Loopback.FreePort(), Loopback.FreePort(), "downlink"), host, stop.Token);
        await stop.CancelAsync();
        Assert.That(async () => await running, Throws.InstanceOf<OperationCanceledException>());
    }
}
