using Testbed.Probes.Sockets;

namespace Testbed.Probes.Security.Mutants;

/// <summary>
/// Echoes until each UPF address has answered, then the mutants at their rate, then echoes again. Answers to mutants
/// are taken in and mean nothing.
/// </summary>
internal sealed class MutantRun(
    UdpSocket echoes, UdpSocket socket, IReadOnlyList<MutantPeer> peers, GtpUMutator mutator, int count, int ratePps,
    Wake wake)
{
    public const int AnswersEnough = 3;
    private const long NsPerMs = 1_000_000, NsPerSecond = 1_000_000_000;
    private const long EchoGapNs = 250 * NsPerMs;
    private const int EchoesMax = 12;
    /// <summary>What a UPF may need to work through what still queues when the last mutant is sent.</summary>
    private const long SettleNs = 300 * NsPerMs;

    private readonly byte[] _buffer = new byte[2048];
    private readonly byte[] _ignored = new byte[2048];
    private int _sent;

    public int Sent => Volatile.Read(ref _sent);

    public void Run()
    {
        Ask(peer => peer.AnswersBefore);
        SendMutants();
        Hear(Clocks.MonotonicNs() + SettleNs);
        Ask(peer => peer.AnswersAfter);
    }

    private void Ask(Func<MutantPeer, int> answers)
    {
        for (int round = 0; round < EchoesMax && !wake.IsSignalled; round++)
        {
            if (peers.All(peer => answers(peer) >= AnswersEnough)) return;
            foreach (MutantPeer peer in peers)
                echoes.Send(_buffer.AsSpan(0, peer.WriteEcho(_buffer)), peer.SocketAddress);
            Hear(Clocks.MonotonicNs() + EchoGapNs);
        }
    }

    private void SendMutants()
    {
        long start = Clocks.MonotonicNs();
        for (int i = 0; i < count && !wake.IsSignalled; i++)
        {
            long due = start + i * NsPerSecond / ratePps;
            if (Clocks.MonotonicNs() < due) Drain(socket, due, null);
            int length = mutator.Write(i, _buffer);
            long nowNs = Clocks.RealtimeNs();
            foreach (MutantPeer peer in peers)
            {
                if (socket.Send(_buffer.AsSpan(0, length), peer.SocketAddress) != 0) continue;
                if (peer.Mutants++ == 0) peer.FirstNs = nowNs;
                peer.LastNs = nowNs;
            }
            Volatile.Write(ref _sent, i + 1);
        }
    }

    private void Hear(long untilNs)
    {
        while (!wake.IsSignalled && Clocks.MonotonicNs() < untilNs)
            Drain(echoes, untilNs, (peer, datagram) => peer.Accept(datagram));
        Drain(socket, 0, null);
    }

    private delegate void Taker(MutantPeer peer, ReadOnlySpan<byte> datagram);

    private void Drain(UdpSocket from, long untilNs, Taker? take)
    {
        byte[] buffer = take is null ? _ignored : _buffer;
        if (!from.Wait(untilNs, wake)) return;
        while (!wake.IsSignalled && from.TryReceive(buffer, out Received received))
        {
            if (take is null || received.Length > buffer.Length) continue;
            foreach (MutantPeer peer in peers)
                if (peer.SocketAddress.SameAddress(received.Source)) take(peer, buffer.AsSpan(0, received.Length));
        }
    }
}
