using Testbed.Wire;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Transport;
using Testbed.Wire.Tunnels;

namespace Testbed.Analyzer.Decoding.Frames;

/// <summary>The header at which decoding of a frame stopped.</summary>
public enum DecodeLayer : byte { Link = 0, Ip = 1, Udp = 2, GtpU = 3, Inner = 4 }

/// <summary>Counts every frame once: decoded, or not and why. Nothing vanishes.</summary>
public sealed class DecodeTally
{
    private const int StatusCount = 32;
    private readonly long[] _failures = new long[5 * StatusCount];

    public long Packets { get; private set; }
    public long Bytes { get; private set; }
    public long FirstNs { get; private set; } = long.MaxValue;
    public long LastNs { get; private set; } = long.MinValue;
    public long Decoded { get; internal set; }
    /// <summary>Frames whose payload is no IP: ARP, LLDP and the like.</summary>
    public long NotIp { get; internal set; }
    public long FragmentsIncomplete { get; internal set; }
    public long FragmentsRepeated { get; internal set; }
    /// <summary>G-PDUs whose inner packet did not decode; these did become records.</summary>
    public long BadInner { get; internal set; }
    /// <summary>IP-in-IP and GRE tunnels opened; one a nesting.</summary>
    public long Carried { get; internal set; }
    /// <summary>G-PDUs of Ethernet sessions, and those that are neither IP nor Ethernet.</summary>
    public long EthernetPdus { get; internal set; }
    public long UnstructuredPdus { get; internal set; }
    /// <summary>G-PDUs of tunnels beyond those that the table holds.</summary>
    public long BeyondTunnelTable { get; internal set; }
    /// <summary>G-PDUs between two UPFs: counted apart, as the same packets cross N3 too.</summary>
    public long N9 { get; internal set; }
    /// <summary>Messages on the ports of GTP-C and GTP', told apart; decoded, but no user traffic.</summary>
    public long GtpV1Control { get; private set; }
    public long GtpV2Control { get; private set; }
    public long GtpPrime { get; private set; }

    /// <summary>Frames of ESP, in UDP too, and those of them whose content can be read all the same.</summary>
    public long Esp { get; private set; }
    public long EspInClear { get; private set; }

    internal void Frame(int originalLength, long timeNs)
    {
        Packets++;
        Bytes += originalLength;
        // 0 stands for "no time" in formats that can leave it out.
        if (timeNs == 0) return;
        FirstNs = Math.Min(FirstNs, timeNs);
        LastNs = Math.Max(LastNs, timeNs);
    }

    /// <summary>Adds frames that were all decoded.</summary>
    internal void Add(in FrameSums sums)
    {
        Packets += sums.Frames;
        Decoded += sums.Frames;
        Bytes += sums.Bytes;
        FirstNs = Math.Min(FirstNs, sums.FirstNs);
        LastNs = Math.Max(LastNs, sums.LastNs);
    }

    /// <summary>Moves the times to another clock.</summary>
    internal void Shift(long ns)
    {
        if (LastNs >= FirstNs) (FirstNs, LastNs) = (FirstNs + ns, LastNs + ns);
    }

    /// <summary>Counts the relatives of GTP-U by what they are.</summary>
    internal void CountControl(in UdpHeader udp)
    {
        bool isTheirs = udp.DestinationPort is GtpControl.Port or GtpControl.ChargingPort
            || udp.SourcePort is GtpControl.Port or GtpControl.ChargingPort;
        if (!isTheirs || GtpControl.Read(udp.Payload, udp.PayloadLength, out GtpControl message)
            is not DecodeStatus.Ok) return;
        if (message.Family is GtpFamily.GtpV1Control) GtpV1Control++;
        else if (message.Family is GtpFamily.GtpV2Control) GtpV2Control++;
        else if (message.Family is GtpFamily.GtpPrime) GtpPrime++;
    }

    /// <summary>Counts what protects N3: ESP (RFC 4303), bare or in UDP (RFC 3948).</summary>
    internal void CountProtection(in IpPacket packet)
    {
        if (packet.Protocol == IpProtocol.Udp)
        {
            if (UdpHeader.Read(packet, out UdpHeader udp) is DecodeStatus.Ok && EspHeader.IsInUdp(udp))
                CountEsp(udp.Payload);
        }
        else if (packet.Protocol == IpProtocol.Esp) CountEsp(packet.Payload);
    }

    private void CountEsp(ReadOnlySpan<byte> payload)
    {
        Esp++;
        if (EspHeader.HoldsClearText(payload)) EspInClear++;
    }

    /// <summary>
    /// A G-PDU whose tunnel found no room in the table can be given to no session: it is counted and taken no further.
    /// </summary>
    internal void SetApartWithoutTunnel(ref PacketRecord record)
    {
        if (record.Tunnel >= 0 || record.Kind is not RecordKind.Gpdu) return;
        record.Kind = RecordKind.OtherGtpU;
        BeyondTunnelTable++;
    }

    internal void Fail(DecodeLayer layer, DecodeStatus status) =>
        _failures[(int)layer * StatusCount + ((int)status & (StatusCount - 1))]++;

    public long Failures(DecodeLayer layer, DecodeStatus status) =>
        _failures[(int)layer * StatusCount + (int)status];

    /// <summary>Reasons in camel case, e.g. <c>gtpUTruncated</c>, with their counts; zero counts left out.</summary>
    public SortedDictionary<string, long> NotDecoded()
    {
        SortedDictionary<string, long> reasons = new(StringComparer.Ordinal);
        void Add(string name, long count)
        {
            if (count > 0) reasons[name] = count;
        }
        Add("notIp", NotIp);
        Add("fragmentsIncomplete", FragmentsIncomplete);
        Add("fragmentsRepeated", FragmentsRepeated);
        foreach (DecodeLayer layer in Enum.GetValues<DecodeLayer>())
            foreach (DecodeStatus status in Enum.GetValues<DecodeStatus>())
                Add(Name(layer) + status, Failures(layer, status));
        return reasons;
    }

    /// <summary>What was met besides plain GTP-U and IP, with counts; zero counts left out.</summary>
    public SortedDictionary<string, long> Noticed()
    {
        SortedDictionary<string, long> noticed = new(StringComparer.Ordinal);
        void Add(string name, long count)
        {
            if (count > 0) noticed[name] = count;
        }
        Add("carriedInIpOrGre", Carried);
        Add("ethernetPdus", EthernetPdus);
        Add("unstructuredPdus", UnstructuredPdus);
        Add("gtpV1Control", GtpV1Control + Failures(DecodeLayer.GtpU, DecodeStatus.GtpV1Control));
        Add("gtpV2Control", GtpV2Control + Failures(DecodeLayer.GtpU, DecodeStatus.GtpV2Control));
        Add("gtpPrime", GtpPrime + Failures(DecodeLayer.GtpU, DecodeStatus.GtpPrime));
        Add("n9", N9);
        Add("esp", Esp);
        Add("espInClear", EspInClear);
        Add("beyondTunnelTable", BeyondTunnelTable);
        return noticed;
    }

    private static string Name(DecodeLayer layer) => layer switch
    {
        DecodeLayer.Link => "link",
        DecodeLayer.Ip => "ip",
        DecodeLayer.Udp => "udp",
        DecodeLayer.GtpU => "gtpU",
        _ => "inner",
    };
}
