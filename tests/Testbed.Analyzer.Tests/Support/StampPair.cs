using Testbed.Wire.Stamp;

namespace Testbed.Analyzer.Tests.Support;

/// <summary>A signed STAMP packet of a UE and its answer, as whole IP packets.</summary>
internal sealed record StampPair(byte[] Up, byte[] Down)
{
    private const int UePort = 20000;
    private static readonly StampErrorEstimate Estimate =
        StampErrorEstimate.Create(true, StampTimestampFormat.Ntp, 1000);

    /// <summary>
    /// Sent at <paramref name="us"/>; the far end gets it 300 µs later, has it for 50 µs, and says so.
    /// </summary>
    public static StampPair Of(
        byte[] nonce, int session, int port, int sequence, long us, string ue = Packets.Ue,
        string remote = Packets.Server)
    {
        long ns = CaptureFolder.StartNs + us * 1000;
        ushort id = (ushort)(sequence + 1);
        StampKey key = StampKeys.Derive(nonce, session);
        byte[] sent = new byte[StampLayout.AuthenticatedLength], back = new byte[StampLayout.AuthenticatedLength];
        new StampSenderPacket((uint)sequence, ns, Estimate, (ushort)session).Write(sent, true);
        key.Sign(sent);
        new StampReflectorPacket((uint)sequence, ns + 350_000, Estimate, (ushort)session, ns + 300_000,
            (uint)sequence, ns, Estimate, 62).Write(back, true);
        key.Sign(back);
        return new(Packets.Udp(ue, remote, sent, id, UePort, port), Packets.Udp(remote, ue, back, id, port, UePort));
    }

    /// <summary>The sender's line for it; without an answer it is lost.</summary>
    public static string Row(int sequence, long us, bool isAnswered = true)
    {
        long ns = CaptureFolder.StartNs + us * 1000;
        return isAnswered
            ? $"{sequence},{ns},{ns + 300_000},{ns + 350_000},{ns + 600_000},answered,0\n"
            : $"{sequence},{ns},0,0,0,lost,0\n";
    }

    public const string Header = "seq,t1Ns,t2Ns,t3Ns,t4Ns,status,disturbed\n";
}
