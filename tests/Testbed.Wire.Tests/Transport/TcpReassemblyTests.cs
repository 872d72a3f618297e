using Testbed.Wire.Transport;

namespace Testbed.Wire.Tests.Transport;

public sealed class TcpReassemblyTests
{
    private TcpReassembly _direction = null!;
    private List<byte> _read = null!;

    [SetUp]
    public void Open() => (_direction, _read) = (new(), []);

    private void Add(uint sequence, byte[] payload, TcpFlags flags = TcpFlags.Ack, int onWire = 0)
    {
        byte[] segment = new byte[TcpHeader.LengthMin + payload.Length];
        TcpHeader.Write(segment, 1, 2, sequence, 0, flags);
        payload.CopyTo(segment, TcpHeader.LengthMin);
        Assert.That(TcpHeader.Read(segment, out TcpHeader header, onWire), Is.EqualTo(DecodeStatus.Ok));
        _read.AddRange(_direction.Add(header));
        while (_direction.TryNext(out ReadOnlySpan<byte> bytes)) _read.AddRange(bytes);
    }

    [Test]
    public void Early_repeated_and_overlapping_segments_become_one_stream_across_the_wrap()
    {
        Add(uint.MaxValue - 1, [], TcpFlags.Syn);
        Add(2, [3, 4]);
        Add(uint.MaxValue, [0, 1, 2]);
        Add(uint.MaxValue, [0, 1, 2]);
        Add(1, [2, 3, 4, 5]);
        Assert.That(_read, Is.EqualTo(new byte[] { 0, 1, 2, 3, 4, 5 }));
        Assert.That(_direction.HasGap, Is.False);
    }

    [Test]
    public void A_gap_gives_the_direction_up_when_too_much_waits_behind_it()
    {
        Add(100, [1]);
        for (uint i = 0; i < 100; i++) Add(200 + i, [9]);
        Assert.That(_direction.IsBroken);
        Assert.That(_read, Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public void A_segment_that_the_capture_cut_off_gives_the_direction_up()
    {
        Add(100, [1, 2], onWire: TcpHeader.LengthMin + 1000);
        Assert.That(_direction.IsBroken);
        Assert.That(_read, Is.Empty);
    }
}
