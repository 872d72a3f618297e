using Testbed.Wire.Trials;

namespace Testbed.Wire.Tests.Trials;

public sealed class TrialMessageTests
{
    private static readonly byte[] Key = TrialMessage.DeriveKey([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
    private static readonly TrialMessage Sample = new(7, TrialClass.Attempt, 4_000_000_000, 1_700_000_000_000_000_001);

    private static byte[] Bytes(TrialMessage message)
    {
        byte[] bytes = new byte[TrialMessage.Length];
        message.Write(Key, bytes);
        return bytes;
    }

    [Test]
    public void What_is_written_is_read_also_with_more_bytes_behind_it()
    {
        Assert.That(TrialMessage.TryRead(Key, [.. Bytes(Sample), 1, 2, 3], out TrialMessage read), Is.True);
        Assert.That(read, Is.EqualTo(Sample));
    }

    [Test]
    public void No_prefix_is_a_message()
    {
        byte[] bytes = Bytes(Sample);
        for (int length = 0; length < bytes.Length; length++)
            Assert.That(TrialMessage.TryRead(Key, bytes.AsSpan(0, length), out _), Is.False, $"{length}");
    }

    [Test]
    public void No_changed_bit_is_believed()
    {
        byte[] bytes = Bytes(Sample);
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.That(TrialMessage.TryRead(Key, bytes, out _), Is.False, $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }

    [Test]
    public void Another_runs_key_reads_nothing()
        => Assert.That(TrialMessage.TryRead(TrialMessage.DeriveKey(new byte[32]), Bytes(Sample), out _), Is.False);

    [Test]
    public void A_number_beyond_its_field_is_a_defect_of_the_caller()
        => Assert.That(() => Bytes(Sample with { Trial = 65_536 }), Throws.InstanceOf<OverflowException>());
}
