using System.Buffers.Binary;
using System.Security.Cryptography;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Capacity;

/// <summary>
/// The DN's end of capacity trials, one at a time. A trial starts only by a message that carries the token the
/// server has just drawn, under the run's key: a recorded exchange cannot start one.
/// </summary>
internal sealed class CapacityServer(UdpSocket socket, byte[] key)
{
    private const long LookNs = 1_000_000_000;
    /// <summary>Set-ups that wait for their Activate; a new one takes the oldest one's place.</summary>
    private const int PendingMax = 8;

    private readonly record struct Pending(ulong ClientToken, ulong Token, TrialOrder Order, SockAddr Peer);

    private readonly Queue<Pending> _pending = [];
    private readonly byte[] _request = new byte[CapacityMessage.LengthMax];
    private readonly byte[] _answer = new byte[CapacityMessage.LengthMax];
    private ulong _doneToken;
    private TrialResult? _done;

    public void Run(Wake wake)
    {
        while (!wake.IsSignalled)
        {
            if (!socket.Wait(Clocks.MonotonicNs() + LookNs, wake)) continue;
            while (!wake.IsSignalled && socket.TryReceive(_request, out Received received))
            {
                if (received.Length > _request.Length || !CapacityMessage.TryReadControl(
                        key, _request.AsSpan(0, received.Length), out MessageKind kind, out ulong token,
                        out ReadOnlySpan<byte> content))
                    continue;
                SockAddr peer = received.Source;
                if (kind == MessageKind.Setup) SetUp(token, content, in received);
                else if (kind == MessageKind.Activate) Activate(token, in peer, wake);
                else if (kind == MessageKind.ResultAsk && token == _doneToken) GiveResult(content, in peer);
            }
        }
    }

    private void SetUp(ulong clientToken, ReadOnlySpan<byte> content, in Received received)
    {
        if (!TrialOrder.TryRead(content, out TrialOrder order)) return;
        Pending pending = default;
        foreach (Pending each in _pending)
            if (each.ClientToken == clientToken) pending = each;
        if (pending.Token == 0)
        {
            if (_pending.Count == PendingMax) _pending.Dequeue();
            pending = new(clientToken, DrawToken(), order, received.Source);
            _pending.Enqueue(pending);
        }
        Span<byte> answer = CapacityMessage.WriteHeader(_answer, MessageKind.SetupAnswer, clientToken);
        BinaryPrimitives.WriteUInt64BigEndian(answer, pending.Token);
        BinaryPrimitives.WriteInt64BigEndian(answer[8..], received.RealtimeNs);
        socket.Send(CapacityMessage.Seal(key, _answer, 16), received.Source);
    }

    private void Activate(ulong token, in SockAddr peer, Wake wake)
    {
        Pending trial = default;
        foreach (Pending each in _pending)
            if (each.Token == token && each.Peer.Equals(peer)) trial = each;
        if (trial.Token == 0) return; // Unknown, or an Activate that came again after its trial.
        _pending.Clear();
        CapacityMessage.WriteHeader(_answer, MessageKind.ActivateAnswer, token);
        ReadOnlySpan<byte> answer = CapacityMessage.Seal(key, _answer, 0);
        socket.Send(answer, in peer);
        if (trial.Order.ToClient)
        {
            LoadSender sender = new(socket, in peer, token, key, trial.Order);
            sender.Run(wake);
            _done = TrialResult.Of(sender);
        }
        else
        {
            LoadReceiver receiver = new(socket, in peer, token, key, trial.Order);
            receiver.Run(answer, asks: false, wake);
            _done = TrialResult.Of(receiver);
        }
        _doneToken = token;
    }

    private void GiveResult(ReadOnlySpan<byte> content, in SockAddr peer)
    {
        if (_done is null || content.Length < 2) return;
        int from = BinaryPrimitives.ReadUInt16BigEndian(content);
        if (from > _done.Rows.Length) return;
        Span<byte> answer = CapacityMessage.WriteHeader(_answer, MessageKind.ResultAnswer, _doneToken);
        int length = _done.Write(answer, from);
        socket.Send(CapacityMessage.Seal(key, _answer, length), in peer);
    }

    internal static ulong DrawToken()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes) | 1; // Never zero.
    }
}
