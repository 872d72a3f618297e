using System.Net;
using Testbed.Conformance;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Flows;

/// <summary>
/// A steady flow from a UE until it is stopped, with as many answers to each packet as the downlink rate takes; what
/// becomes of it is for the captures to say. Parameters: localAddress, localPort, remoteAddress, port, ratePps (1 to
/// 2,000), payloadBytes,
/// answers (0 to 64 a packet), answerBytes, secondsMax (1 to 3,600).
/// </summary>
internal sealed class FlowSenderProbe : IProbe
{
    public const string RecordName = "flow-sender-stalls.csv";
    private const long NsPerSecond = 1_000_000_000;

    public string Kind => "flow-sender";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        Order order = Order.Read(parameters);
        byte[] key = ProbeKeys.Derive(parameters.RunNonce.Span, FlowMessage.KeyPurpose);
        return ProbeThread.GuardAsync(async () =>
        {
            using Wake wake = new(cancellation);
            using UdpSocket socket = new(order.Local, order.LocalPort, new(BufferBytes: 4 << 20));
            using StallRecord stalls = new(host.CreateRecord(RecordName));
            host.Ready();
            (long sent, int errno) = await ProbeThread.RunAsync(Kind, () => Send(order, socket, key, stalls, wake));
            return new([], [RecordName], sent > 0 ? null : new LocalText(
                $"测试流未能发出报文（{SocketFault.NameOf(errno)}）",
                $"no packet of the test flow could be sent ({SocketFault.NameOf(errno)})"));
        });
    }

    private static (long Sent, int Errno) Send(
        Order order, UdpSocket socket, byte[] key, StallRecord stalls, Wake wake)
    {
        byte[] packet = new byte[order.PayloadBytes], taken = new byte[FlowResponderProbe.AnswerBytesMax];
        SockAddr remote = SockAddr.Create(order.Remote, order.Port);
        long startNs = Clocks.MonotonicNs(), stepNs = NsPerSecond / order.RatePps, sent = 0;
        int lastErrno = 0;
        long endNs = startNs + order.SecondsMax * NsPerSecond;
        for (uint i = 0; !wake.IsSignalled && Clocks.MonotonicNs() < endNs; i++)
        {
            long dueNs = startNs + i * stepNs;
            Clocks.SleepUntil(dueNs);
            // A sender that was held up does not send in one burst what it owes.
            long behindNs = Clocks.MonotonicNs() - dueNs, now = Clocks.RealtimeNs();
            stalls.Add(now - behindNs, now);
            if (behindNs > stepNs) startNs += behindNs;
            new FlowMessage(false, i, order.Answers, order.AnswerBytes).Write(key, packet);
            int errno = socket.Send(packet, in remote);
            if (errno == 0) sent++;
            else lastErrno = errno;
            // Answers are taken off the socket and are of no further interest here.
            while (socket.TryReceive(taken, out _)) { }
        }
        return (sent, lastErrno);
    }

    private sealed record Order(
        IPAddress Local, int LocalPort, IPAddress Remote, int Port, int RatePps, int PayloadBytes, int Answers,
        int AnswerBytes, int SecondsMax)
    {
        public static Order Read(ProbeParameters parameters)
        {
            IPAddress local = parameters.Address("localAddress"), remote = parameters.Address("remoteAddress");
            ProbeParameters.RequireSameFamily("remoteAddress", remote, local);
            return new(
                local, parameters.Port("localPort"), remote, parameters.Port("port"),
                parameters.Whole("ratePps", 1, 2_000),
                parameters.Whole("payloadBytes", FlowMessage.LengthMin, FlowResponderProbe.AnswerBytesMax),
                parameters.Whole("answers", 0, FlowResponderProbe.AnswersMax),
                parameters.Whole("answerBytes", FlowMessage.LengthMin, FlowResponderProbe.AnswerBytesMax),
                parameters.Whole("secondsMax", 1, 3_600));
        }
    }
}
