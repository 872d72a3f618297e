using System.Text.Json;
using Testbed.Wire.Files;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Link;
using Testbed.Wire.Transport;

namespace Testbed.Wire.Tests.Captures;

/// <summary>
/// Counts what <c>expected.json</c> counts, from whole datagrams and from those first fragments whose last fragment is
/// in the file as well: tshark counts what it could reassemble. In zeek__gtp1_gn_normal_incl_fragmentation.pcap four
/// first fragments have no rest.
/// </summary>
public sealed class GtpUCaptureTests
{
    private static IEnumerable<string> Names() => SharedCaptures.Folder is null
        ? ["(none)"]
        : SharedCaptures.ExpectedFiles().EnumerateObject().Select(file => file.Name);

    [TestCaseSource(nameof(Names))]
    public void A_capture_holds_the_GTP_U_that_tshark_counts(string name)
    {
        string folder = SharedCaptures.Require();
        JsonElement expected = SharedCaptures.ExpectedFiles().GetProperty(name);
        Tally tally = Tally.Of(Path.Combine(folder, name));
        int malformed = expected.GetProperty("tsharkMalformed").GetInt32();
        // A frame that tshark calls malformed may be counted either way.
        Assert.That(tally.GPdus, Is.EqualTo(Number("gpdu")).Within(malformed), "gpdu");
        Assert.That(tally.Echoes, Is.EqualTo(Number("echo")).Within(malformed), "echo");
        Assert.That(tally.ErrorIndications, Is.EqualTo(Number("errorIndication")).Within(malformed), "errorIndication");
        Assert.That(tally.EndMarkers, Is.EqualTo(Number("endMarker")).Within(malformed), "endMarker");
        Assert.That(tally.Uplink, Is.EqualTo(Number("uplink")).Within(malformed), "uplink");
        Assert.That(tally.Downlink, Is.EqualTo(Number("downlink")).Within(malformed), "downlink");
        Assert.That(tally.Tunnels, Has.Count.EqualTo(Number("tunnels")).Within(malformed), "tunnels");
        foreach (JsonProperty qfi in expected.GetProperty("qfis").EnumerateObject())
        {
            int count = tally.Qfis.GetValueOrDefault(byte.Parse(qfi.Name));
            Assert.That(count, Is.EqualTo(qfi.Value.GetInt32()).Within(malformed), $"QFI {qfi.Name}");
        }

        int Number(string key) => expected.GetProperty(key).GetInt32();
    }

    private sealed class Tally
    {
        public int GPdus, Echoes, ErrorIndications, EndMarkers, Uplink, Downlink;
        public readonly HashSet<(HostAddress, uint)> Tunnels = [];
        public readonly Dictionary<byte, int> Qfis = [];

        private readonly HashSet<(HostAddress, HostAddress, uint)> _completed = [];

        public static Tally Of(string path)
        {
            Tally tally = new();
            ForEachPacket(path, tally.NoteLastFragment);
            ForEachPacket(path, tally.CountPacket);
            return tally;
        }

        private delegate void Visit(DecodeStatus status, in IpPacket packet);

        private static void ForEachPacket(string path, Visit visit)
        {
            using CaptureFileSource source = CaptureFile.Open(path);
            while (source.TryRead(out CapturedFrame frame))
            {
                if (LinkFrame.Read(source.Interfaces[frame.Interface].LinkType, frame.Bytes, out LinkFrame link)
                    is not DecodeStatus.Ok || !link.IsIp) continue;
                int wireLength = frame.OriginalLength - link.PayloadOffset;
                visit(IpPacket.Read(link.Payload, out IpPacket packet, wireLength), packet);
            }
        }

        private static (HostAddress, HostAddress, uint) Key(in IpPacket packet) =>
            (packet.SourceAddress, packet.DestinationAddress, packet.Identification);

        private void NoteLastFragment(DecodeStatus status, in IpPacket packet)
        {
            if (status is DecodeStatus.LaterFragment && !packet.MoreFragments) _completed.Add(Key(packet));
        }

        private void CountPacket(DecodeStatus status, in IpPacket packet)
        {
            if (status is not DecodeStatus.Ok || packet.Protocol != IpProtocol.Udp) return;
            if (packet.IsFragment && !_completed.Contains(Key(packet))) return;
            if (UdpHeader.Read(packet, out UdpHeader udp) is not DecodeStatus.Ok) return;
            if (udp.DestinationPort != GtpUHeader.Port && udp.SourcePort != GtpUHeader.Port) return;
            if (GtpUHeader.Read(udp, out GtpUHeader gtp) is DecodeStatus.Ok) Count(packet.DestinationAddress, gtp);
        }

        private void Count(HostAddress destination, in GtpUHeader gtp)
        {
            switch (gtp.MessageType)
            {
                case GtpUMessageType.EchoRequest or GtpUMessageType.EchoResponse: Echoes++; return;
                case GtpUMessageType.ErrorIndication: ErrorIndications++; return;
                case GtpUMessageType.EndMarker: EndMarkers++; return;
                case not GtpUMessageType.GPdu: return;
            }
            GPdus++;
            Tunnels.Add((destination, gtp.Teid));
            if (PduSessionContainer.Read(gtp.PduSessionContent, out PduSessionInformation information)
                is not DecodeStatus.Ok) return;
            Qfis[information.Qfi] = Qfis.GetValueOrDefault(information.Qfi) + 1;
            if (information.IsUplink) Uplink++;
            else Downlink++;
        }
    }
}
