using System.Buffers.Binary;
using Testbed.Wire.Http2;

namespace Testbed.Wire.Tests.Http2;

public sealed class Http2ReaderTests
{
    /// <summary>A literal path of plain octets: /nsmf-pdusession/v1/x.</summary>
    private static readonly byte[] Block = [0x04, 21, .. "/nsmf-pdusession/v1/x"u8];

    private static byte[] Frame(byte type, byte flags, int stream, params byte[] payload)
    {
        byte[] frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8 | type);
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    private static List<(int Stream, Http2Headers Headers)> ReadAll(byte[] bytes, int step, out bool isFaulty)
    {
        Http2Reader reader = new();
        List<(int, Http2Headers)> all = [];
        isFaulty = false;
        for (int at = 0; at < bytes.Length && !isFaulty; at += step)
        {
            ReadOnlySpan<byte> part = bytes.AsSpan(at, Math.Min(step, bytes.Length - at));
            Http2Event what;
            while ((what = reader.Read(ref part, out Http2Headers headers)) is Http2Event.Headers)
                all.Add((reader.Stream, headers));
            isFaulty = what is Http2Event.Fault;
        }
        return all;
    }

    private static readonly byte[] Session =
    [
        .. Frame(4, 0, 0), .. Frame(1, 0x04, 1, Block), .. Frame(0, 1, 1, new byte[100]),
        .. Frame(1, 0x04 | 0x08 | 0x20, 3, [2, 0, 0, 0, 0, 16, .. Block, 0, 0]),
        .. Frame(1, 0, 5, Block[..7]), .. Frame(9, 0, 5, Block[7..9]), .. Frame(9, 0x04, 5, Block[9..]),
        .. Frame(5, 0x04, 5, [0, 0, 0, 2, .. Block]), .. Frame(0, 0, 1), .. Frame(1, 0x05, 7, Block),
    ];

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(100_000)]
    public void Header_blocks_are_found_however_the_bytes_are_cut(int step)
    {
        List<(int Stream, Http2Headers Headers)> all = ReadAll(Session, step, out bool isFaulty);
        Assert.That(isFaulty, Is.False);
        Assert.That(all.Select(one => one.Stream), Is.EqualTo(new[] { 1, 3, 5, 7 }));
        Assert.That(all.Select(one => one.Headers.Service), Is.All.EqualTo("nsmf-pdusession"));
    }

    [Test]
    public void Padding_longer_than_its_frame_and_endless_headers_are_faults()
    {
        ReadAll(Frame(1, 0x0C, 1, [9, 1, 2]), 100, out bool isFaulty);
        Assert.That(isFaulty);
        ReadAll([.. Frame(1, 0, 1), .. Enumerable.Range(0, 100).SelectMany(_ => Frame(9, 0, 1, new byte[1000]))], 4096,
            out isFaulty);
        Assert.That(isFaulty);
    }

    [Test]
    public void Mutants_never_throw()
    {
        Random random = new(9113);
        for (int i = 0; i < 5_000; i++) ReadAll(Bytes.Mutate(Session, random), random.Next(1, 50), out _);
    }
}
