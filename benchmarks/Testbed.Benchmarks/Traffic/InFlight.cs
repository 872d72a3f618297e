namespace Testbed.Benchmarks.Traffic;

/// <summary>Packets inside the UPF, the next to leave on top: a binary heap that holds what the delay holds.</summary>
internal sealed class InFlight
{
    private UserPacket[] _heap = new UserPacket[1024];

    public int Count { get; private set; }
    public long NextExitNs => Count == 0 ? long.MaxValue : _heap[0].ExitNs;

    public void Add(in UserPacket packet)
    {
        if (Count == _heap.Length) Array.Resize(ref _heap, _heap.Length * 2);
        int at = Count++;
        while (at > 0 && Before(packet, _heap[(at - 1) / 2]))
        {
            _heap[at] = _heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        _heap[at] = packet;
    }

    public UserPacket Take()
    {
        UserPacket first = _heap[0];
        UserPacket moved = _heap[--Count];
        int at = 0;
        while (true)
        {
            int child = 2 * at + 1;
            if (child >= Count) break;
            if (child + 1 < Count && Before(_heap[child + 1], _heap[child])) child++;
            if (!Before(_heap[child], moved)) break;
            _heap[at] = _heap[child];
            at = child;
        }
        _heap[at] = moved;
        return first;
    }

    private static bool Before(in UserPacket a, in UserPacket b) =>
        a.ExitNs != b.ExitNs ? a.ExitNs < b.ExitNs : a.Ordinal < b.Ordinal;
}
