using Testbed.Analyzer.Details;
using Testbed.Analyzer.Tests.Support;
using Testbed.Wire.GtpU;

namespace Testbed.Analyzer.Tests.Details;

public sealed class MonitoringDetailTests
{
    private const long UnixEpochNtpSeconds = 2_208_988_800;
    private const byte Qfi = 7;
    private readonly List<(long Us, byte[] Packet)> _n3 = [];
    private CaptureFolder _folder = null!;
    private ushort _id;

    [SetUp]
    public void Open()
    {
        _folder = new();
        _n3.Clear();
    }

    [TearDown]
    public void Close() => _folder.Dispose();

    // The gNB's clock is 5 s ahead. It is 2 ms away from the tap; what comes back takes 3 ms.
    private void Exchange(long us, long holdingUs, uint teid = 101)
    {
        Down(us, Ntp(us - 100), teid);
        Up(us + 5_000 + holdingUs, new(Ntp(us - 100), Ntp(us + 2_000 + 5_000_000),
            Ntp(us + 2_000 + holdingUs + 5_000_000)));
    }

    [Test]
    public void A_round_trip_to_the_gnb_needs_no_two_clocks_that_agree()
    {
        Exchange(10_000, holdingUs: 4_000);
        Exchange(60_000, holdingUs: 20_000);
        MonitoringDetails monitoring = Analyze()!;
        MonitoringFlow flow = monitoring.Flows.Single();
        Assert.Multiple(() =>
        {
            Assert.That(flow.Qfi, Is.EqualTo(Qfi));
            Assert.That(monitoring.DownlinkPackets, Is.EqualTo(2));
            Assert.That(monitoring.UplinkPackets, Is.EqualTo(2));
            Assert.That(flow.RoundTripTapGnbNs!.Min, Is.EqualTo(5_000_000).Within(2));
            Assert.That(flow.RoundTripTapGnbNs.Max, Is.EqualTo(5_000_000).Within(2));
            Assert.That(flow.GnbHoldingNs!.Min, Is.EqualTo(4_000_000).Within(2));
            Assert.That(flow.GnbHoldingNs.Max, Is.EqualTo(20_000_000).Within(2));
            Assert.That(flow.DownlinkDifferenceNs!.P50, Is.EqualTo(5_002_100_000).Within(2), "UPF's clock to gNB's");
            Assert.That(flow.UplinkDifferenceNs!.P50, Is.EqualTo(3_000_000 - 5_000_000_000).Within(2), "gNB to tap");
            Assert.That(monitoring.Unpaired + monitoring.Ambiguous + monitoring.Disordered, Is.Zero);
        });
    }

    [Test]
    public void What_cannot_be_paired_is_counted_and_gives_no_round_trip()
    {
        Up(1_000, new(Ntp(0), Ntp(100), Ntp(200)));
        Up(2_000, new(Ntp(0), Ntp(300), Ntp(200)));
        Down(10_000, Ntp(9_900), 101);
        Down(10_010, Ntp(9_900), 102);
        Up(11_000, new(Ntp(9_900), Ntp(10_500), Ntp(10_600)));
        MonitoringDetails monitoring = Analyze()!;
        Assert.Multiple(() =>
        {
            Assert.That(monitoring.Unpaired, Is.EqualTo(1));
            Assert.That(monitoring.Disordered, Is.EqualTo(1), "sent before it was received");
            Assert.That(monitoring.Ambiguous, Is.EqualTo(1), "two tunnels with one sending time");
            Assert.That(monitoring.Flows.Single().RoundTripTapGnbNs, Is.Null);
        });
    }

    [Test]
    public void What_the_gnb_reports_is_passed_on_in_milliseconds()
    {
        _n3.Add((0, Gpdu(PduSessionInformation.Uplink(Qfi) with { DownlinkDelay = 12, UplinkDelay = 34 }, 1)));
        MonitoringFlow flow = Analyze()!.Flows.Single();
        Assert.That(flow.ReportedDownlinkMs!.P50, Is.EqualTo(12));
        Assert.That(flow.ReportedUplinkMs!.P50, Is.EqualTo(34));
        Assert.That(flow.ReportedN3N9Ms, Is.Null);
        Assert.That(flow.UplinkPackets, Is.Zero, "no time stamps");
    }

    [Test]
    public void Without_time_stamps_there_is_nothing_to_tell()
    {
        _n3.Add((0, Gpdu(PduSessionInformation.Uplink(Qfi), 1)));
        Assert.That(Analyze(), Is.Null);
    }

    private MonitoringDetails? Analyze() => TrafficAnalysis.Run(new()
    {
        N3 = [_folder.Write("n3.pcapng", _n3)], Options = new() { DetailsTop = 10 },
    }).Details!.Monitoring;

    private void Down(long us, ulong sent, uint teid) => _n3.Add((us, Gpdu(
        PduSessionInformation.Downlink(Qfi) with { MonitoringTimes = new(sent) }, teid)));

    private void Up(long us, QosMonitoringTimes times) => _n3.Add((us, Gpdu(
        PduSessionInformation.Uplink(Qfi) with { MonitoringTimes = times }, 1)));

    private byte[] Gpdu(PduSessionInformation information, uint teid)
    {
        _id++;
        return information.IsUplink
            ? Packets.Gpdu(Packets.Udp(Packets.Ue, Packets.Server, _id, _id), teid, information, Packets.Gnb,
                Packets.Upf)
            : Packets.Gpdu(Packets.Udp(Packets.Server, Packets.Ue, _id, _id, 5000, 4000), teid, information,
                Packets.Upf, Packets.Gnb);
    }

    private static ulong Ntp(long us)
    {
        UInt128 ns = (UInt128)(CaptureFolder.StartNs + us * 1000 + UnixEpochNtpSeconds * 1_000_000_000);
        return (ulong)((ns << 32) / 1_000_000_000);
    }
}
