using System.Net;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Density;

/// <summary>Answers the questions of a density ramp until it is stopped. Parameters: address, port.</summary>
internal sealed class DensityResponderProbe : IProbe
{
    /// <summary>Answers a second at most: ten times what 10,000 UEs ask.</summary>
    private const int AnswersPerSecondMax = 50_000;
    private const long NsPerSecond = 1_000_000_000;

    public string Kind => "density-responder";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        IPAddress address = parameters.Address("address");
        int port = parameters.Port("port");
        byte[] key = ProbeKeys.Derive(parameters.RunNonce.Span, DensityMessage.KeyPurpose);
        return ProbeThread.RespondAsync(Kind, () =>
        {
            using Wake wake = new(cancellation);
            using UdpSocket socket = new(address, port, new(BufferBytes: 4 << 20));
            host.Ready();
            Answer(socket, key, wake);
        });
    }

    private static void Answer(UdpSocket socket, byte[] key, Wake wake)
    {
        byte[] datagram = new byte[DensityMessage.Length + 1];
        long secondStartNs = 0;
        int answers = 0;
        while (!wake.IsSignalled)
        {
            long now = Clocks.MonotonicNs();
            if (!socket.Wait(now + NsPerSecond, wake)) continue;
            while (!wake.IsSignalled && socket.TryReceive(datagram, out Received received))
            {
                if (received.Length > datagram.Length
                    || !DensityMessage.TryRead(key, datagram.AsSpan(0, received.Length), out DensityMessage question)
                    || question.IsAnswer)
                    continue;
                now = Clocks.MonotonicNs();
                if (now - secondStartNs >= NsPerSecond) (secondStartNs, answers) = (now, 0);
                if (++answers > AnswersPerSecondMax) continue;
                (question with { IsAnswer = true }).Write(key, datagram);
                socket.Send(datagram.AsSpan(0, DensityMessage.Length), received.Source);
            }
        }
    }
}
