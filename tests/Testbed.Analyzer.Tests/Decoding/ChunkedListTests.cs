using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Testbed.Analyzer.Decoding.Tables;

namespace Testbed.Analyzer.Tests.Decoding;

public sealed class ChunkedListTests
{
    private const int SeveralChunks = 50_000;

    [StructLayout(LayoutKind.Sequential)]
    private struct HalfLine
    {
        public long A, B, C, D;
    }

    [Test]
    public unsafe void No_element_of_half_a_cache_line_lies_in_two_lines()
    {
        ChunkedList<HalfLine> list = new();
        list.Cover(SeveralChunks);
        int split = 0;
        for (int i = 0; i < list.Count; i++)
            if ((nint)Unsafe.AsPointer(ref list[i]) % 32 != 0) split++;
        Assert.That(split, Is.Zero);
    }

    [Test]
    public void A_reference_stays_good_while_the_list_grows_and_memory_is_collected()
    {
        ChunkedList<HalfLine> list = new();
        list.Add(new() { A = 1 });
        ref HalfLine first = ref list[0];
        for (int i = 1; i < SeveralChunks; i++) list.Add(new() { A = i + 1 });
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        first.D = 9;
        Assert.That((list[0].A, list[0].D), Is.EqualTo((1L, 9L)));
        long sum = 0;
        for (int i = 0; i < list.Count; i++) sum += list[i].A;
        Assert.That(sum, Is.EqualTo((long)SeveralChunks * (SeveralChunks + 1) / 2));
    }

    [Test]
    public void What_is_beyond_the_last_chunk_is_refused()
    {
        ChunkedList<byte> list = new();
        list.Add(1);
        Assert.That(() => list[1 << 20], Throws.TypeOf<IndexOutOfRangeException>());
        Assert.That(() => list[-1], Throws.TypeOf<IndexOutOfRangeException>());
    }
}
