using System.Diagnostics;
using System.Text.Json;

namespace Testbed.Lab.Tests.Hosting;

/// <summary>
/// One lab, captured at its taps while its own UEs speak, read back by tshark: somebody else's opinion on what a 5G
/// user plane looks like.
/// </summary>
public sealed class UserPlaneTests
{
    private const int Sent = 50;

    // Starts the captures, lets the lab's UEs attach and speak, sends from one more UE, and ends the captures when
    // all of that has passed.
    private static readonly string Script =
        $$"""
        capture() { nsenter --net=/run/netns/kit-a tcpdump -Z root -U --immediate-mode -i $1 -w $1.pcap 2>/dev/null &
          ids="$ids $!"; }
        capture n3u; capture n4u; capture n6au; capture n6bu; capture n6eu; capture n2u
        sleep 3
        nsenter --net=/run/netns/ue bash -c 'for i in $(seq {{Sent}}); do echo $i > /dev/udp/10.100.61.10/7; done
          # The first packet brought the session; the rule to the edge follows it.
          sleep 1
          for i in $(seq {{Sent}}); do echo $i > /dev/udp/10.100.63.10/7; done'
        sleep 2
        kill $ids; wait
        """;

    private string _folder = "";
    private JsonElement _ledger;

    [OneTimeSetUp]
    public async Task RunTheLab()
    {
        await LabProcess.RequireAsync("tcpdump", "tshark", "bash");
        _folder = Directory.CreateTempSubdirectory("lab-plane").FullName;
        using LabProcess lab = LabProcess.Start(_folder, Script, "--ledger", _folder + "/ledger.json");
        (int exitCode, string output, string errors) = await lab.EndAsync();
        Assert.That(exitCode, Is.Zero, output + errors);
        using JsonDocument ledger = JsonDocument.Parse(await File.ReadAllBytesAsync(_folder + "/ledger.json"));
        _ledger = ledger.RootElement.Clone();
    }

    [OneTimeTearDown]
    public void Clean()
    {
        if (_folder.Length > 0) Directory.Delete(_folder, recursive: true);
    }

    private async Task<string[][]> ReadAsync(string tap, string filter, params string[] fields)
    {
        ProcessStartInfo start = new("tshark") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])
            ["-r", $"{_folder}/{tap}.pcap", "-Y", filter, "-T", "fields", "-o", "ip.check_checksum:TRUE",
             "-o", "udp.check_checksum:TRUE", "-o", "sctp.checksum:CRC 32c",
             .. fields.SelectMany(field => new[] { "-e", field })])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        _ = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];
    }

    private static string[] Distinct(IEnumerable<string> values) => [.. values.Distinct().Order()];

    [Test]
    public async Task A_ping_crosses_the_5g_path_and_comes_back()
    {
        string[][] replies = await ReadAsync("n3u", "icmp.type == 0", "ip.src", "ip.dst");
        Assert.That(replies, Is.Not.Empty);
        Assert.That(replies[0][0], Is.EqualTo("10.100.3.1,10.100.61.10").Or.EqualTo("10.100.3.1,10.100.62.10"));
    }

    [Test]
    public async Task Each_slice_has_its_qfi_and_each_direction_its_container()
    {
        string[][] packets = await ReadAsync(
            "n3u", "gtp.message == 0xff", "ip.src", "gtp.ext_hdr.pdu_ses_con.pdu_type",
            "gtp.ext_hdr.pdu_ses_con.qos_flow_id");
        string[] kinds = Distinct(packets.Select(row =>
            $"{string.Join('.', row[0].Split(',')[1].Split('.')[..2])} type {row[1]} qfi {row[2]}"));
        Assert.That(kinds, Is.EqualTo(new[]
        {
            "10.100 type 0 qfi 8", "10.100 type 0 qfi 9", "10.45 type 1 qfi 9", "10.46 type 1 qfi 8",
        }));
    }

    [Test]
    public async Task Every_tunnel_on_n3_was_set_up_on_n4()
    {
        string[][] used = await ReadAsync("n3u", "gtp.message == 0xff", "gtp.teid");
        string[][] announced = await ReadAsync(
            "n4u", "pfcp.msg_type == 50 || pfcp.msg_type == 51", "pfcp.f_teid.teid",
            "pfcp.outer_hdr_creation.teid");
        HashSet<string> known = [.. announced.SelectMany(row => row).SelectMany(field => field.Split(','))];
        Assert.That(used, Is.Not.Empty);
        Assert.That(Distinct(used.Select(row => row[0])), Is.SubsetOf(known));
    }

    [Test]
    public async Task The_taps_are_quiet_and_every_checksum_on_them_is_right()
    {
        foreach (string tap in new[] { "n3u", "n4u", "n6au", "n6bu", "n6eu", "n2u" })
        {
            Assert.That(await ReadAsync(tap, "!ip || arp || ipv6 || stp", "frame.number"), Is.Empty, tap);
            Assert.That(await ReadAsync(
                tap, "ip.checksum.status == 0 || udp.checksum.status == 0 || icmp.checksum.status == 0 "
                    + "|| sctp.checksum.status == 0",
                "frame.number"), Is.Empty, tap);
            Assert.That(await ReadAsync(tap, "_ws.malformed", "frame.number"), Is.Empty, tap);
        }
    }

    [Test]
    public async Task N2_shows_set_up_registration_and_sessions_as_tshark_reads_them()
    {
        string[][] messages = await ReadAsync("n2u", "ngap", "ngap.procedureCode");
        int[] procedures = [.. messages.SelectMany(row => row[0].Split(',')).Select(int.Parse)];
        Assert.Multiple(() =>
        {
            Assert.That(procedures[..2], Is.EqualTo(new[] { 21, 21 }), "NG Setup comes first");
            Assert.That(procedures.Count(code => code == 15), Is.EqualTo(11), "initial UE messages");
            Assert.That(procedures.Count(code => code == 14), Is.EqualTo(22), "initial context set-ups");
            Assert.That(procedures.Count(code => code == 29), Is.EqualTo(22), "PDU session resource set-ups");
        });
        string[][] setup = await ReadAsync(
            "n2u", "ngap.NGSetupResponse_element", "ngap.AMFName", "ngap.sST", "ngap.UERetentionInformation");
        Assert.That(setup.Select(row => string.Join(' ', row)), Is.EqualTo(new[] { "amf1 01,01 0" }));
        string[][] registrations = await ReadAsync(
            "n2u", "nas_5gs.mm.message_type == 0x41", "nas_5gs.mm.suci.msin", "ngap.tAC");
        Assert.That(registrations, Has.Length.GreaterThanOrEqualTo(1));
        Assert.That(registrations[0][1], Is.EqualTo("1"), "tracking area");
    }

    [Test]
    public async Task Every_tunnel_on_n3_was_ordered_on_n2_with_its_slice_and_5qi()
    {
        string[][] used = await ReadAsync("n3u", "gtp.message == 0xff", "gtp.teid");
        string[][] ordered = await ReadAsync(
            "n2u", "ngap.procedureCode == 29", "ngap.gTP_TEID", "ngap.fiveQI",
            "ngap.pDUSessionAggregateMaximumBitRateDL");
        HashSet<string> known =
            [.. ordered.SelectMany(row => row[0].Split(',')).Select(teid => "0x" + teid.Replace(":", ""))];
        Assert.That(Distinct(used.Select(row => row[0])), Is.SubsetOf(known));
        Assert.That(Distinct(ordered.SelectMany(row => row[1].Split(',')).Where(one => one != "")),
            Is.EqualTo(new[] { "80", "82", "9" }));
        Assert.That(Distinct(ordered.SelectMany(row => row[2].Split(',')).Where(one => one != "")),
            Is.EqualTo(new[] { "160000000", "20000000" }));
    }

    [Test]
    public async Task Each_slices_traffic_is_on_its_own_n6_only()
    {
        Assert.That(await ReadAsync("n6au", "ip.addr == 10.46.0.0/16", "frame.number"), Is.Empty);
        Assert.That(await ReadAsync("n6bu", "ip.addr == 10.45.0.0/16", "frame.number"), Is.Empty);
        Assert.That(await ReadAsync("n6au", "ip.addr == 10.45.0.0/16", "frame.number"), Is.Not.Empty);
        Assert.That(await ReadAsync("n6bu", "ip.addr == 10.46.0.0/16", "frame.number"), Is.Not.Empty);
    }

    [Test]
    public async Task Packets_to_the_edge_leave_by_its_own_n6_and_come_back_by_it()
    {
        foreach (string end in (string[])["src", "dst"])
            Assert.That(await ReadAsync("n6eu", $"udp && !icmp && ip.{end} == 10.45.0.2", "frame.number"),
                Has.Length.EqualTo(Sent), end);
        Assert.That(await ReadAsync("n6au", "ip.addr == 10.100.63.10", "frame.number"), Is.Empty);
        Assert.That(await ReadAsync("n4u", "pfcp.msg_type == 52", "frame.number"), Is.Not.Empty, "by a rule of N4");
    }

    [Test]
    public async Task The_ledger_counts_what_the_tap_shows()
    {
        string[][] packets = await ReadAsync("n3u", "gtp.message == 0xff", "ip.dst", "gtp.teid");
        Dictionary<uint, int> onTap = packets.GroupBy(row => Convert.ToUInt32(row[1], 16))
            .ToDictionary(group => group.Key, group => group.Count());
        JsonElement[] sessions = [.. _ledger.GetProperty("sessions").EnumerateArray()];
        Assert.That(sessions, Has.Length.EqualTo(11), "five UEs a slice and the one that the test speaks from");
        JsonElement own = sessions.Single(session => session.GetProperty("ueAddress").GetString() == "10.45.0.2");
        int uplink = Packets(own, "uplink", "gnbOut"), downlink = Packets(own, "downlink", "upfOut");
        Assert.Multiple(() =>
        {
            // Each datagram leaves by a socket of its own: what comes back to a closed one makes ICMP errors.
            Assert.That(uplink, Is.GreaterThanOrEqualTo(2 * Sent));
            Assert.That(downlink, Is.EqualTo(2 * Sent), "half of them by way of the edge");
            Assert.That(onTap[own.GetProperty("uplinkTeid").GetUInt32()], Is.EqualTo(uplink));
            Assert.That(onTap[own.GetProperty("downlinkTeid").GetUInt32()], Is.EqualTo(downlink));
            Assert.That(Packets(own, "uplink", "upfOut"), Is.EqualTo(uplink));
            Assert.That(Packets(own, "downlink", "gnbOut"), Is.EqualTo(downlink));
        });
    }

    [Test]
    public void The_ledger_tells_the_upfs_transit_of_every_packet_in_each_direction()
    {
        foreach (string direction in new[] { "uplink", "downlink" })
        {
            JsonElement transit = _ledger.GetProperty("upfTransitNs").GetProperty(direction);
            long[] figures = [.. new[] { "min", "p50", "p99", "max" }
                .Select(name => transit.GetProperty(name).GetInt64())];
            // Also of those that waited for a link.
            long left = _ledger.GetProperty("sessions").EnumerateArray()
                .Sum(session => Packets(session, direction, "upfOut"));
            Assert.That(left, Is.Positive);
            // The lab's own UEs go on until it ends: a packet or two may wait for their link then.
            Assert.That(transit.GetProperty("count").GetInt64(), Is.InRange(left - 2, left));
            Assert.That(figures, Is.Ordered.And.All.Positive);
        }
    }

    private static int Packets(JsonElement session, string direction, string point) =>
        session.GetProperty(direction).GetProperty(point).GetProperty("packets").GetInt32();
}
