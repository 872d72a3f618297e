using System.Buffers.Binary;
using Testbed.Wire.Ip;

namespace Testbed.Wire.Tests.Ip;

public sealed class ChecksumTests
{
    [Test]
    public void The_example_of_RFC_1071_sums_up() =>
        Assert.That(Checksum.Sum(Bytes.Hex("0001 f203 f4f5 f6f7")), Is.EqualTo(0xDDF2));

    // RFC 1071 §1, word by word.
    private static uint Slow(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
        {
            sum += (uint)((bytes[i] << 8) | (i + 1 < bytes.Length ? bytes[i + 1] : 0));
            sum = (sum & 0xFFFF) + (sum >> 16);
        }
        return sum;
    }

    [Test]
    public void The_fast_sum_equals_the_slow_one_at_every_length()
    {
        Random random = new(1071);
        byte[] bytes = new byte[1500];
        for (int length = 0; length < bytes.Length; length++)
        {
            random.NextBytes(bytes);
            Assert.That(Checksum.Sum(bytes.AsSpan(0, length)), Is.EqualTo(Slow(bytes.AsSpan(0, length))), $"{length}");
        }
        bytes.AsSpan().Fill(0xFF);
        Assert.That(Checksum.Sum(bytes), Is.EqualTo(0xFFFF));
    }

    [Test]
    public void An_update_equals_a_new_computation()
    {
        Random random = new(1624);
        byte[] bytes = new byte[64];
        for (int i = 0; i < 5_000; i++)
        {
            random.NextBytes(bytes);
            ushort before = Checksum.Compute(bytes);
            int at = random.Next(16) * 2;
            byte[] old = bytes[at..(at + 4)];
            random.NextBytes(bytes.AsSpan(at, 4));
            ushort expected = Checksum.Compute(bytes);
            Assert.That(Checksum.Update(before, old, bytes.AsSpan(at, 4)), Is.EqualTo(expected));
            ushort first = BinaryPrimitives.ReadUInt16BigEndian(old);
            ushort oneWord = Checksum.Update(before, first, BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at)));
            oneWord = Checksum.Update(
                oneWord, BinaryPrimitives.ReadUInt16BigEndian(old.AsSpan(2)),
                BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at + 2)));
            Assert.That(oneWord, Is.EqualTo(expected));
        }
    }

    [Test]
    public void A_checksum_of_zero_is_sent_as_all_ones_over_UDP_only()
    {
        byte[] source = [0, 0, 0, 0], target = [0, 0, 0, 0];
        // Length 10 counts twice, in pseudo header and header; the payload makes the sum all ones.
        byte[] datagram = Bytes.Hex("0000 0000 000a 0000 ffda");
        Assert.That(Checksum.Compute(source, target, IpProtocol.Udp, datagram), Is.EqualTo(0xFFFF));
        byte[] segment = Bytes.Hex("0000 0000 000a 0000 ffe5");
        Assert.That(Checksum.Compute(source, target, IpProtocol.Tcp, segment), Is.Zero);
    }
}
