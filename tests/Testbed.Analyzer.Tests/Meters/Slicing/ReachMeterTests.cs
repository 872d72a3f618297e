using System.Globalization;
using System.Net;
using System.Text;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Results;
using Testbed.Wire.Stamp;

namespace Testbed.Analyzer.Tests.Meters.Slicing;

public sealed class ReachMeterTests
{
    private const int Session = 100_001, Port = 33_333, Tries = 60, IcmpBytes = 77;
    private const string Ue = "10.45.0.2", OtherUe = "10.46.0.2", Own = "10.100.61.10", OtherServer = "10.100.62.10";
    private readonly Dictionary<string, CaptureCounters> _counters = [];
    private static readonly byte[] Nonce = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly List<(long, byte[])> _ownN6 = [], _otherN6 = [], _n3 = [];
    private readonly StringBuilder _record = new();
    private CaptureFolder _folder = null!;

    [SetUp]
    public void Open()
    {
        _folder = new();
        _ownN6.Clear();
        _n3.Clear();
        _otherN6.Clear();
        _otherN6.Add((0, Packets.Udp(OtherUe, OtherServer, 1, 1)));
        _record.Clear().Append("index,protocol,target,control,sentUnixNs,tcpSequence,icmpBytes,icmpData\n");
    }

    [TearDown]
    public void Close() => _folder.Dispose();

    private static string KindOf(int index) => (index % 3) switch { 0 => "tcp", 1 => "udp", _ => "icmp" };

    private static string TargetOf(int index) => index / 3 % 2 == 0 ? OtherUe : OtherServer;

    private static uint DataOf(int index) => 0x8000_0000u + (uint)index * 77;

    private static byte[] Packet(int index, string to, string from = Ue, int session = Session)
    {
        if (KindOf(index) == "tcp")
            return Packets.Tcp(from, to, (uint)(90_000 + index), 0, (ushort)(index + 1), 20_000, Port);
        if (KindOf(index) == "icmp")
            return Packets.Icmp(from, to, IcmpBytes, (ushort)(index + 1), (ushort)index, DataOf(index));
        byte[] payload = new byte[StampLayout.AuthenticatedLength];
        StampErrorEstimate estimate = StampErrorEstimate.Create(false, StampTimestampFormat.Ntp, 0);
        new StampSenderPacket((uint)index, CaptureFolder.StartNs, estimate, 1).Write(payload, true);
        StampKeys.Derive(Nonce, session).Sign(payload);
        return Packets.Udp(from, to, payload, (ushort)(index + 1), 20_000, Port);
    }

    private void Send(
        int index, string to, bool isControl, Action<long, byte[]>? arrives = null, bool entersN3 = true)
    {
        long us = 1_000_000 + index * 1_000;
        byte[] packet = Packet(index, to);
        if (entersN3) _n3.Add((us, Packets.Up(packet)));
        arrives?.Invoke(us + 50, packet);
        _record.Append(CultureInfo.InvariantCulture,
            $"{index},{KindOf(index)},{to},{(isControl ? 1 : 0)},0,{(KindOf(index) == "tcp" ? 90_000 + index : 0)},");
        _record.Append(CultureInfo.InvariantCulture,
            $"{(KindOf(index) == "icmp" ? $"{IcmpBytes},{DataOf(index)}" : "0,0")}\n");
    }

    private void SendAll(
        Action<long, byte[]>? arrives = null, bool controlArrives = true, Func<int, bool>? entersN3 = null)
    {
        for (int i = 0; i < Tries; i++) Send(i, TargetOf(i), false, arrives, entersN3?.Invoke(i) ?? true);
        for (int i = Tries; i < Tries + 6; i++)
            Send(i, Own, true, controlArrives ? (us, packet) => _ownN6.Add((us, packet)) : null);
    }

    private static ReachContext Reach(string path) => new("A", "B", IPAddress.Parse(Ue), Session, Port,
        [IPAddress.Parse(OtherUe), IPAddress.Parse(OtherServer)], Tries, path);

    private KpiResult Result(string id, bool hasN3 = true)
    {
        string path = _folder.Path("reach.csv");
        File.WriteAllText(path, _record.ToString());
        AnalysisRequest request = new()
        {
            Claim = TestClaims.TwoSlices,
            N3 = hasN3 ? [_folder.Write("n3.pcapng", _n3.OrderBy(packet => packet.Item1))] : [],
            N6 = [_folder.Write("n6a.pcapng", _ownN6, "A"), _folder.Write("n6b.pcapng", _otherN6, "B")],
            Run = new() { Nonce = Nonce, Reaches = [Reach(path)], CaptureCounters = _counters },
        };
        return TrafficAnalysis.Run(request).Kpis.Single(kpi => kpi.Id == id);
    }

    [Test]
    public void Nothing_arrives_in_a_network_that_separates_its_slices()
    {
        SendAll();
        KpiResult leaks = Result("slice-leaks");
        Assert.That((leaks.Value, leaks.Samples, leaks.NotUsable is null), Is.EqualTo((0m, (long)Tries, true)));
        Assert.That(Result("slice-reach-control-ratio").Value, Is.EqualTo(1m));
    }

    [TestCase("n3.pcapng", false)]
    [TestCase("n6b.pcapng", false)]
    [TestCase("n4.pcapng", true)]
    public void A_watching_tap_that_drops_frames_leaves_silence_open_however_busy_others_are(
        string tap, bool isDecided)
    {
        SendAll();
        foreach (string each in (string[])["n3.pcapng", "n6a.pcapng", "n6b.pcapng", "n4.pcapng"])
            _counters[each] = new(1_000_000, 0, 0);
        _counters[tap] = new(1_000, 20, 0);
        KpiResult leaks = Result("slice-leaks");
        _counters.Clear();
        Assert.That(leaks.NotUsable is null, Is.EqualTo(isDecided));
    }

    [Test]
    public void What_leaves_on_the_other_slices_N6_is_counted_also_from_behind_a_NAT()
    {
        SendAll();
        for (int i = 0; i < 10; i++) _otherN6.Add((1_500_000 + i, Packet(i, OtherServer, from: "192.0.2.9")));
        // All kinds know themselves without their source; SYN and echo must still go where they were sent to.
        int expected = Enumerable.Range(0, 10).Count(i => KindOf(i) == "udp" || TargetOf(i) == OtherServer);
        KpiResult leaks = Result("slice-leaks");
        Assert.That(leaks.Value, Is.EqualTo(expected));
        Assert.That(leaks.Evidence[0], Does.StartWith("n6b.pcapng#"));
    }

    [Test]
    public void What_comes_back_in_a_tunnel_to_the_other_slices_UE_is_counted()
    {
        SendAll((us, packet) => { if (us % 4_000 < 2_000) _n3.Add((us, Packets.Down(packet, 202))); });
        Assert.That(Result("slice-leaks").Value, Is.GreaterThan(10));
    }

    [TestCase(OtherServer, "udp", 1, "UDP → 10.100.62.10 9/10", true)]
    [TestCase(OtherServer, "udp", 2, "UDP → 10.100.62.10 8/10", false)]
    [TestCase(OtherUe, "icmp", 10, "ICMP → 10.46.0.2 0/10", false)]
    public void What_never_came_to_N3_was_not_tried(
        string target, string kind, int missing, string named, bool isUsable)
    {
        SendAll(entersN3: i => KindOf(i) != kind || TargetOf(i) != target || missing-- <= 0);
        KpiResult leaks = Result("slice-leaks");
        Assert.That(leaks.NotUsable is null, Is.EqualTo(isUsable));
        Assert.That(leaks.NotUsable?.En ?? named, Does.Contain(named));
        Assert.That(leaks.NotUsable?.En ?? "", Does.Not.Contain("0, "), "no other is named");
    }

    [Test]
    public void A_leak_is_one_however_little_was_tried()
    {
        SendAll(entersN3: i => i < 20);
        _otherN6.Add((1_500_000, Packet(1, OtherServer)));
        KpiResult leaks = Result("slice-leaks");
        Assert.That((leaks.Value, leaks.NotUsable), Is.EqualTo((1m, (Conformance.LocalText?)null)));
    }

    // The other slice's own UE pings its data network meanwhile, by chance with as many bytes, and is answered.
    [Test]
    public void Echoes_of_others_of_the_same_length_to_the_same_target_are_no_arrivals()
    {
        SendAll();
        for (ushort i = 0; i < 30; i++)
        {
            byte[] request = Packets.Icmp(OtherUe, OtherServer, IcmpBytes, i, i, data: i);
            byte[] answer = Packets.Icmp(OtherServer, OtherUe, IcmpBytes, i, i, DataOf(i));
            answer[20] = 0;
            _n3.Add((1_500_000 + i, Packets.Down(answer, 202)));
            _otherN6.Add((1_500_000 + i, request));
            _otherN6.Add((1_500_000 + i, answer));
        }
        Assert.That(Result("slice-leaks").Value, Is.Zero);
    }

    [Test]
    public void An_echo_request_that_arrives_is_one_try_however_often_it_is_seen()
    {
        SendAll();
        int echo = Enumerable.Range(0, Tries).First(i => KindOf(i) == "icmp" && TargetOf(i) == OtherServer);
        for (int i = 0; i < 3; i++) _otherN6.Add((1_500_000 + i, Packet(echo, OtherServer, from: "192.0.2.9")));
        Assert.That(Result("slice-leaks").Value, Is.EqualTo(1));
    }

    [Test]
    public void A_packet_signed_by_nobody_of_this_run_is_no_arrival()
    {
        SendAll();
        _otherN6.Add((1_500_000, Packet(1, OtherServer, session: 9)));
        Assert.That(Result("slice-leaks").Value, Is.Zero);
    }

    [Test]
    public void A_sender_that_reaches_nothing_proves_nothing()
    {
        SendAll(controlArrives: false);
        Assert.That(Result("slice-reach-control-ratio").Value, Is.Zero);
    }

    [Test]
    public void Without_N3_nobody_sees_what_comes_to_the_other_slices_UEs()
    {
        SendAll();
        Assert.That(Result("slice-leaks", hasN3: false).NotUsableVerdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [Test]
    public void A_record_that_names_a_packet_twice_ends_no_run()
    {
        SendAll();
        _record.Append(CultureInfo.InvariantCulture, $"1,udp,{OtherUe},0,0,0,0,0\n");
        Assert.That(Result("slice-leaks").Value, Is.Zero);
    }

    [Test]
    public void A_tap_that_saw_nothing_in_the_whole_run_proves_nothing()
    {
        SendAll();
        _otherN6.Clear();
        Assert.That(Result("slice-leaks").NotUsable, Is.Not.Null);
    }
}
