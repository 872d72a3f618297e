using Testbed.Analyzer.Details;
using Testbed.Wire.Transport;

namespace Testbed.Analyzer.Tests.Details;

public sealed class TcpDetailTests
{
    private TcpScene _scene = null!;

    [SetUp]
    public void Open() => _scene = new();

    [TearDown]
    public void Close() => _scene.Dispose();

    [Test]
    public void A_handshake_is_split_where_the_tap_stands()
    {
        _scene.Open();
        TcpDetails tcp = _scene.Analyze().Tcp;
        Assert.Multiple(() =>
        {
            Assert.That(tcp.OpenedByUe.Opened, Is.EqualTo(1));
            Assert.That(tcp.OpenedByUe.Answered, Is.EqualTo(1));
            Assert.That(tcp.OpenedByUe.ServerSideNs!.P50, Is.EqualTo(700_000));
            Assert.That(tcp.OpenedByUe.ClientSideNs!.P50, Is.EqualTo(300_000));
            Assert.That(tcp.OpenedByNetwork.Opened, Is.Zero);
            Assert.That(tcp.Uplink.Retransmissions + tcp.Downlink.Retransmissions, Is.Zero);
        });
    }

    [Test]
    public void A_connection_from_the_network_has_the_ue_as_its_server()
    {
        _scene.Down(0, 5000, 0, TcpFlags.Syn);
        _scene.Up(300, 1000, 0, TcpFlags.Syn | TcpFlags.Ack);
        _scene.Down(1000, 5001, 0);
        TcpHandshakes opened = _scene.Analyze().Tcp.OpenedByNetwork;
        Assert.That(opened.ServerSideNs!.Max, Is.EqualTo(300_000));
        Assert.That(opened.ClientSideNs!.Max, Is.EqualTo(700_000));
    }

    [Test]
    public void A_syn_sent_again_is_a_retransmission_and_gives_no_round_trip()
    {
        _scene.Up(0, 1000, 0, TcpFlags.Syn);
        _scene.Up(1_000_000, 1000, 0, TcpFlags.Syn);
        _scene.Down(1_000_700, 5000, 0, TcpFlags.Syn | TcpFlags.Ack);
        _scene.Up(1_001_000, 1001, 0);
        TcpDetails tcp = _scene.Analyze().Tcp;
        Assert.Multiple(() =>
        {
            Assert.That(tcp.OpenedByUe.Opened, Is.EqualTo(1));
            Assert.That(tcp.OpenedByUe.Ambiguous, Is.EqualTo(1));
            Assert.That(tcp.OpenedByUe.ServerSideNs, Is.Null);
            Assert.That(tcp.Uplink.SynAgain, Is.EqualTo(1));
            Assert.That(tcp.Uplink.Retransmissions, Is.EqualTo(1));
        });
    }

    [Test]
    public void A_client_that_thinks_first_gives_no_round_trip()
    {
        _scene.Up(0, 1000, 0, TcpFlags.Syn);
        _scene.Down(700, 5000, 0, TcpFlags.Syn | TcpFlags.Ack);
        _scene.Up(90_000, 1001, 100);
        TcpHandshakes opened = _scene.Analyze().Tcp.OpenedByUe;
        Assert.That(opened.ServerSideNs!.Samples, Is.EqualTo(1));
        Assert.That(opened.ClientSideNs, Is.Null);
    }

    [Test]
    public void The_same_ports_again_are_another_connection()
    {
        _scene.Open();
        _scene.Open(5_000_000, ue: 77_000, server: 88_000);
        AnalysisDetails details = _scene.Analyze();
        Assert.That(details.Tcp.OpenedByUe.Opened, Is.EqualTo(2));
        Assert.That(details.Flows.Shown.Single().Tcp!.Connections, Is.EqualTo(2));
        Assert.That(details.Tcp.Uplink.Retransmissions, Is.Zero);
    }

    [Test]
    public void Data_that_passed_before_and_comes_again_is_a_retransmission()
    {
        _scene.Open();
        _scene.Up(2_000, 1001, 500);
        _scene.Up(3_000, 1501, 500);
        _scene.Up(250_000, 1001, 500);
        AnalysisDetails details = _scene.Analyze();
        Assert.Multiple(() =>
        {
            Assert.That(details.Tcp.Uplink.SeenBefore, Is.EqualTo(1));
            Assert.That(details.Tcp.Uplink.SeenBeforeBytes, Is.EqualTo(500));
            Assert.That(details.Tcp.Uplink.DataSegments, Is.EqualTo(3));
            Assert.That(details.Tcp.Retransmitting.Total, Is.EqualTo(1));
            Assert.That(details.Tcp.Retransmitting.Shown[0].FirstEvidence, Is.EqualTo("n3.pcapng#6"));
            Assert.That(details.Flows.Shown[0].Tcp!.UplinkRetransmissions, Is.EqualTo(1));
        });
    }

    [Test]
    public void A_fin_that_comes_again_is_a_retransmission()
    {
        _scene.Open();
        _scene.Up(2_000, 1001, 0, TcpFlags.Fin | TcpFlags.Ack);
        _scene.Up(300_000, 1001, 0, TcpFlags.Fin | TcpFlags.Ack);
        Assert.That(_scene.Analyze().Tcp.Uplink.SeenBefore, Is.EqualTo(1));
    }

    [TestCase(0, 40L, TestName = "A_copy_with_the_same_ip_id_is_no_retransmission")]
    [TestCase(1, 5_000L, TestName = "A_copy_on_another_interface_is_no_retransmission")]
    public void A_copy(int at, long afterUs)
    {
        _scene.Open();
        _scene.Up(2_000, 1001, 500, id: 7);
        _scene.Up(2_000 + afterUs, 1001, 500, id: 7, at: at);
        TcpDetails tcp = _scene.Analyze().Tcp;
        Assert.That(tcp.Uplink.Retransmissions, Is.Zero);
        Assert.That(tcp.Copies, Is.EqualTo(1));
        Assert.That(tcp.Uplink.DataSegments, Is.EqualTo(1));
    }

    [Test]
    public void A_sender_without_ip_ids_may_send_again()
    {
        _scene.Open();
        _scene.Up(2_000, 1001, 500, id: 0);
        _scene.Up(2_040, 1001, 500, id: 0);
        _scene.Up(202_000, 1001, 500, id: 0);
        TcpDetails tcp = _scene.Analyze().Tcp;
        Assert.That(tcp.Copies, Is.EqualTo(1), "40 us later");
        Assert.That(tcp.Uplink.SeenBefore, Is.EqualTo(1), "200 ms later");
    }

    [Test]
    public void What_was_sent_again_shows_once_more_at_each_place()
    {
        _scene.Open();
        foreach ((long us, ushort id) in ((long, ushort)[])[(2_000, 7), (202_000, 8)])
        {
            _scene.Up(us, 1001, 500, id: id);
            _scene.Up(us + 20, 1001, 500, id: id, at: 1);
        }
        TcpDetails tcp = _scene.Analyze().Tcp;
        Assert.That(tcp.Copies, Is.EqualTo(2));
        Assert.That(tcp.Uplink.SeenBefore, Is.EqualTo(1));
    }

    [TestCase(100)]
    [TestCase(50_000)]
    public void A_packet_that_was_overtaken_is_out_of_order_and_no_retransmission(long byUs)
    {
        _scene.Open();
        _scene.Up(2_000, 1501, 500, id: 51);
        _scene.Up(2_000 + byUs, 1001, 500, id: 50);
        TcpDetails tcp = _scene.Analyze().Tcp;
        Assert.That(tcp.Uplink.OutOfOrder, Is.EqualTo(1));
        Assert.That(tcp.Uplink.Retransmissions, Is.Zero);
    }

    [Test]
    public void A_gap_filled_after_a_round_trip_was_a_loss_before_the_tap()
    {
        _scene.Open();
        _scene.Up(2_000, 1501, 500, id: 0);
        _scene.Up(3_100, 1001, 500, id: 0);
        TcpDetails tcp = _scene.Analyze().Tcp;
        Assert.That(tcp.Uplink.LostBeforeTap, Is.EqualTo(1), "the round trip takes 1 ms");
        Assert.That(tcp.Uplink.OutOfOrder, Is.Zero);
    }

    [TestCase(118, 0, 1)]
    [TestCase(105, 1, 0)]
    public void A_counted_ip_id_tells_overtaken_from_sent_again_however_late(int id, int outOfOrder, int lost)
    {
        _scene.Open();
        uint sequence = 1001;
        for (ushort i = 100; i < 118; i++, sequence += 500)
            if (i != 105) _scene.Up(i * 1_000, sequence, 500, id: i);
        _scene.Up(190_000, 1001 + 5 * 500, 500, id: (ushort)id);
        TcpDetails tcp = _scene.Analyze().Tcp;
        Assert.That(tcp.Uplink.OutOfOrder, Is.EqualTo(outOfOrder));
        Assert.That(tcp.Uplink.LostBeforeTap, Is.EqualTo(lost));
    }

    [Test]
    public void Keep_alives_and_window_probes_are_no_retransmissions()
    {
        _scene.Open();
        _scene.Up(2_000, 1001, 500);
        _scene.Up(60_000_000, 1500, 1);
        _scene.Up(60_500_000, 1500, 0);
        _scene.Up(61_000_000, 1501, 1);
        _scene.Up(62_000_000, 1501, 1);
        _scene.Up(63_000_000, 1501, 500);
        TcpDirection uplink = _scene.Analyze().Tcp.Uplink;
        Assert.That(uplink.Retransmissions, Is.Zero);
        Assert.That(uplink.KeepAlives, Is.EqualTo(2));
    }

    [Test]
    public void Sequence_numbers_may_wrap()
    {
        _scene.Open(ue: 0xFFFF_FE00);
        _scene.Up(2_000, 0xFFFF_FE01, 500);
        _scene.Up(2_100, 0xFFFF_FFF5, 500);
        _scene.Up(2_200, 0x1E9, 500);
        _scene.Up(300_000, 0xFFFF_FFF5, 500);
        TcpDirection uplink = _scene.Analyze().Tcp.Uplink;
        Assert.That(uplink.SeenBefore, Is.EqualTo(1));
        Assert.That(uplink.OutOfOrder + uplink.LostBeforeTap + uplink.Undecided, Is.Zero);
    }

    [Test]
    public void A_capture_that_starts_in_the_middle_judges_nothing_that_lies_before()
    {
        _scene.Up(0, 9001, 500);
        _scene.Up(100, 8501, 500);
        TcpDirection uplink = _scene.Analyze().Tcp.Uplink;
        Assert.That(uplink.Undecided, Is.EqualTo(1));
        Assert.That(uplink.Retransmissions + uplink.OutOfOrder, Is.Zero);
    }
}
