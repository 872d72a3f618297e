using Testbed.Probes.Capacity;
using Testbed.Probes.Density;
using Testbed.Probes.EndToEnd;

namespace Testbed.Probes.Tests;

/// <summary>Whatever comes from the network is refused or read, and never throws.</summary>
public sealed class HostileDatagramTests
{
    private static readonly byte[] Key = ProbeKeys.Derive(Loopback.Nonce, CapacityMessage.KeyPurpose);

    private static byte[] Status()
    {
        byte[] datagram = new byte[CapacityMessage.LengthMax];
        new StatusReport(1, 2, 3, 4, 5, 6).Write(CapacityMessage.WriteHeader(datagram, MessageKind.Status, 77));
        return CapacityMessage.Seal(Key, datagram, StatusReport.Length).ToArray();
    }

    [Test]
    public void A_sealed_message_is_read_back()
    {
        Assert.That(CapacityMessage.TryReadControl(
            Key, Status(), out MessageKind kind, out ulong token, out ReadOnlySpan<byte> content));
        Assert.That((kind, token), Is.EqualTo((MessageKind.Status, 77UL)));
        Assert.That(StatusReport.Read(content), Is.EqualTo(new StatusReport(1, 2, 3, 4, 5, 6)));
    }

    [Test]
    public void No_prefix_and_no_flipped_bit_of_a_sealed_message_is_believed()
    {
        byte[] datagram = Status();
        for (int length = 0; length < datagram.Length; length++)
            Assert.That(CapacityMessage.TryReadControl(Key, datagram.AsSpan(0, length), out _, out _, out _), Is.False);
        for (int bit = 0; bit < datagram.Length * 8; bit++)
        {
            byte[] changed = [.. datagram];
            changed[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.That(CapacityMessage.TryReadControl(Key, changed, out _, out _, out _), Is.False, $"bit {bit}");
        }
    }

    [Test]
    public void A_key_of_another_run_or_purpose_opens_nothing()
    {
        byte[] datagram = Status();
        byte[] otherRun = ProbeKeys.Derive(Loopback.OtherNonce, CapacityMessage.KeyPurpose);
        byte[] otherPurpose = ProbeKeys.Derive(Loopback.Nonce, DensityMessage.KeyPurpose);
        Assert.That(CapacityMessage.TryReadControl(otherRun, datagram, out _, out _, out _), Is.False);
        Assert.That(CapacityMessage.TryReadControl(otherPurpose, datagram, out _, out _, out _), Is.False);
    }

    [Test]
    public void Random_bytes_never_throw()
    {
        Random random = new(5);
        byte[] bytes = new byte[1_600];
        UpfPeer peer = new(System.Net.IPAddress.Loopback);
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            if (i % 2 == 0) bytes[0] = 0x30; // Half of them look like GTP-U at first.
            ReadOnlySpan<byte> datagram = bytes.AsSpan(0, random.Next(bytes.Length));
            Assert.That(CapacityMessage.TryReadControl(Key, datagram, out _, out _, out _), Is.False);
            Assert.That(DensityMessage.TryRead(Key, datagram, out _), Is.False);
            CapacityMessage.IsLoad(datagram, 1);
            TrialOrder.TryRead(datagram, out _);
            TrialResult.ReadPart(datagram, 0, new SubInterval[3]);
            peer.Accept(datagram, atGtpPort: false);
        }
        Assert.That((peer.EchoResponses, peer.ErrorIndications), Is.EqualTo((0, 0)));
    }

    [Test]
    public void An_order_beyond_the_bounds_is_refused()
    {
        TrialOrder good = new(true, 1_000, 5, 20_000, 100_000);
        byte[] bytes = new byte[TrialOrder.Length];
        good.Write(bytes);
        Assert.That(TrialOrder.TryRead(bytes, out TrialOrder read));
        Assert.That(read, Is.EqualTo(good));
        TrialOrder[] bad =
        [
            good with { Seconds = 61 }, good with { Seconds = 0 }, good with { PayloadBytes = 63 },
            good with { MaxKbps = TrialOrder.KbpsMax + 1 },
            good with { StartKbps = 100_001 }, good with { StartKbps = -1 },
        ];
        foreach (TrialOrder order in bad)
        {
            order.Write(bytes);
            Assert.That(TrialOrder.TryRead(bytes, out _), Is.False, order.ToString());
        }
    }
}
