using System.Net;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Flows;

/// <summary>
/// The far end of test flows: sends for each packet the answers that it asks for, until it is stopped. Parameters:
/// address, port.
/// </summary>
internal sealed class FlowResponderProbe : IProbe
{
    public const string RecordName = "flow-responder-stalls.csv";
    public const int AnswersMax = 64;
    public const int AnswerBytesMax = 1_400;
    /// <summary>200 Mbit/s of the longest answers: no rate that a closed loop asks for comes near.</summary>
    private const int AnswersPerSecondMax = 18_000;
    private const long NsPerSecond = 1_000_000_000;
    private const int QuestionBytesMax = 2_048;

    public string Kind => "flow-responder";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        IPAddress address = parameters.Address("address");
        int port = parameters.Port("port");
        byte[] key = ProbeKeys.Derive(parameters.RunNonce.Span, FlowMessage.KeyPurpose);
        return ProbeThread.RespondAsync(Kind, () =>
        {
            using Wake wake = new(cancellation);
            using UdpSocket socket = new(address, port, new(BufferBytes: 4 << 20));
            using StallRecord stalls = new(host.CreateRecord(RecordName));
            host.Ready();
            Answer(socket, key, stalls, wake);
        });
    }

    private static void Answer(UdpSocket socket, byte[] key, StallRecord stalls, Wake wake)
    {
        byte[] question = new byte[QuestionBytesMax], answer = new byte[AnswerBytesMax];
        long secondNs = 0;
        int inSecond = 0;
        uint number = 0;
        while (!wake.IsSignalled)
        {
            if (!socket.Wait(Clocks.MonotonicNs() + NsPerSecond, wake)) continue;
            while (!wake.IsSignalled && socket.TryReceive(question, out Received received))
            {
                // How long it lay in the socket before this kit came to read it.
                if (received.KernelStamped) stalls.Add(received.RealtimeNs, Clocks.RealtimeNs());
                if (received.Length > question.Length
                    || !FlowMessage.TryRead(key, question.AsSpan(0, received.Length), out FlowMessage asked)
                    || asked.IsAnswer) continue;
                long now = Clocks.MonotonicNs();
                if (now - secondNs >= NsPerSecond) (secondNs, inSecond) = (now, 0);
                int count = Math.Min(Math.Min(asked.Answers, AnswersMax), AnswersPerSecondMax - inSecond);
                inSecond += Math.Max(0, count);
                Span<byte> datagram =
                    answer.AsSpan(0, Math.Clamp(asked.AnswerBytes, FlowMessage.LengthMin, AnswerBytesMax));
                for (int i = 0; i < count; i++)
                {
                    new FlowMessage(true, number++, 0, 0).Write(key, datagram);
                    socket.Send(datagram, received.Source);
                }
            }
        }
    }
}
