using System.Net;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Meters;

/// <summary>Meters of a slice with a stream to the data network and one to the edge.</summary>
public sealed class FarEndMeterTests
{
    private const int DnPort = 31_001, EdgePort = 31_002, PacketCount = 400;
    private CrossingRun _run = null!;

    [SetUp]
    public void Open() => _run = new();

    [TearDown]
    public void Close() => _run.Dispose();

    private StampSessionContext Session(int number, int port, string? farEnd)
    {
        string path = _run.Folder.Path($"stamp-{number}.csv");
        File.WriteAllText(path, "seq,t1Ns,t2Ns,t3Ns,t4Ns,status,disturbed\n");
        return new(number, "A", IPAddress.Parse(Packets.Ue), IPAddress.Parse(Packets.Server), port, path)
        {
            FarEnd = farEnd,
        };
    }

    /// <summary>Uplink packets to that port, which the UPF holds for so long.</summary>
    private void Send(int from, int port, long heldUs)
    {
        for (int i = from; i < from + PacketCount; i++)
        {
            byte[] packet = Packets.Udp(
                Packets.Ue, Packets.Server, i, (ushort)(i + 1), 20_000, port, payloadLength: 112);
            _run.OnN3(i * 1_000L, Packets.Up(packet));
            _run.OnN6(i * 1_000L + heldUs, packet);
        }
    }

    [Test]
    public void SCN_LAT_003_A_UPF_of_the_edge_does_not_hide_how_slow_the_centre_s_is()
    {
        _run.AddMargins();
        Send(0, DnPort, heldUs: 800);
        Send(PacketCount, EdgePort, heldUs: 50);
        Send(2 * PacketCount, EdgePort + 1, heldUs: 60);
        _run.Run = new()
        {
            Nonce = new byte[32],
            StampSessions = [Session(1, DnPort, "dn"), Session(2, EdgePort, "edge")],
            OtherStampSessions = [Session(3, EdgePort + 1, "edge")],
        };
        KpiResult[] transit = [.. _run.Analyze().Kpis.Where(
            kpi => kpi is { Id: "upf-transit-p99", Direction: Direction.Uplink })];
        Assert.That(transit.Select(kpi => (kpi.Scope, kpi.Samples, kpi.Value)),
            Is.EqualTo(new[] { ("A", PacketCount, 0.8m), ("A→edge", PacketCount, 0.05m) }));
        Assert.That(transit.Select(kpi => kpi.OtherAttempts.Count), Is.EqualTo(new[] { 0, 1 }));
    }

    [Test]
    public void A_slice_s_sessions_are_one_number_for_either_far_end()
    {
        _run.AddMargins();
        _run.Claim = TestClaims.TwoSlices with
        {
            Scenarios = [.. new[] { "dn", "edge" }.Select(
                to => new Scenario("massive-connection", "A", to, new Dictionary<string, decimal>()))],
        };
        KpiResult[] sessions = [.. _run.Analyze().Kpis.Where(kpi => kpi.Id == "concurrent-active-sessions")];
        Assert.That(sessions.Select(kpi => (kpi.Scope, kpi.Value)), Is.EqualTo(new[] { ("A", 1m), ("A→edge", 1m) }));
    }
}
