using Testbed.Probes.Sockets;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Transport;

namespace Testbed.Probes.EndToEnd;

/// <summary>
/// Asks each UPF for an echo (TS 29.281 §7.2.1) and sends it G-PDUs of tunnels that it cannot know
/// (§7.3.1), a few packets a second. Asks again until answered: a UPF that has just started keeps its
/// Error Indications back for some seconds (TS 23.527).
/// </summary>
/// <param name="teidKey">
/// TEIDs are drawn from all of 32 bits; the chance to meet a tunnel in use is the number of tunnels in 2³².
/// </param>
internal sealed class PathManagement(
    UdpSocket socket, UdpSocket? atGtpPort, IReadOnlyList<UpfPeer> peers, byte[] teidKey)
{
    private const long NsPerMs = 1_000_000;
    /// <summary>One echo and one G-PDU to each address this often.</summary>
    private const long RoundNs = 250 * NsPerMs;
    /// <summary>The socket on port 2152 is looked at this often.</summary>
    private const long LookNs = 20 * NsPerMs;
    /// <summary>Answers of each kind after which an address is left alone.</summary>
    private const int AnswersEnough = 3;
    /// <remarks>TEST-NET-1: the inner packet leads nowhere, and its TTL of 1 ends it at the first router.</remarks>
    private const uint InnerSource = 0xC0000201, InnerDestination = 0xC0000202;

    private readonly byte[] _buffer = new byte[2_048];
    private int _teidsDrawn;

    public void Run(TimeSpan duration, Wake wake)
    {
        long now = Clocks.MonotonicNs(), end = now + (long)duration.TotalNanoseconds, round = now;
        while (now < end && !wake.IsSignalled && !peers.All(Satisfied))
        {
            if (now >= round)
            {
                foreach (UpfPeer peer in peers) Ask(peer);
                round += RoundNs;
            }
            socket.Wait(Math.Min(now + LookNs, end), wake);
            Receive(socket, fromGtpPort: false);
            if (atGtpPort is not null) Receive(atGtpPort, fromGtpPort: true);
            now = Clocks.MonotonicNs();
        }
    }

    private static bool Satisfied(UpfPeer peer) =>
        peer.EchoResponses >= AnswersEnough && peer.ErrorIndications >= AnswersEnough;

    private void Ask(UpfPeer peer)
    {
        if (peer.EchoResponses < AnswersEnough)
        {
            int length = GtpUPathMessages.WriteEchoRequest(_buffer, peer.NextEcho);
            // What the kit's own kernel refuses, nobody could have answered.
            if (socket.Send(_buffer.AsSpan(0, length), peer.SocketAddress) == 0) peer.EchoSent();
        }
        if (peer.ErrorIndications < AnswersEnough)
        {
            uint teid = ProbeKeys.Draw(teidKey, _teidsDrawn++);
            if (socket.Send(_buffer.AsSpan(0, WriteStrayGPdu(_buffer, teid)), peer.SocketAddress) == 0)
                peer.TeidSent(teid);
        }
    }

    /// <summary>A G-PDU as a gNB would send it: PDU session container, then a small inner packet.</summary>
    internal static int WriteStrayGPdu(Span<byte> destination, uint teid)
    {
        ReadOnlySpan<byte> text = "testbed E2E-005"u8;
        Span<byte> inner = stackalloc byte[Ipv4Header.LengthMin + UdpHeader.LengthMin + text.Length];
        int at = Ipv4Header.Write(
            inner, InnerSource, InnerDestination, IpProtocol.Udp, inner.Length - Ipv4Header.LengthMin, timeToLive: 1);
        at += UdpHeader.Write(inner[at..], 9, 9, text.Length);
        text.CopyTo(inner[at..]);
        int header = GtpUHeader.WriteGPdu(destination, teid, PduSessionInformation.Uplink(1), inner.Length);
        inner.CopyTo(destination[header..]);
        return header + inner.Length;
    }

    private void Receive(UdpSocket from, bool fromGtpPort)
    {
        while (from.TryReceive(_buffer, out Received received))
        {
            if (received.Length > _buffer.Length) continue;
            foreach (UpfPeer peer in peers)
            {
                if (!peer.SocketAddress.SameAddress(received.Source)) continue;
                peer.Accept(_buffer.AsSpan(0, received.Length), fromGtpPort);
                break;
            }
        }
    }
}
