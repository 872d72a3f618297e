using Testbed.Analyzer.Intervals;
using Testbed.Analyzer.Tests.Generated;
using Testbed.Analyzer.Tests.Support;

namespace Testbed.Analyzer.Tests.Details;

public sealed class IntervalTests
{
    [Test]
    public void Each_interval_has_its_rates_losses_and_delays_by_direction_and_slice()
    {
        using CrossingRun run = new() { Options = new() { WithIntervals = true }, Claim = TestClaims.TwoSlices };
        run.AddMargins(-30_000_000, 30_000_000);
        for (int i = 0; i < 20; i++) run.Cross(i * 1000, Packets.Ue, 1, 101);
        run.OnN3(5_500, Packets.Up(Packets.Udp(Packets.Ue, Packets.Server, 9999, 9999)));
        run.Cross(1_500_000, "10.46.0.9", 2, 102);
        List<IntervalRow> rows = [.. run.Analyze().Intervals!.Rows()];
        IntervalRow Of(long second, string direction, string? slice) => rows.Single(row =>
            row.StartNs == CaptureFolder.StartNs + second * 1_000_000_000 && row.Direction == direction
            && row.Slice == slice);
        Assert.Multiple(() =>
        {
            Assert.That(rows, Has.Count.EqualTo(61 * 2 * 3), "gaps are rows too");
            Assert.That(Of(0, "uplink", null).N3!.Value.Packets, Is.EqualTo(21));
            Assert.That(Of(0, "uplink", "A").N3!.Value.Bytes, Is.EqualTo(21 * 128));
            Assert.That(Of(0, "uplink", "A").N6!.Value.Packets, Is.EqualTo(20));
            Assert.That(Of(0, "uplink", "A").Matched, Is.EqualTo(20));
            Assert.That(Of(0, "uplink", "A").Lost, Is.EqualTo(1));
            Assert.That(Of(0, "uplink", "A").DelayNs!.Max, Is.EqualTo(50_000));
            Assert.That(Of(0, "downlink", "A").Lost, Is.Zero);
            Assert.That(Of(0, "uplink", "B").N3!.Value.Packets, Is.Zero);
            Assert.That(Of(1, "downlink", "B").Matched, Is.EqualTo(1));
            Assert.That(Of(2, "uplink", null).DelayNs, Is.Null);
        });
    }

    [Test]
    public void Intervals_of_a_generated_pair_add_up_to_its_ledger()
    {
        using GeneratedPair pair = new();
        List<IntervalRow> rows = [.. pair.Analyze(new() { WithIntervals = true }).Intervals!.Rows()];
        Assert.That(rows.Sum(row => row.N3!.Value.Packets), Is.EqualTo(pair.Ledger.Gtpu.Gpdu));
        Assert.That(rows.Where(row => row.Direction == "uplink").Sum(row => row.Matched),
            Is.EqualTo(pair.Ledger.Uplink.Matched));
        Assert.That(rows.Where(row => row.Direction == "downlink").Sum(row => row.Lost),
            Is.EqualTo(pair.Ledger.Downlink.Lost));
    }

    [Test]
    public void The_csv_names_units_and_leaves_empty_what_was_not_measured()
    {
        using CaptureFolder folder = new();
        TapInput n3 = folder.Write("n3.pcapng",
            [(0, Packets.Up(Packets.Udp(Packets.Ue, Packets.Server, 1, 1, payloadLength: 972)))]);
        IntervalTable table = TrafficAnalysis.Run(
            new() { N3 = [n3], Options = new() { WithIntervals = true } }).Intervals!;
        using StringWriter writer = new();
        IntervalCsv.Write(table, writer);
        Assert.That(writer.ToString().Split('\n'), Is.EqualTo((string[])
        [
            IntervalCsv.Header,
            "2023-11-14T22:13:20.000Z,1700000000000000000,1000,uplink,,1,0.008,,,,,,,,,,",
            "2023-11-14T22:13:20.000Z,1700000000000000000,1000,downlink,,0,0,,,,,,,,,,",
            "",
        ]));
        Assert.That(IntervalCsv.Header.Split(','), Has.Length.EqualTo(17));
    }

    [Test]
    public void A_long_capture_gets_wider_intervals_and_loses_no_packet()
    {
        using CaptureFolder folder = new();
        TapInput n3 = folder.Write("n3.pcapng",
        [
            (0, Packets.Up(Packets.Udp(Packets.Ue, Packets.Server, 1, 1))),
            (300_000_000_000, Packets.Up(Packets.Udp(Packets.Ue, Packets.Server, 2, 2))),
        ]);
        IntervalTable table = TrafficAnalysis.Run(
            new() { N3 = [n3], Options = new() { WithIntervals = true } }).Intervals!;
        Assert.That(table.StepNs, Is.EqualTo(4_000_000_000));
        Assert.That(table.Intervals, Is.LessThanOrEqualTo(100_000));
        Assert.That(table.Rows().Sum(row => row.N3!.Value.Packets), Is.EqualTo(2));
    }
}
