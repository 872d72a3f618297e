using System.Net;
using System.Text;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Results;
using Testbed.Wire.Stamp;

namespace Testbed.Analyzer.Tests.Meters;

/// <summary>A capacity search by a UE's kit whose clock is a second behind the taps'.</summary>
public sealed class CapacityClockTests
{
    private const int Session = 7, StampPort = 31_234, Port = 7000;
    private const long BehindNs = 1_000_000_000;
    private static readonly StampErrorEstimate Estimate =
        StampErrorEstimate.Create(true, StampTimestampFormat.Ntp, 1000);
    private readonly StringBuilder _stamp = new();
    private CrossingRun _run = null!;

    [SetUp]
    public void Open()
    {
        _run = new() { Claim = TestClaims.TwoSlices };
        _run.AddMargins();
        _stamp.Clear().Append("seq,t1Ns,t2Ns,t3Ns,t4Ns,status,disturbed\n");
        for (int i = 0; i < 1000; i++)
        {
            byte[] down = Packets.Udp(
                Packets.Server, Packets.Ue, i, (ushort)(i + 1), Port, 8000, payloadLength: 972);
            _run.OnN6(i * 1000, down);
            _run.OnN3(i * 1000 + 50, Packets.Down(down));
        }
    }

    [TearDown]
    public void Close() => _run.Dispose();

    [Test]
    public void Trials_are_found_by_what_delay_tests_tell_of_the_clocks()
    {
        for (int i = 0; i < 20; i++) Exchange(i);
        KpiResult result = Disagreement(clockBoundNs: 2 * BehindNs);
        Assert.That(result.NotUsable, Is.Null);
        Assert.That(result.Value, Is.Zero);
    }

    [Test]
    public void Trials_that_clocks_do_not_let_find_decide_nothing()
    {
        KpiResult result = Disagreement(clockBoundNs: 2 * BehindNs);
        Assert.That(result.NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(result.NotUsable!.En, Does.Contain("set the clocks"));
    }

    [Test]
    public void Clocks_of_a_known_small_bound_are_taken_as_they_are()
    {
        for (int i = 0; i < 20; i++) Exchange(i);
        KpiResult result = Disagreement(clockBoundNs: 19_000_000);
        Assert.That(result.NotUsable, Is.Null);
        Assert.That(result.Value, Is.EqualTo(1));
    }

    private void Exchange(int sequence)
    {
        long us = -1_000_000 + sequence * 1000, t1 = Ns(us) - BehindNs;
        StampKey key = StampKeys.Derive(new byte[32], Session);
        byte[] sent = new byte[StampLayout.AuthenticatedLength], back = new byte[StampLayout.AuthenticatedLength];
        new StampSenderPacket((uint)sequence, t1, Estimate, Session).Write(sent, true);
        key.Sign(sent);
        new StampReflectorPacket((uint)sequence, t1 + 350_000, Estimate, Session, t1 + 300_000, (uint)sequence, t1,
            Estimate, 62).Write(back, true);
        key.Sign(back);
        _run.OnN3(us + 100, Packets.Up(
            Packets.Udp(Packets.Ue, Packets.Server, sent, (ushort)(sequence + 1), 20_000, StampPort)));
        _run.OnN3(us + 500, Packets.Down(
            Packets.Udp(Packets.Server, Packets.Ue, back, (ushort)(sequence + 1), StampPort, 20_000)));
        _stamp.Append($"{sequence},{t1},{t1 + 300_000},{t1 + 350_000},{t1 + 600_000},answered,0\n");
    }

    private KpiResult Disagreement(long clockBoundNs)
    {
        string record = _run.Folder.Path("capacity-downlink.csv"), stamp = _run.Folder.Path("stamp-7.csv");
        File.WriteAllText(stamp, _stamp.ToString());
        File.WriteAllText(record,
            "trial,subInterval,startUnixNs,endUnixNs,sentBytes,receivedBytes\n"
            + $"0,0,{Ns(0) - BehindNs},{Ns(1_000_000) - BehindNs},0,1000000\n");
        IPAddress ue = IPAddress.Parse(Packets.Ue), server = IPAddress.Parse(Packets.Server);
        _run.Run = new()
        {
            Nonce = new byte[32], ClockBoundNs = clockBoundNs,
            CapacityFlows = [new("downlink", "A", ue, server, Port, record)],
            StampSessions = [new(Session, "A", ue, server, StampPort, stamp)],
        };
        return _run.Analyze().Kpis.Single(kpi => kpi.Id == "downlink-capacity-disagreement");
    }

    private static long Ns(long us) => CaptureFolder.StartNs + us * 1000;
}
