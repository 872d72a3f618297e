namespace Testbed.Benchmarks.Traffic.Twists;

/// <summary>
/// Files are not in the order of their time stamps, as when a card's queues are drained one after the other.
/// </summary>
internal sealed class Unsorted(ulong seed) : ITwist
{
    private const int Depth = 64;

    public string Name => "unsorted";

    public IFrameSink Wrap(IFrameSink file, Tap tap) => new Shuffler(file, new(seed ^ (ulong)tap ^ 0x0507));

    /// <summary>Holds some frames and lets go of any of them for each that comes.</summary>
    private sealed class Shuffler(IFrameSink file, SeededRandom random) : IFrameSink
    {
        private readonly (Sighting Sighting, byte[] Bytes, int Length)[] _held =
            [.. Enumerable.Range(0, Depth).Select(_ => (default(Sighting), new byte[2048], 0))];
        private int _count;

        public void Accept(in Sighting sighting, ReadOnlySpan<byte> frame)
        {
            int at = _count < Depth ? _count++ : Release(random.Next(Depth));
            frame.CopyTo(_held[at].Bytes);
            (_held[at].Sighting, _held[at].Length) = (sighting, frame.Length);
        }

        public void Finish()
        {
            for (int i = 0; i < _count; i++) Release(i);
            file.Finish();
        }

        private int Release(int at)
        {
            file.Accept(_held[at].Sighting, _held[at].Bytes.AsSpan(0, _held[at].Length));
            return at;
        }
    }
}
