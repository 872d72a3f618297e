using Testbed.Wire.Stamp;

namespace Testbed.Wire.Tests.Stamp;

public sealed class StampPacketTests
{
    /// <summary>By Python's struct, hmac and hashlib: nonce 00…1f, session 7, 1,700,000,000.5 s, S set.</summary>
    private const string SenderVector =
        "01020304000000000000000000000000e8fe6f8080000000800100070000000000000000000000000000000000000000"
        + "0000000000000000" + "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
        + "9865ebe5e3a1888e24adf8cec92b9ec5";

    private static readonly byte[] Nonce = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly StampKey Key = StampKeys.Derive(Nonce, 7);
    private static readonly StampErrorEstimate NtpError = StampErrorEstimate.Create(true, StampTimestampFormat.Ntp, 0);
    private static readonly StampErrorEstimate PtpError =
        StampErrorEstimate.Create(false, StampTimestampFormat.Ptp, 1_000_000);

    private static StampReflectorPacket Answer => new(
        11, 1_700_000_000_123_456_789, PtpError, 7, 1_700_000_000_123_000_001, 10, 1_700_000_000_000_000_003,
        NtpError, 61);

    [Test]
    public void A_packet_made_elsewhere_verifies_and_reads_back()
    {
        byte[] bytes = Convert.FromHexString(SenderVector);

        Assert.That(Key.Verify(bytes));
        Assert.That(StampSenderPacket.Read(bytes, authenticated: true, out StampSenderPacket packet),
            Is.EqualTo(DecodeStatus.Ok));
        Assert.That(packet, Is.EqualTo(new StampSenderPacket(0x01020304, 1_700_000_000_500_000_000, NtpError, 7)));
    }

    [Test]
    public void A_written_packet_equals_the_one_made_elsewhere()
    {
        byte[] bytes = new byte[StampLayout.AuthenticatedLength];
        new StampSenderPacket(0x01020304, 1_700_000_000_500_000_000, NtpError, 7).Write(bytes, authenticated: true);
        Key.Sign(bytes);
        Assert.That(Convert.ToHexStringLower(bytes), Is.EqualTo(SenderVector));
    }

    [Test]
    public void Fields_of_the_reflector_stand_where_the_RFC_puts_them()
    {
        byte[] open = new byte[StampLayout.UnauthenticatedLength];
        byte[] authenticated = new byte[StampLayout.AuthenticatedLength];
        Answer.Write(open, authenticated: false);
        Answer.Write(authenticated, authenticated: true);

        Assert.That(Convert.ToHexStringLower(open), Is.EqualTo(
            "0000000b" + "6553f100075bcd15" + "4f84" + "0007" + "6553f1000754d4c1" + "0000000a"
            + "e8fe6f800000000d" + "8001" + "0000" + "3d" + "000000"));
        Assert.That(authenticated[80], Is.EqualTo(61));
        Assert.That(authenticated.AsSpan(16, 8).SequenceEqual(open.AsSpan(4, 8)), "T3");
        Assert.That(authenticated.AsSpan(32, 8).SequenceEqual(open.AsSpan(16, 8)), "T2");
        Assert.That(authenticated.AsSpan(48, 4).SequenceEqual(open.AsSpan(24, 4)), "sender sequence");
        Assert.That(authenticated.AsSpan(64, 10).SequenceEqual(open.AsSpan(28, 10)), "T1 and its error");
        Assert.That(authenticated.AsSpan(81).ToArray(), Is.All.Zero, "MBZ and the unsigned HMAC");
    }

    [TestCase(true)]
    [TestCase(false)]
    public void What_is_written_is_read_back(bool authenticated)
    {
        byte[] bytes = new byte[400];
        Answer.Write(bytes, authenticated);
        Assert.That(StampReflectorPacket.Read(bytes, authenticated, out StampReflectorPacket read),
            Is.EqualTo(DecodeStatus.Ok));
        Assert.That(read, Is.EqualTo(Answer));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void No_prefix_of_a_valid_packet_decodes(bool authenticated)
    {
        byte[] bytes = new byte[StampLayout.BaseLength(authenticated)];
        Answer.Write(bytes, authenticated);
        for (int length = 0; length < bytes.Length; length++)
        {
            ReadOnlySpan<byte> prefix = bytes.AsSpan(0, length);
            Assert.That(StampReflectorPacket.Read(prefix, authenticated, out _), Is.EqualTo(DecodeStatus.Truncated));
            Assert.That(StampSenderPacket.Read(prefix, authenticated, out _), Is.EqualTo(DecodeStatus.Truncated));
            Assert.That(Key.Verify(prefix), Is.False);
        }
    }

    [Test]
    public void Every_flipped_bit_of_a_signed_packet_is_refused()
    {
        byte[] bytes = Convert.FromHexString(SenderVector);
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.That(Key.Verify(bytes), Is.False, $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
        }
        Assert.That(Key.Verify(bytes));
    }

    [Test]
    public void Mutated_packets_never_throw()
    {
        Random random = new(20260101);
        byte[] bytes = new byte[200];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            ReadOnlySpan<byte> payload = bytes.AsSpan(0, random.Next(bytes.Length));
            bool authenticated = random.Next(2) == 0;
            DecodeStatus status = StampReflectorPacket.Read(payload, authenticated, out StampReflectorPacket packet);
            if (status != DecodeStatus.Ok) Assert.That(packet, Is.EqualTo(default(StampReflectorPacket)));
            StampSenderPacket.Read(payload, authenticated, out _);
        }
    }

    [Test]
    public void A_zero_multiplier_is_a_bad_field()
    {
        byte[] bytes = new byte[StampLayout.AuthenticatedLength];
        Assert.That(StampSenderPacket.Read(bytes, true, out _), Is.EqualTo(DecodeStatus.BadField));
    }

    [Test]
    public void Other_sessions_and_other_runs_have_other_keys()
    {
        byte[] bytes = Convert.FromHexString(SenderVector);
        byte[] otherNonce = [.. Nonce];
        otherNonce[31] ^= 1;
        Assert.That(StampKeys.Derive(Nonce, 8).Verify(bytes), Is.False);
        Assert.That(StampKeys.Derive(otherNonce, 7).Verify(bytes), Is.False);
        Assert.That(StampKeys.Derive(Nonce, 7).Verify(bytes));
    }

    [Test]
    public void A_verifier_says_of_packet_after_packet_what_the_key_says()
    {
        byte[] bytes = Convert.FromHexString(SenderVector);
        using StampVerifier verifier = Key.Verifier();
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.That(verifier.Verify(bytes), Is.False, $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.That(verifier.Verify(bytes), $"after bit {bit}");
        }
        Assert.That(verifier.Verify(bytes.AsSpan(0, bytes.Length - 1)), Is.False);
    }

    [Test]
    public void Extra_bytes_are_one_extra_padding_TLV()
    {
        byte[] bytes = new byte[StampLayout.AuthenticatedLength + 300];
        bytes.AsSpan().Fill(0xEE);
        new StampSenderPacket(1, 0, NtpError, 1).Write(bytes, true);
        Assert.That(bytes.AsSpan(112, 4).ToArray(), Is.EqualTo(new byte[] { 0x80, 1, 296 >> 8, 296 & 255 }));
        Assert.That(bytes.AsSpan(116).ToArray(), Is.All.Zero);

        bytes = new byte[StampLayout.AuthenticatedLength + 3];
        bytes.AsSpan().Fill(0xEE);
        new StampSenderPacket(1, 0, NtpError, 1).Write(bytes, true);
        Assert.That(bytes.AsSpan(112).ToArray(), Is.All.Zero);
    }

    [Test]
    public void Every_nanosecond_survives_both_formats()
    {
        Random random = new(7);
        long[] edges = [0, 1, 999_999_999, 1_000_000_000, 2_085_978_495_999_999_999, 2_085_978_496_000_000_000];
        IEnumerable<long> drawn = Enumerable.Range(0, 5_000).Select(_ => random.NextInt64(4_000_000_000_000_000_000));
        foreach (long ns in edges.Concat(drawn))
        {
            foreach (StampTimestampFormat format in Enum.GetValues<StampTimestampFormat>())
                Assert.That(StampTimestamp.ToUnixNs(StampTimestamp.FromUnixNs(ns, format), format), Is.EqualTo(ns));
        }
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(59)]
    [TestCase(60)]
    [TestCase(1_000_000)]
    [TestCase(30_000_000_000)]
    public void An_error_estimate_covers_the_error_it_states(long errorNs)
    {
        StampErrorEstimate estimate = StampErrorEstimate.Create(false, StampTimestampFormat.Ntp, errorNs);
        Assert.That(estimate.Multiplier, Is.Not.Zero);
        Assert.That(estimate.Seconds, Is.GreaterThanOrEqualTo(errorNs * 1e-9));
        Assert.That(estimate.Seconds, Is.LessThanOrEqualTo((errorNs + 1) * 1e-9 * 1.02));
    }

    [Test]
    public void Signing_verifying_and_reading_allocate_nothing()
    {
        byte[] bytes = new byte[StampLayout.AuthenticatedLength];
        bool allValid = Cycle(10);
        long before = GC.GetAllocatedBytesForCurrentThread();
        allValid &= Cycle(2_000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(allValid);

        bool Cycle(int count)
        {
            bool valid = true;
            for (int i = 0; i < count; i++)
            {
                Answer.Write(bytes, true);
                Key.Sign(bytes);
                valid &= Key.Verify(bytes) & StampReflectorPacket.Read(bytes, true, out _) == DecodeStatus.Ok;
            }
            return valid;
        }
    }
}
