using Testbed.Analyzer.Tests.Streaming;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Claims;

namespace Testbed.Analyzer.Tests.Matching;

public sealed class UnmatchedReasonTests
{
    private CrossingRun _run = null!;

    [SetUp]
    public void Open() => _run = new();

    [TearDown]
    public void Close() => _run.Dispose();

    private void Traffic(int packets, int from = 0)
    {
        for (int i = from; i < from + packets; i++)
        {
            byte[] up = Packets.Udp(Packets.Ue, Packets.Server, i, (ushort)(i + 1));
            byte[] down = Packets.Udp(Packets.Server, Packets.Ue, i, (ushort)(i + 1), 5000, 4000);
            _run.OnN3(i * 1000, Packets.Up(up));
            _run.OnN6(i * 1000 + 50, up);
            _run.OnN6(i * 1000 + 60, down);
            _run.OnN3(i * 1000 + 110, Packets.Down(down));
        }
    }

    [Test]
    public void A_packet_that_enters_and_leaves_nowhere_is_lost()
    {
        _run.AddMargins();
        Traffic(100);
        _run.OnN3(50_500, Packets.Up(Packets.Udp(Packets.Ue, Packets.Server, 9999, 9999)));
        _run.OnN6(50_600, Packets.Udp(Packets.Server, Packets.Ue, 8888, 8888, 5000, 4000));
        AnalysisResult result = _run.Analyze();
        Assert.That(result.Match.Uplink.Lost, Is.EqualTo(1));
        Assert.That(result.Match.Downlink.Lost, Is.EqualTo(1));
        Assert.That(result.Match.Unmatched, Is.EqualTo(new Dictionary<string, long> { ["lost"] = 2 }));
    }

    [Test]
    public void Losses_in_a_row_are_one_burst_of_their_flow()
    {
        _run.AddMargins();
        Traffic(40);
        for (int i = 0; i < 5; i++)
            _run.OnN3(50_000 + i, Packets.Up(Packets.Udp(Packets.Ue, Packets.Server, 9000 + i, (ushort)(9000 + i))));
        Traffic(40, from: 60);
        _run.OnN3(105_000, Packets.Up(Packets.Udp(Packets.Ue, Packets.Server, 9999, 9999)));
        AnalysisResult result = _run.Analyze();
        Assert.That(result.Match.Uplink.Lost, Is.EqualTo(6));
        Assert.That(result.Match.Uplink.LossBurstMax, Is.EqualTo(5));
    }

    [Test]
    public void A_packet_at_the_end_of_the_other_capture_is_no_loss()
    {
        Traffic(100);
        _run.OnN3(99_100, Packets.Up(Packets.Udp(Packets.Ue, Packets.Server, 9999, 9999)));
        AnalysisResult result = _run.Analyze();
        Assert.That(result.Match.Uplink.Lost, Is.Zero);
        Assert.That(result.Match.Unmatched["captureEdge"], Is.EqualTo(1));
    }

    [Test]
    public void A_run_whose_taps_were_open_throughout_has_no_edge_where_one_tap_falls_silent()
    {
        _run.AddMargins();
        Traffic(100);
        for (int i = 0; i < 50; i++)
            _run.OnN3(11_000_000 + i,
                Packets.Up(Packets.Udp(Packets.Ue, Packets.Server, 9000 + i, (ushort)(9000 + i))));
        _run.OnN3(12_000_000, Packets.Up(Packets.Udp(Packets.Ue, Packets.Server, 1, 1)));
        _run.Run = new() { Nonce = new byte[32] };
        Assert.That(_run.Analyze().Match.Uplink.Lost, Is.EqualTo(50));
        _run.Run = null;
        Assert.That(_run.Analyze().Match.Uplink.Lost, Is.Zero);
    }

    [Test]
    public void A_packet_seen_only_after_the_UPF_was_missed_by_the_tap_before_it()
    {
        _run.AddMargins();
        Traffic(100);
        _run.OnN6(50_500, Packets.Udp(Packets.Ue, Packets.Server, 9999, 9999));
        _run.OnN3(50_600, Packets.Down(Packets.Udp(Packets.Server, Packets.Ue, 8888, 8888, 5000, 4000)));
        AnalysisResult result = _run.Analyze();
        Assert.That(result.Match.Unmatched, Is.EqualTo(new Dictionary<string, long> { ["tapLoss"] = 2 }));
    }

    [Test]
    public void UE_to_UE_traffic_turns_round_inside_the_UPF()
    {
        _run.AddMargins();
        Traffic(100);
        byte[] packet = Packets.Udp(Packets.Ue, Packets.OtherUe, 1, 700);
        _run.OnN3(50_500, Packets.Up(packet));
        _run.OnN3(50_530, Packets.Down(packet, teid: 102));
        AnalysisResult result = _run.Analyze();
        Assert.That(result.Match.Unmatched, Is.EqualTo(new Dictionary<string, long> { ["hairpin"] = 2 }));
    }

    [Test]
    public void A_packet_to_the_UPF_itself_is_no_loss()
    {
        _run.AddMargins();
        Traffic(100);
        _run.Claim = TestClaims.TwoSlices;
        _run.OnN3(50_500, Packets.Up(Packets.Udp(Packets.Ue, Packets.Upf, 1, 700)));
        // The UPF's own address in the UEs' pool: it answers, and nothing of it is on N6.
        _run.OnN3(50_600, Packets.Up(Packets.Udp(Packets.Ue, "10.45.0.1", 1, 701)));
        _run.OnN3(50_700, Packets.Down(Packets.Udp("10.45.0.1", Packets.Ue, 2, 702, 5000, 4000)));
        AnalysisResult result = _run.Analyze();
        Assert.That(result.Match.Unmatched, Is.EqualTo(new Dictionary<string, long> { ["toUpf"] = 3 }));
    }

    [Test]
    public void A_network_that_answers_past_all_taps_is_untapped_and_one_that_never_answers_is_lost()
    {
        _run.AddMargins();
        Traffic(100);
        _run.OnN3(50_500, Packets.Up(Packets.Udp(Packets.Ue, "198.51.100.1", 1, 700)));
        _run.OnN3(50_700, Packets.Down(Packets.Udp("198.51.100.1", Packets.Ue, 2, 702, 5000, 4000)));
        _run.OnN3(50_800, Packets.Up(Packets.Udp(Packets.Ue, "198.51.100.2", 1, 703)));
        AnalysisResult result = _run.Analyze();
        Assert.That(result.Match.Unmatched, Is.EqualTo(
            new Dictionary<string, long> { ["untappedNetwork"] = 2, ["lost"] = 1 }));
    }

    [Test]
    public void A_claim_without_the_QoS_flow_in_use_hides_none_of_its_loss()
    {
        _run.AddMargins();
        Traffic(100);
        _run.Claim = ClaimOfFlow(1);
        _run.OnN3(50_500, Packets.Up(Packets.Udp(Packets.Ue, Packets.Server, 9999, 9999)));
        AnalysisResult result = _run.Analyze();
        Assert.That(result.Match.Unmatched, Is.EqualTo(new Dictionary<string, long> { ["lost"] = 1 }));
        SortByTime();
        Assert.That(SameResult.Assert(_run.Request()), Is.True);
    }

    [TestCase(5, "lost")]
    [TestCase(9, "notSubscribed")]
    public void A_QoS_flow_of_which_nothing_crossed_is_lost_only_where_N4_set_it_up(byte setUp, string reason)
    {
        _run.AddMargins();
        Traffic(100);
        _run.Claim = ClaimOfFlow(9);
        N4 n4 = new(_run.Folder);
        n4.Session(-20_000_000, Packets.Ue, 1, 101, setUp);
        for (int i = 0; i < 3; i++)
            _run.OnN3(50_500 + i, Packets.Up(
                Packets.Udp(Packets.Ue, Packets.Server, 9000 + i, (ushort)(9000 + i)), qfi: 5));
        SortByTime();
        AnalysisRequest request = _run.Request() with { N4 = [n4.Write()] };
        AnalysisResult result = TrafficAnalysis.Run(request);
        Assert.That(result.Match.Unmatched, Is.EqualTo(new Dictionary<string, long> { [reason] = 3 }));
        Assert.That(result.Kpis.First(kpi => kpi.Id == "user-plane-loss-ratio").Findings.Select(text => text.En),
            reason == "lost" ? Has.None.Contains("sets up") : Has.Some.StartsWith("3 packets of QoS flows"));
        Assert.That(SameResult.Assert(request), Is.True);
    }

    // Else nothing could be streamed.
    private void SortByTime()
    {
        _run.N3.Sort((a, b) => a.Us.CompareTo(b.Us));
        _run.N6.Sort((a, b) => a.Us.CompareTo(b.Us));
    }

    private static Claim ClaimOfFlow(int qfi) => TestClaims.TwoSlices with
    {
        Slices = [.. TestClaims.TwoSlices.Slices.Select(slice => slice with { Flows = [new(qfi, 9, null, null)] })],
    };

    [Test]
    public void Copies_on_another_interface_are_counted_and_not_matched_twice()
    {
        for (int i = 0; i < 20; i++)
        {
            byte[] packet = Packets.Udp(Packets.Ue, Packets.Server, i, (ushort)(i + 1));
            _run.OnN3(i * 1000, Packets.Up(packet), 0);
            _run.OnN3(i * 1000 + 5, Packets.Up(packet), 1);
            _run.OnN6(i * 1000 + 50, packet, 0);
            _run.OnN6(i * 1000 + 55, packet, 1);
        }
        AnalysisResult result = _run.Analyze();
        Assert.That(result.Match.Matched, Is.EqualTo(20));
        Assert.That(result.Match.Uplink.Duplicated, Is.EqualTo(40));
        Assert.That(result.Match.Uplink.Lost, Is.Zero);
    }

    [Test]
    public void A_packet_that_leaves_twice_is_duplicated()
    {
        _run.AddMargins();
        Traffic(10);
        _run.OnN6(5_080, Packets.Udp(Packets.Ue, Packets.Server, 5, 6));
        AnalysisResult result = _run.Analyze();
        Assert.That(result.Match.Uplink.Duplicated, Is.EqualTo(1));
        Assert.That(result.Match.Uplink.Lost, Is.Zero);
    }

    [Test]
    public void Overtaking_within_a_flow_is_reordering()
    {
        _run.AddMargins();
        byte[] first = Packets.Udp(Packets.Ue, Packets.Server, 1, 1);
        byte[] second = Packets.Udp(Packets.Ue, Packets.Server, 2, 2);
        _run.OnN3(0, Packets.Up(first));
        _run.OnN3(10, Packets.Up(second));
        _run.OnN6(50, second);
        _run.OnN6(60, first);
        Assert.That(_run.Analyze().Match.Uplink.Reordered, Is.EqualTo(1));
    }

    [Test]
    public void Segments_that_one_tap_saw_merged_are_no_loss_but_a_hole_is()
    {
        _run.AddMargins();
        _run.OnN6(0, Packets.Tcp(Packets.Server, Packets.Ue, 1000, 3000, 1, 80, 40000));
        for (int i = 0; i < 3; i++)
            _run.OnN3(100 + i, Packets.Down(
                Packets.Tcp(Packets.Server, Packets.Ue, (uint)(1000 + i * 1000), 1000, (ushort)(1 + i), 80, 40000)));
        _run.OnN6(5000, Packets.Tcp(Packets.Server, Packets.Ue, 4000, 3000, 4, 80, 40000));
        _run.OnN3(5100, Packets.Down(Packets.Tcp(Packets.Server, Packets.Ue, 4000, 1000, 4, 80, 40000)));
        AnalysisResult result = _run.Analyze();
        Assert.That(result.Match.Unmatched["offload"], Is.EqualTo(4));
        Assert.That(result.Match.Unmatched["lost"] + result.Match.Unmatched["tapLoss"], Is.EqualTo(2));
    }

    [Test]
    public void Plain_packets_of_strangers_on_N6_are_no_user_traffic()
    {
        _run.AddMargins();
        Traffic(10);
        _run.OnN6(5_500, Packets.Udp("203.0.113.7", "203.0.113.8", 1, 1));
        AnalysisResult result = _run.Analyze();
        Assert.That(result.Match.Unmatched, Is.EqualTo(new Dictionary<string, long> { ["notUserTraffic"] = 1 }));
    }
}
