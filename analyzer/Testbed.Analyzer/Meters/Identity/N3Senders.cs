using System.Buffers.Binary;
using Testbed.Analyzer.Captures;
using Testbed.Wire;
using Testbed.Wire.Files;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Link;
using Testbed.Wire.Packets;
using Testbed.Wire.Transport;

namespace Testbed.Analyzer.Meters.Identity;

/// <summary>One address that sends G-PDUs at one tap, with what its packets have in common besides it.</summary>
internal sealed class N3Sender(string tap, HostAddress address)
{
    public string Tap { get; } = tap;
    public HostAddress Address { get; } = address;
    /// <summary>Source MAC address, 48 bits; of Ethernet captures only.</summary>
    public Trait Mac { get; } = new();
    /// <summary>Time to live or hop limit of the outer header.</summary>
    public Trait TimeToLive { get; } = new();
    /// <summary>"Don't fragment" of the outer IPv4 header: 0 or 1.</summary>
    public Trait DontFragment { get; } = new();
    public long FirstNs { get; set; } = long.MaxValue;
    public long LastNs { get; set; }
}

/// <summary>
/// Reads N3 once more for what records do not keep: how the outer packets of each sender are made.
/// </summary>
internal sealed class N3Senders
{
    /// <summary>More senders than this are not followed; a site has a handful.</summary>
    private const int SendersMax = 4096;
    private const int MacOffset = 6;

    private readonly Dictionary<(string Tap, HostAddress Address), N3Sender> _senders = [];

    public IEnumerable<N3Sender> All => _senders.Values.OrderBy(sender => sender.Address).ThenBy(sender => sender.Tap);

    public static N3Senders Read(IEnumerable<TapInput> taps, IReadOnlySet<HostAddress> leftOut)
    {
        N3Senders senders = new();
        foreach (TapInput tap in taps)
            foreach (string path in tap.Files) senders.ReadFile(tap.Name, path, leftOut);
        return senders;
    }

    private void ReadFile(string tap, string path, IReadOnlySet<HostAddress> leftOut)
    {
        using CaptureFileSource source = CaptureFiles.Open(path);
        string Evidence() => $"{Path.GetFileName(path)}#{source.FrameCount}";
        Func<string> evidence = Evidence;
        while (source.TryRead(out CapturedFrame frame))
        {
            LinkType linkType = source.Interfaces[frame.Interface].LinkType;
            if (LinkFrame.Read(linkType, frame.Bytes, out LinkFrame link) is not DecodeStatus.Ok || !link.IsIp
                || IpPacket.Read(link.Payload, out IpPacket ip, frame.OriginalLength - link.PayloadOffset)
                    is not DecodeStatus.Ok
                || ip.IsFragment || ip.Protocol != IpProtocol.Udp
                || UdpHeader.Read(ip, out UdpHeader udp) is not DecodeStatus.Ok
                || udp.DestinationPort != GtpUHeader.Port
                || GtpUHeader.Read(udp, out GtpUHeader gtp) is not DecodeStatus.Ok
                // Answers of path management may be another process's of the same node.
                || gtp.MessageType != GtpUMessageType.GPdu || leftOut.Contains(ip.SourceAddress)) continue;
            if (Find(tap, ip.SourceAddress) is not { } sender) continue;
            sender.FirstNs = Math.Min(sender.FirstNs, frame.TimestampNs);
            sender.LastNs = Math.Max(sender.LastNs, frame.TimestampNs);
            ReadOnlySpan<byte> header = link.Payload;
            sender.TimeToLive.Observe(ip.IsIpv6 ? header[7] : header[8], evidence);
            if (!ip.IsIpv6) sender.DontFragment.Observe((ulong)(header[6] >> 6 & 1), evidence);
            if (linkType is LinkType.Ethernet) sender.Mac.Observe(
                BinaryPrimitives.ReadUInt64BigEndian(frame.Bytes[(MacOffset - 2)..]) & 0xFFFF_FFFF_FFFF, evidence);
        }
    }

    private N3Sender? Find(string tap, HostAddress address)
    {
        if (_senders.TryGetValue((tap, address), out N3Sender? sender)) return sender;
        return _senders.Count < SendersMax ? _senders[(tap, address)] = new(tap, address) : null;
    }
}
