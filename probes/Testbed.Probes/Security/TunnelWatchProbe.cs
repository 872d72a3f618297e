using System.Net;
using Testbed.Probes.Security.Trials;
using Testbed.Probes.Sockets;
using Testbed.Probes.Sockets.Raw;
using Testbed.Wire;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Transport;

namespace Testbed.Probes.Security;

/// <summary>
/// Looks at an N3 tap for the tunnel that one UE's uplink takes: a later test puts a packet of that tunnel inside a
/// packet of the UE (SEC-004), which proves little with a tunnel that does not exist. Parameters: interface, ueAddress,
/// seconds (1 to 120). Fact: tunnel.
/// </summary>
internal sealed class TunnelWatchProbe : IProbe
{
    public const string Fact = "tunnel";

    public string Kind => "n3-tunnel-watch";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        IPAddress ue = parameters.Address("ueAddress");
        int seconds = parameters.Whole("seconds", 1, 120);
        string device = task.Parameters.GetValueOrDefault("interface") is { Length: > 0 } named
            ? named : throw new ProbeParameterException("interface", "an interface at an N3 tap", null);
        return ProbeThread.GuardAsync(() => ProbeThread.RunAsync(Kind, () =>
        {
            using Wake wake = new(cancellation);
            using LinkSocket link = new(device, hearsAll: true);
            NestedTunnel? found = Watch(link, HostAddress.From(ue), TimeSpan.FromSeconds(seconds), wake);
            cancellation.ThrowIfCancellationRequested();
            return found is not { } tunnel
                ? new ProbeOutcome([], [], new($"{seconds} s 内 {device} 上没有终端 {ue} 的上行隧道",
                    $"{device} showed no uplink tunnel of UE {ue} within {seconds} s"))
                : new ProbeOutcome([], []) { Facts = new Dictionary<string, string> { [Fact] = $"{tunnel}" } };
        }));
    }

    private static NestedTunnel? Watch(LinkSocket link, HostAddress ue, TimeSpan duration, Wake wake)
    {
        byte[] buffer = new byte[512];
        long end = Clocks.MonotonicNs() + (long)duration.TotalNanoseconds;
        while (!wake.IsSignalled && Clocks.MonotonicNs() < end)
        {
            if (!Readiness.Wait(link.Handle, end, wake)) continue;
            while (!wake.IsSignalled && link.TryReceive(buffer, out int length))
                if (Find(buffer.AsSpan(0, length), ue) is { } tunnel) return tunnel;
        }
        return null;
    }

    /// <summary>The tunnel of an uplink G-PDU of this UE; null for any other packet.</summary>
    /// <param name="packet">From the outer IP header on; its end may be cut off.</param>
    internal static NestedTunnel? Find(ReadOnlySpan<byte> packet, HostAddress ue)
    {
        if (IpPacket.Read(packet, out IpPacket outer) is not DecodeStatus.Ok || outer.Protocol != IpProtocol.Udp
            || outer.IsFragment || UdpHeader.Read(outer, out UdpHeader udp) is not DecodeStatus.Ok
            || udp.DestinationPort != GtpUHeader.Port
            || GtpUHeader.Read(udp, out GtpUHeader gtp) is not DecodeStatus.Ok
            || gtp.MessageType is not GtpUMessageType.GPdu) return null;
        DecodeStatus status = IpPacket.Read(gtp.Payload, out IpPacket inner, gtp.PayloadLength);
        if (status is not (DecodeStatus.Ok or DecodeStatus.LaterFragment) || inner.SourceAddress != ue) return null;
        IPAddress upf = outer.DestinationAddress.ToIPAddress();
        if (!gtp.HasPduSessionContainer) return new(gtp.Teid, null, upf);
        return PduSessionContainer.ReadQfi(gtp.PduSessionContent, out byte qfi, out bool isUplink) is DecodeStatus.Ok
            && isUplink ? new(gtp.Teid, qfi, upf) : null;
    }
}
