using Testbed.Analyzer.Tests.Support;

namespace Testbed.Analyzer.Tests.Matching;

public sealed class MatcherTests
{
    private CrossingRun _run = null!;

    [SetUp]
    public void Open() => _run = new();

    [TearDown]
    public void Close() => _run.Dispose();

    [Test]
    public void A_packet_whose_address_and_port_were_translated_is_still_found()
    {
        for (int i = 0; i < 20; i++)
        {
            _run.OnN3(i * 1000, Packets.Up(Packets.Udp(Packets.Ue, Packets.Server, i, (ushort)(i + 1))));
            _run.OnN6(i * 1000 + 50, Packets.Udp("192.0.2.1", Packets.Server, i, (ushort)(i + 1), sourcePort: 61000));
        }
        AnalysisResult result = _run.Analyze();
        Assert.That(result.Match.Matched, Is.EqualTo(20));
        Assert.That(result.Match.Nat, Is.True);
        Assert.That(result.Match.Uplink.DelayNs!.Max, Is.EqualTo(50_000));
        Assert.That(result.Findings.Select(finding => finding.En),
            Has.Some.Contains("10.45.0.2 is translated to 192.0.2.1"));
    }

    [Test]
    public void Equal_keys_pair_first_in_first_out_and_are_counted_as_ambiguous()
    {
        byte[] same = Packets.Udp(Packets.Ue, Packets.Server, 7, id: 0);
        foreach (int i in (int[])[0, 1, 2]) _run.OnN3(i * 10, Packets.Up(same));
        foreach (int i in (int[])[0, 1, 2]) _run.OnN6(1000 + i * 10, same);
        AnalysisResult result = _run.Analyze();
        Assert.That(result.Match.Matched, Is.EqualTo(3));
        Assert.That(result.Match.Ambiguous, Is.EqualTo(3));
        Assert.That(result.Match.Uplink.Reordered, Is.Zero);
        Assert.That(_run.Partners(), Is.EqualTo((int[])[0, 1, 2]));
    }

    [Test]
    public void Equal_packets_of_two_UEs_are_told_apart_by_their_addresses()
    {
        byte[] first = Packets.Udp(Packets.Ue, Packets.Server, 7, id: 0);
        byte[] second = Packets.Udp(Packets.OtherUe, Packets.Server, 7, id: 0);
        _run.OnN3(0, Packets.Up(first));
        _run.OnN3(1, Packets.Up(second, teid: 2));
        _run.OnN6(100, second);
        _run.OnN6(101, first);
        Assert.That(_run.Partners(), Is.EqualTo((int[])[1, 0]));
        Assert.That(_run.Analyze().Match.Ambiguous, Is.Zero);
    }

    [Test]
    public void Where_nothing_is_translated_a_stranger_with_an_equal_key_is_no_twin()
    {
        for (int i = 0; i < 200; i++)
        {
            byte[] packet = Packets.Udp(Packets.Ue, Packets.Server, i, (ushort)(i + 1));
            _run.OnN3(i * 1000, Packets.Up(packet));
            _run.OnN6(i * 1000 + 50, packet);
        }
        // Same bytes from another UE, lost; and on N6 a packet of a third that N3 missed.
        _run.OnN3(50_500, Packets.Up(Packets.Udp(Packets.OtherUe, Packets.Server, 7777, 0), teid: 2));
        _run.OnN6(50_600, Packets.Udp("10.45.0.9", Packets.Server, 7777, 0));
        AnalysisResult result = _run.Analyze();
        Assert.That(result.Match.Matched, Is.EqualTo(200));
        Assert.That(result.Match.Uplink.Lost, Is.EqualTo(1));
    }

    [Test]
    public void Order_of_frames_in_the_files_does_not_matter()
    {
        Random random = new(5);
        for (int i = 0; i < 300; i++)
        {
            byte[] up = Packets.Udp(Packets.Ue, Packets.Server, i, (ushort)(i + 1));
            _run.OnN3(i * 100, Packets.Up(up));
            _run.OnN6(i * 100 + 20, up);
        }
        AnalysisResult sorted = _run.Analyze();
        foreach (List<(long, byte[], int)> side in (List<(long, byte[], int)>[])[_run.N3, _run.N6])
            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(side));
        AnalysisResult shuffled = _run.Analyze();
        Assert.That(shuffled.Match.Matched, Is.EqualTo(300));
        Assert.That(shuffled.Match.Uplink, Is.EqualTo(sorted.Match.Uplink));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(7)]
    [TestCase(64)]
    public void The_result_does_not_depend_on_the_number_of_shards(int shards)
    {
        Random random = new(11);
        for (int i = 0; i < 2000; i++)
        {
            // Few distinct keys, so that many are equal; some are lost, some late.
            byte[] packet = Packets.Udp(Packets.Ue, Packets.Server, i % 50, id: 0);
            _run.OnN3(i * 10, Packets.Up(packet));
            if (random.Next(10) > 0) _run.OnN6(i * 10 + random.Next(5, 400), packet);
        }
        _run.Options = new() { Shards = 1 };
        int[] reference = _run.Partners();
        _run.Options = new() { Shards = shards };
        Assert.That(_run.Partners(), Is.EqualTo(reference));
        Assert.That(reference.Count(partner => partner >= 0), Is.GreaterThan(1500));
    }

    [Test]
    public void Clocks_that_disagree_are_matched_and_reported()
    {
        for (int i = 0; i < 50; i++)
        {
            byte[] up = Packets.Udp(Packets.Ue, Packets.Server, i, (ushort)(i + 1));
            byte[] down = Packets.Udp(Packets.Server, Packets.Ue, i, (ushort)(i + 1), 5000, 4000);
            _run.OnN3(i * 1000, Packets.Up(up));
            _run.OnN6(i * 1000 - 200_000, up);
            _run.OnN6(i * 1000 - 199_900, down);
            _run.OnN3(i * 1000 + 200, Packets.Down(down));
        }
        AnalysisResult result = _run.Analyze();
        Assert.That(result.Match.Matched, Is.EqualTo(100));
        Assert.That(result.Findings.Select(finding => finding.En), Has.Some.Contains("clocks disagree"));
    }

    [Test]
    public void Taps_with_different_snap_lengths_digest_the_same_bytes()
    {
        _run.N3SnapLength = 96;
        for (int i = 0; i < 20; i++)
        {
            byte[] packet = Packets.Udp(Packets.Ue, Packets.Server, i, (ushort)(i + 1), payloadLength: 1000);
            _run.OnN3(i * 1000, Packets.Up(packet));
            _run.OnN6(i * 1000 + 50, packet);
        }
        AnalysisResult result = _run.Analyze();
        Assert.That(result.Match.Matched, Is.EqualTo(20));
        Assert.That(result.Rates.N3Uplink.Bytes, Is.EqualTo(20 * 1028));
    }

    [Test]
    public void Changed_TTL_DSCP_and_checksum_do_not_hide_a_packet()
    {
        byte[] packet = Packets.Udp(Packets.Ue, Packets.Server, 1, 9);
        byte[] forwarded = (byte[])packet.Clone();
        (forwarded[1], forwarded[8], forwarded[10], forwarded[26]) = (0xB9, 63, 0x12, 0x34);
        _run.OnN3(0, Packets.Up(packet));
        _run.OnN6(10, forwarded);
        Assert.That(_run.Analyze().Match.Matched, Is.EqualTo(1));
    }

    [Test]
    public void A_twin_beyond_the_window_is_none()
    {
        byte[] packet = Packets.Udp(Packets.Ue, Packets.Server, 1, 9);
        _run.OnN3(0, Packets.Up(packet));
        _run.OnN6(2_000_000, packet);
        Assert.That(_run.Analyze().Match.Matched, Is.Zero);
    }
}
