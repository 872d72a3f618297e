using Testbed.Wire.Aper;

namespace Testbed.Wire.Tests.Aper;

public sealed class AperReaderTests
{
    [TestCase("80", 0, 1, 1, Description = "one bit")]
    [TestCase("1c", 1, 15, 2, Description = "four bits for 15 values")]
    [TestCase("fe", 0, 254, 254, Description = "255 values stand in a bit field of eight")]
    [TestCase("ff", 0, 255, 255)]
    [TestCase("0100", 0, 256, 256)]
    [TestCase("ffff", 0, 65_535, 65_535)]
    [TestCase("00 07", 0, 4_294_967_295, 7, Description = "two bits of length, one octet")]
    [TestCase("c0 9e06692d", 0, 4_294_967_295, 2_651_220_269)]
    [TestCase("80 0102030405", 0, 0xFF_FFFF_FFFF, 0x01_0203_0405)]
    public void A_constrained_whole_number_reads_as_X691_says(string hex, long min, long max, long expected)
    {
        AperReader reader = new(Bytes.Hex(hex));
        Assert.That(reader.Constrained(min, max), Is.EqualTo(expected));
        Assert.That(reader.Status, Is.EqualTo(DecodeStatus.Ok));
        AperWriter writer = new();
        writer.Constrained(expected, min, max);
        AperReader again = new(writer.ToArray());
        Assert.That(again.Constrained(min, max), Is.EqualTo(expected));
    }

    [TestCase(0, 63, 63)]
    [TestCase(0, 63, 64)]
    [TestCase(0, 63, 127)]
    [TestCase(0, 63, 128)]
    [TestCase(1, 127, -129)]
    [TestCase(0, 4095, 2_000_000)]
    [TestCase(0, 4_000_000_000_000, 5_000_000_000_000)]
    public void An_integer_beyond_its_root_reads_back(long min, long max, long value)
    {
        AperWriter writer = new();
        writer.Extensible(value, min, max);
        AperReader reader = new(writer.ToArray());
        Assert.That(reader.Extensible(min, max), Is.EqualTo(value));
        Assert.That(reader.Status, Is.EqualTo(DecodeStatus.Ok));
    }

    [TestCase("7f", 127)]
    [TestCase("8080", 128)]
    [TestCase("bfff", 16_383)]
    public void A_length_takes_one_octet_or_two(string hex, int expected)
    {
        AperReader reader = new(Bytes.Hex(hex));
        Assert.That(reader.Length(), Is.EqualTo(expected));
        Assert.That(reader.Status, Is.EqualTo(DecodeStatus.Ok));
    }

    [Test]
    public void A_fragmented_length_is_refused_by_name()
    {
        AperReader reader = new(Bytes.Hex("c1 00"));
        reader.Length();
        Assert.That(reader.Status, Is.EqualTo(DecodeStatus.Unsupported));
    }

    [Test]
    public void A_number_above_its_range_is_a_bad_field()
    {
        AperReader reader = new(Bytes.Hex("c0"));
        reader.Constrained(0, 2);
        Assert.That(reader.Status, Is.EqualTo(DecodeStatus.BadField));
    }

    [Test]
    public void The_first_fault_stays_and_nothing_is_read_after_it()
    {
        AperReader reader = new(Bytes.Hex("c0 05 01"));
        reader.Constrained(0, 2);
        Assert.That(reader.Open().Length, Is.Zero);
        Assert.That(reader.Bits(32), Is.Zero);
        Assert.That(reader.Status, Is.EqualTo(DecodeStatus.BadField));
    }

    [Test]
    public void Additions_of_a_later_release_are_stepped_over()
    {
        // One addition: 0 and six bits of zero, a bitmap of one; then its two octets, aligned; then what follows.
        AperReader additions = new(Bytes.Hex("01 02 aaaa 80"));
        additions.SkipAdditions();
        Assert.That(additions.Flag());
        Assert.That(additions.Status, Is.EqualTo(DecodeStatus.Ok));
    }

    [Test]
    public void Random_bytes_never_throw_and_never_read_beyond_themselves()
    {
        Random random = new(38413);
        byte[] bytes = new byte[64];
        for (int round = 0; round < 20_000; round++)
        {
            random.NextBytes(bytes);
            AperReader reader = new(bytes.AsSpan(0, random.Next(bytes.Length)));
            for (int i = 0; i < 40; i++)
            {
                switch (random.Next(7))
                {
                    case 0: reader.Constrained(0, random.NextInt64(0, long.MaxValue)); break;
                    case 1: reader.Extensible(0, 63); break;
                    case 2: reader.Open(); break;
                    case 3: reader.BitString(1, 160, isExtensible: true, out _); break;
                    case 4: reader.SkipAdditions(); break;
                    case 5: reader.Enumerated(3, isExtensible: true); break;
                    default: reader.Characters(1, 150, isExtensible: true); break;
                }
            }
        }
    }
}
