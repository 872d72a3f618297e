using System.Runtime.InteropServices;
using Testbed.Lab.Behaviour;
using Testbed.Lab.Native;
using Testbed.Wire;
using Testbed.Wire.Ip;
using Testbed.Wire.Stamp;
using Testbed.Wire.Transport;

namespace Testbed.Lab.Tests.Behaviour;

public sealed unsafe class InsiderReflectorTests
{
    private const uint Ue = 0x0A2D0002, Host = 0x0A643D0A;
    private static readonly byte[] Nonce = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private byte* _memory;
    private string _folder = "";

    [SetUp]
    public void WritePlan()
    {
        _memory = (byte*)NativeMemory.AllocZeroed(2048);
        _folder = Directory.CreateTempSubdirectory("lab-insider").FullName;
        File.WriteAllText(Path.Combine(_folder, "plan.json"), $$"""{"nonce":"{{Convert.ToHexString(Nonce)}}"}""");
    }

    [TearDown]
    public void Clean()
    {
        NativeMemory.Free(_memory);
        Directory.Delete(_folder, recursive: true);
    }

    private Datagram TestPacket(StampKey key, uint sequence = 41)
    {
        int length = Ipv4Header.LengthMin + UdpHeader.LengthMin + StampLayout.AuthenticatedLength;
        Span<byte> packet = new(_memory + 64, length);
        Ipv4Header.Write(packet, Ue, Host, IpProtocol.Udp, length - Ipv4Header.LengthMin);
        Span<byte> udp = packet[Ipv4Header.LengthMin..];
        UdpHeader.Write(udp, 40_000, 50_000, StampLayout.AuthenticatedLength);
        Span<byte> payload = udp[UdpHeader.LengthMin..];
        new StampSenderPacket(sequence, 1_700_000_000_000_000_000, new(0x0001), 3).Write(payload, authenticated: true);
        key.Sign(payload);
        return new(_memory + 64, length, 64);
    }

    [Test]
    public void Who_holds_the_nonce_forges_an_answer_that_verifies()
    {
        StampKey key = StampKeys.Derive(Nonce, 3);
        Datagram packet = TestPacket(key);
        Assert.That(new InsiderReflector(new(_folder), TimeProvider.System).Takes(packet), Is.True);
        Assert.That(Ipv4Header.Read(packet.Bytes, out Ipv4Header ip), Is.EqualTo(DecodeStatus.Ok));
        Assert.That((ip.SourceBits, ip.DestinationBits, ip.IsChecksumValid), Is.EqualTo((Host, Ue, true)));
        Assert.That(Checksum.IsValid(ip.Source, ip.Destination, IpProtocol.Udp, ip.Payload), Is.True);
        Assert.That(UdpHeader.Read(ip.Payload, out UdpHeader udp), Is.EqualTo(DecodeStatus.Ok));
        Assert.That((udp.SourcePort, udp.DestinationPort), Is.EqualTo((50_000, 40_000)));
        Assert.That(key.Verify(udp.Payload), Is.True);
        Assert.That(
            StampReflectorPacket.Read(udp.Payload, authenticated: true, out StampReflectorPacket answer),
            Is.EqualTo(DecodeStatus.Ok));
        Assert.That((answer.SenderSequence, answer.SessionId), Is.EqualTo((41u, (ushort)3)));
    }

    [Test]
    public void Every_other_packet_is_left_to_the_real_path()
    {
        Datagram packet = TestPacket(StampKeys.Derive(Nonce, 3), sequence: 42);
        Assert.That(new InsiderReflector(new(_folder), TimeProvider.System).Takes(packet), Is.False);
    }

    [Test]
    public void Another_runs_packet_goes_its_way_untouched()
    {
        Datagram packet = TestPacket(StampKeys.Derive([.. Nonce.Reverse()], 3));
        byte[] before = packet.Bytes.ToArray();
        Assert.That(new InsiderReflector(new(_folder), TimeProvider.System).Takes(packet), Is.False);
        Assert.That(packet.Bytes.ToArray(), Is.EqualTo(before));
    }

    [Test]
    public void Without_the_nonce_nothing_can_be_forged()
    {
        Datagram packet = TestPacket(StampKeys.Derive(Nonce, 3));
        Assert.Multiple(() =>
        {
            Assert.That(new InsiderReflector(new(null), TimeProvider.System).Takes(packet), Is.False);
            Assert.That(new InsiderReflector(new(_folder + "/none"), TimeProvider.System).Takes(packet), Is.False);
        });
    }
}
