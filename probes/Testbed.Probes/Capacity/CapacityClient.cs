using System.Buffers.Binary;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Capacity;

/// <summary>The UE's end: sets a trial up, runs its half, and fetches the other half's account.</summary>
internal sealed class CapacityClient(UdpSocket socket, SockAddr server, byte[] key)
{
    private const long NsPerMs = 1_000_000;
    private const long TryNs = 250 * NsPerMs;
    /// <summary>Three seconds of asking (RFC 9097 §8.1 time-outs: 1 to 5 s).</summary>
    private const int Tries = 12;

    private readonly byte[] _request = new byte[CapacityMessage.LengthMax];
    private readonly byte[] _answer = new byte[CapacityMessage.LengthMax];

    /// <summary>Runs one trial; null when the server did not answer.</summary>
    public TrialResult? Run(in TrialOrder order, Wake wake)
    {
        ulong clientToken = CapacityServer.DrawToken();
        order.Write(CapacityMessage.WriteHeader(_request, MessageKind.Setup, clientToken));
        ReadOnlySpan<byte> setup = CapacityMessage.Seal(key, _request, TrialOrder.Length);
        ReadOnlySpan<byte> content = Ask(setup, MessageKind.SetupAnswer, clientToken, wake, out long roundTripNs);
        if (content.Length < 16) return null;
        ulong token = BinaryPrimitives.ReadUInt64BigEndian(content);
        // The server read its clock half a round trip ago, give or take that half.
        long serverAheadNs = BinaryPrimitives.ReadInt64BigEndian(content[8..]) + roundTripNs / 2 - Clocks.RealtimeNs();
        CapacityMessage.WriteHeader(_request, MessageKind.Activate, token);
        ReadOnlySpan<byte> activate = CapacityMessage.Seal(key, _request, 0);
        return order.ToClient
            ? Receive(in order, token, activate, wake)
            : Send(in order, token, activate, serverAheadNs, wake);
    }

    private TrialResult? Receive(in TrialOrder order, ulong token, ReadOnlySpan<byte> activate, Wake wake)
    {
        LoadReceiver receiver = new(socket, in server, token, key, in order);
        receiver.Run(activate, asks: true, wake);
        if (!receiver.Meter.Started || Fetch(token, order.Seconds, wake) is not { } sender) return null;
        return TrialResult.Join(sender, TrialResult.Of(receiver), clockAheadNs: 0);
    }

    private TrialResult? Send(
        in TrialOrder order, ulong token, ReadOnlySpan<byte> activate, long serverAheadNs, Wake wake)
    {
        Ask(activate, MessageKind.ActivateAnswer, token, wake, out long roundTripNs);
        if (roundTripNs < 0) return null;
        LoadSender sender = new(socket, in server, token, key, in order);
        sender.Run(wake);
        return Fetch(token, order.Seconds, wake) is { } receiver
            ? TrialResult.Join(TrialResult.Of(sender), receiver, serverAheadNs)
            : null;
    }

    /// <summary>The server's account; it may still be in the trial's last moments.</summary>
    private TrialResult? Fetch(ulong token, int seconds, Wake wake)
    {
        SubInterval[] rows = new SubInterval[seconds];
        TrialResult? result = null;
        for (int from = 0; from < seconds; from += TrialResult.RowsPerMessage)
        {
            Span<byte> ask = CapacityMessage.WriteHeader(_request, MessageKind.ResultAsk, token);
            BinaryPrimitives.WriteUInt16BigEndian(ask, (ushort)from);
            ReadOnlySpan<byte> request = CapacityMessage.Seal(key, _request, 2);
            ReadOnlySpan<byte> content = Ask(request, MessageKind.ResultAnswer, token, wake, out _);
            result = TrialResult.ReadPart(content, from, rows);
            if (result is null) return null;
        }
        return result;
    }

    /// <summary>Asks until the answer comes, and returns its content; empty when none came.</summary>
    /// <param name="roundTripNs">From the last asking to the answer; −1 when none came.</param>
    private ReadOnlySpan<byte> Ask(
        ReadOnlySpan<byte> request, MessageKind answer, ulong token, Wake wake, out long roundTripNs)
    {
        roundTripNs = -1;
        for (int attempt = 0; attempt < Tries && !wake.IsSignalled; attempt++)
        {
            long asked = Clocks.MonotonicNs();
            socket.Send(request, in server);
            while (Clocks.MonotonicNs() < asked + TryNs && !wake.IsSignalled)
            {
                if (!socket.Wait(asked + TryNs, wake)) continue;
                while (socket.TryReceive(_answer, out Received received))
                {
                    if (received.Length > _answer.Length || !received.Source.Equals(server)
                        || !CapacityMessage.TryReadControl(key, _answer.AsSpan(0, received.Length),
                            out MessageKind kind, out ulong about, out ReadOnlySpan<byte> content)
                        || kind != answer || about != token)
                        continue;
                    roundTripNs = Clocks.MonotonicNs() - asked;
                    return content;
                }
            }
        }
        return default;
    }
}
