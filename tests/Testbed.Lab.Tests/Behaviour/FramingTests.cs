using System.Runtime.InteropServices;
using Testbed.Lab.Behaviour;
using Testbed.Lab.Native;
using Testbed.Wire;
using Testbed.Wire.GtpU;

namespace Testbed.Lab.Tests.Behaviour;

public sealed unsafe class FramingTests
{
    private const int Headroom = 64;
    private byte* _memory;

    [SetUp]
    public void Allocate() => _memory = (byte*)NativeMemory.AllocZeroed(2048);

    [TearDown]
    public void Free() => NativeMemory.Free(_memory);

    private Datagram Packet(int length)
    {
        new Span<byte>(_memory + Headroom, length).Fill(0x45);
        return new(_memory + Headroom, length, Headroom);
    }

    [TestCase(20)]
    [TestCase(1500)]
    public void A_5g_packet_gets_a_container_in_front_and_keeps_its_bytes(int length)
    {
        Datagram wrapped = new PduSessionFraming().Wrap(Packet(length), 0xDEADBEEF, PduSessionInformation.Uplink(9));
        Assert.That(GtpUHeader.Read(wrapped.Bytes, out GtpUHeader header, wrapped.Length), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(header.Teid, Is.EqualTo(0xDEADBEEF));
        Assert.That(
            PduSessionContainer.ReadQfi(header.PduSessionContent, out byte qfi, out bool isUplink),
            Is.EqualTo(DecodeStatus.Ok));
        Assert.That((qfi, isUplink), Is.EqualTo(((byte)9, true)));
        Assert.That(header.Payload.ToArray(), Has.Length.EqualTo(length).And.All.EqualTo(0x45));
    }

    [Test]
    public void A_4g_packet_has_no_container()
    {
        Datagram wrapped = new BearerFraming().Wrap(Packet(100), 7, PduSessionInformation.Downlink(9));
        Assert.That(GtpUHeader.Read(wrapped.Bytes, out GtpUHeader header, wrapped.Length), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(header.HasPduSessionContainer, Is.False);
        Assert.That(header.PayloadLength, Is.EqualTo(100));
    }

    [Test]
    public void A_packet_without_room_in_front_is_never_written_before_its_buffer()
        => Assert.That(
            () => new PduSessionFraming().Wrap(new Datagram(_memory, 100, 8), 7, PduSessionInformation.Uplink(9)),
            Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Wrapping_allocates_nothing()
    {
        IGtpFraming framing = new PduSessionFraming();
        Datagram packet = Packet(1400);
        framing.Wrap(packet, 1, PduSessionInformation.Uplink(9));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++) framing.Wrap(packet, 1, PduSessionInformation.Uplink(9));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
