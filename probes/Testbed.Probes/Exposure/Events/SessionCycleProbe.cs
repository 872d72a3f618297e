using System.Buffers.Binary;
using System.Net;
using Testbed.Conformance;
using Testbed.Probes.Flows;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Exposure.Events;

/// <summary>
/// Causes PDU sessions to come and go. An emulated UE's comes with its first packet, and each has an address of its
/// own; a real UE's comes and goes by the kit's command. Parameters: firstAddress, emulated (0, 1), remoteAddress, port
/// (of a flow-responder), events (1 to 1,000).
/// </summary>
internal sealed class SessionCycleProbe : IProbe
{
    private const int PayloadBytes = 64;
    private const int TriesMax = 5;
    private const long AnswerNsMax = 1_000_000_000;
    /// <summary>Between two events: each is to be seen by itself.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(60);

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(6);

    public string Kind => "session-cycle";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        IPAddress first = parameters.Address("firstAddress"), remote = parameters.Address("remoteAddress");
        ProbeParameters.RequireSameFamily("remoteAddress", remote, first);
        SockAddr to = SockAddr.Create(remote, parameters.Port("port"));
        int events = parameters.Whole("events", 1, 1_000);
        byte[] key = ProbeKeys.Derive(parameters.RunNonce.Span, FlowMessage.KeyPurpose);
        bool isEmulated = parameters.Whole("emulated", 0, 1) == 1;
        UeSession sessions = new();
        if (!isEmulated && !sessions.IsKnown)
            return Task.FromResult(new ProbeOutcome([], [], new(
                $"真实终端的会话需由套件环境变量 {UeSession.Variable} 给出的命令建立和释放，该变量未设置",
                $"a real UE's session comes and goes by the command in the kit's variable {UeSession.Variable}, "
                    + "which is not set")));
        return ProbeThread.GuardAsync(async () =>
        {
            // With a kit that ends sessions, each UE causes two events.
            int ues = sessions.IsKnown ? (events + 1) / 2 : events, up = 0;
            for (int i = 0; i < ues; i++)
            {
                host.Progress((double)i / ues, $"{up}/{ues}");
                IPAddress ue = isEmulated ? Add(first, i) : first;
                if (!isEmulated) await sessions.SwitchAsync("up", ue, cancellation);
                try
                {
                    if (await ProbeThread.RunAsync(Kind, () => IsAnswered(ue, to, key, cancellation))) up++;
                    await Task.Delay(Pause, host.Time, cancellation);
                }
                finally
                {
                    // Also when stopped: nobody else knows of the session.
                    if (sessions.IsKnown) await sessions.SwitchAsync("down", ue, CancellationToken.None);
                }
                await Task.Delay(Pause, host.Time, cancellation);
            }
            // Whoever tells of the last event may take a few seconds.
            await Task.Delay(Settle, host.Time, cancellation);
            return new([], [], up > 0 ? null : new LocalText(
                $"{ues} 个终端地址均未得到 {remote} 的应答，未能建立会话",
                $"none of {ues} UE addresses had an answer from {remote}: no session came up"));
        });
    }

    private static bool IsAnswered(IPAddress ue, SockAddr to, byte[] key, CancellationToken cancellation)
    {
        using Wake wake = new(cancellation);
        using UdpSocket socket = new(ue, 0, new(FreeBind: true, BufferBytes: 16 * 1024));
        byte[] packet = new byte[PayloadBytes];
        for (int i = 0; i < TriesMax && !wake.IsSignalled; i++)
        {
            new FlowMessage(false, (uint)i, 1, PayloadBytes).Write(key, packet);
            socket.Send(packet, in to);
            if (socket.Wait(Clocks.MonotonicNs() + AnswerNsMax, wake) && socket.TryReceive(packet, out _)) return true;
        }
        return false;
    }

    private static IPAddress Add(IPAddress address, int offset)
    {
        byte[] bytes = address.GetAddressBytes();
        Span<byte> low = bytes.AsSpan(bytes.Length - sizeof(uint));
        BinaryPrimitives.WriteUInt32BigEndian(low, BinaryPrimitives.ReadUInt32BigEndian(low) + (uint)offset);
        return new(bytes);
    }
}
