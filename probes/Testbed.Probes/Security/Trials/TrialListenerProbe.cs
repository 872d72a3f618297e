using System.Net;
using Testbed.Probes.Sockets;
using Testbed.Wire.Trials;

namespace Testbed.Probes.Security.Trials;

/// <summary>
/// Writes down every packet of the run's trials that arrives, and answers control packets, until it is stopped.
/// Parameters: address, port, listener (a number for the record's name).
/// </summary>
internal sealed class TrialListenerProbe : IProbe
{
    /// <summary>Ten times what all trials of a run send; beyond it packets are answered and not written down.</summary>
    private const int RowsMax = 100_000;
    private const long NsPerSecond = 1_000_000_000;

    public string Kind => "trial-listener";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        IPAddress address = parameters.Address("address");
        int port = parameters.Port("port"), number = parameters.Whole("listener", 1, ushort.MaxValue);
        byte[] key = TrialMessage.DeriveKey(parameters.RunNonce.Span);
        return ProbeThread.RespondAsync(Kind, () =>
        {
            using Wake wake = new(cancellation);
            using UdpSocket socket = new(address, port, new(FreeBind: true));
            using RecordWriter record =
                new(host.CreateRecord($"trial-received-{number}.csv"), "trial,class,seq,timeNs");
            host.Ready();
            Listen(socket, key, record, wake);
        });
    }

    private static void Listen(UdpSocket socket, byte[] key, RecordWriter record, Wake wake)
    {
        byte[] buffer = new byte[2048];
        int rows = 0;
        while (!wake.IsSignalled)
        {
            if (!socket.Wait(Clocks.MonotonicNs() + NsPerSecond, wake)) continue;
            while (!wake.IsSignalled && socket.TryReceive(buffer, out Received received))
            {
                if (!TrialMessage.TryRead(
                    key, buffer.AsSpan(0, Math.Min(received.Length, buffer.Length)), out TrialMessage message))
                    continue;
                bool isControl = message.Class is TrialClass.Control;
                if (rows++ < RowsMax)
                    record.Add(message.Trial).Add(isControl ? "control"u8 : "attempt"u8).Add(message.Sequence)
                        .Add(received.RealtimeNs).EndRow();
                if (!isControl) continue;
                (message with { Class = TrialClass.Answer }).Write(key, buffer);
                socket.Send(buffer.AsSpan(0, TrialMessage.Length), received.Source);
            }
        }
    }
}
