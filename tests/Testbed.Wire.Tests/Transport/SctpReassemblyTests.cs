using System.Buffers.Binary;
using Testbed.Wire.Ip;
using Testbed.Wire.Transport;

namespace Testbed.Wire.Tests.Transport;

public sealed class SctpReassemblyTests
{
    private static readonly SctpPath Path =
        new(HostAddress.Parse("10.0.0.1"), HostAddress.Parse("10.0.0.2"), 38412, 38412, 7);

    private SctpReassembly _reassembly = null!;

    [SetUp]
    public void Open() => _reassembly = new();

    private SctpDelivery Add(uint sequence, bool isFirst, bool isLast, out byte[] message, params byte[] bytes) =>
        Add(Path, sequence, isFirst, isLast, out message, bytes);

    private SctpDelivery Add(
        in SctpPath path, uint sequence, bool isFirst, bool isLast, out byte[] message, params byte[] bytes)
    {
        byte[] packet = new byte[SctpHeader.LengthMin + 16 + bytes.Length + 4];
        int at = SctpHeader.Write(packet, 38412, 38412, 7);
        SctpChunk.WriteData(packet.AsSpan(at), sequence, 0, 0, SctpChunk.NgapPayloadProtocol, bytes);
        packet[at + 1] = (byte)((isFirst ? 2 : 0) | (isLast ? 1 : 0));
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(at + 4), sequence);
        Assert.That(SctpHeader.Read(packet, out SctpHeader header), Is.EqualTo(DecodeStatus.Ok));
        SctpChunks chunks = header.Chunks;
        Assert.That(chunks.MoveNext());
        Assert.That(chunks.Current.TryReadData(out SctpData data));
        SctpDelivery delivery = _reassembly.Add(path, data, out ReadOnlySpan<byte> whole);
        message = whole.ToArray();
        return delivery;
    }

    [Test]
    public void A_message_in_one_chunk_is_whole_at_once()
    {
        Assert.That(Add(100, true, true, out byte[] message, 1, 2), Is.EqualTo(SctpDelivery.Whole));
        Assert.That(message, Is.EqualTo(new byte[] { 1, 2 }));
    }

    [Test]
    public void Pieces_in_any_order_become_one_message_across_the_wrap_of_the_numbers()
    {
        Assert.That(Add(uint.MaxValue - 1, true, true, out _, 9), Is.EqualTo(SctpDelivery.Whole));
        Assert.That(Add(1, false, true, out _, 5), Is.EqualTo(SctpDelivery.Pending));
        Assert.That(Add(uint.MaxValue, true, false, out _, 1, 2), Is.EqualTo(SctpDelivery.Pending));
        Assert.That(Add(0, false, false, out byte[] message, 3, 4), Is.EqualTo(SctpDelivery.Whole));
        Assert.That(message, Is.EqualTo(new byte[] { 1, 2, 3, 4, 5 }));
        Assert.That(_reassembly.PiecesLeft, Is.Zero);
    }

    [Test]
    public void A_repeated_chunk_is_told_apart_and_gives_no_second_message()
    {
        Add(100, true, true, out _, 1);
        Add(101, true, true, out _, 2);
        Assert.That(Add(100, true, true, out byte[] message, 1), Is.EqualTo(SctpDelivery.Retransmitted));
        Assert.That(message, Is.Empty);
        Assert.That(Add(99, true, true, out _, 3), Is.EqualTo(SctpDelivery.Whole), "late, but not repeated");
    }

    [Test]
    public void Pieces_of_two_messages_are_not_joined()
    {
        Add(1, true, false, out _, 1);
        Assert.That(Add(2, true, false, out _, 2), Is.EqualTo(SctpDelivery.Pending));
        Assert.That(Add(3, false, true, out byte[] message, 3), Is.EqualTo(SctpDelivery.Whole));
        Assert.That(message, Is.EqualTo(new byte[] { 2, 3 }));
        Assert.That(_reassembly.PiecesLeft, Is.EqualTo(1));
    }

    [Test]
    public void A_piece_without_its_beginning_is_not_joined_to_the_end_of_another_message()
    {
        Add(1, true, false, out _, 1);
        Add(4, false, true, out _, 4);
        Assert.That(Add(5, false, true, out byte[] message, 5), Is.EqualTo(SctpDelivery.Pending));
        Assert.That(Add(3, true, false, out message, 3), Is.EqualTo(SctpDelivery.Whole));
        Assert.That(message, Is.EqualTo(new byte[] { 3, 4 }));
        Assert.That(_reassembly.PiecesLeft, Is.EqualTo(2));
    }

    [Test]
    public void Directions_and_associations_do_not_mix()
    {
        Add(1, true, false, out _, 1);
        Assert.That(Add(Path with { VerificationTag = 8 }, 2, false, true, out _, 2), Is.EqualTo(SctpDelivery.Pending));
        Assert.That(Add(2, false, true, out byte[] message, 3), Is.EqualTo(SctpDelivery.Whole));
        Assert.That(message, Is.EqualTo(new byte[] { 1, 3 }));
    }

    [Test]
    public void Pieces_that_wait_in_vain_are_bounded_and_counted()
    {
        for (uint i = 0; i < 10_000; i++) Add(i * 2, true, false, out _, new byte[500]);
        Assert.That(_reassembly.PiecesLeft, Is.EqualTo(10_000));
        Assert.That(Add(30_000, true, false, out _, 1), Is.EqualTo(SctpDelivery.Pending));
        Assert.That(Add(30_001, false, true, out byte[] message, 2), Is.EqualTo(SctpDelivery.Whole));
        Assert.That(message, Is.EqualTo(new byte[] { 1, 2 }));
    }
}
