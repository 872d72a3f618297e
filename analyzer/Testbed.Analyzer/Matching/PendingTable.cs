using System.Runtime.InteropServices;

namespace Testbed.Analyzer.Matching;

/// <summary>
/// Packets that wait for their twin, by key: first in, first out on either side. Open addressing; entries that
/// are empty or past the window are swept when the table fills, so memory follows the window and not the capture.
/// </summary>
internal sealed class PendingTable
{
    public const int None = -1;

    /// <summary>Packets of one key that wait, side 0 and side 1, and the last seen on each side.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Entry
    {
        public ulong Key;
        public int Head0, Tail0, Head1, Tail1;
        public RecordPlace Last0, Last1;
        public long LastNs;
        /// <summary>
        /// Waiting packets up to this time lost a twin that could have been theirs: pairs of theirs are ambiguous.
        /// </summary>
        public long TaintedNs;

        public readonly int Head(int side) => side == 0 ? Head0 : Head1;
        public readonly RecordPlace Last(int side) => side == 0 ? Last0 : Last1;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Node
    {
        public long TimeNs;
        public RecordPlace Place;
        public int Next;
    }

    private readonly long _keepNs;
    private Entry[] _entries = new Entry[1024];
    private Node[] _nodes = new Node[1024];
    private int _nodeCount;
    private int _freeNode = None;
    private int _count;

    /// <param name="keepNs">How long after its last packet an entry may still matter.</param>
    public PendingTable(long keepNs) => _keepNs = keepNs;

    public ref Node this[int node] => ref _nodes[node];

    /// <summary>Places in the table, free ones included.</summary>
    public int Capacity => _entries.Length;

    /// <summary>The key's entry, a fresh one if there is none. Valid until the next call.</summary>
    public ref Entry Find(ulong key, long nowNs)
    {
        if (_count * 2 >= _entries.Length) Sweep(nowNs);
        int mask = _entries.Length - 1;
        int at = (int)(key >> 8) & mask;
        while (_entries[at].Key != 0)
        {
            if (_entries[at].Key == key) return ref _entries[at];
            at = (at + 1) & mask;
        }
        _count++;
        ref Entry entry = ref _entries[at];
        entry = new()
        {
            Key = key, Head0 = None, Tail0 = None, Head1 = None, Tail1 = None, Last0 = new(None, None),
            Last1 = new(None, None), LastNs = nowNs, TaintedNs = long.MinValue,
        };
        return ref entry;
    }

    public void Append(ref Entry entry, int side, RecordPlace place, long timeNs)
    {
        int node = _freeNode;
        if (node != None) _freeNode = _nodes[node].Next;
        else
        {
            if (_nodeCount == _nodes.Length) Array.Resize(ref _nodes, _nodes.Length * 2);
            node = _nodeCount++;
        }
        _nodes[node] = new() { TimeNs = timeNs, Place = place, Next = None };
        int tail = side == 0 ? entry.Tail0 : entry.Tail1;
        if (tail != None) _nodes[tail].Next = node;
        else if (side == 0) entry.Head0 = node;
        else entry.Head1 = node;
        if (side == 0) entry.Tail0 = node;
        else entry.Tail1 = node;
    }

    /// <summary>Takes out a node; <paramref name="before"/> is the one in front of it or <see cref="None"/>.</summary>
    public void Remove(ref Entry entry, int side, int node, int before)
    {
        int next = _nodes[node].Next;
        if (before != None) _nodes[before].Next = next;
        else if (side == 0) entry.Head0 = next;
        else entry.Head1 = next;
        if (next == None)
        {
            if (side == 0) entry.Tail0 = before;
            else entry.Tail1 = before;
        }
        _nodes[node].Next = _freeNode;
        _freeNode = node;
    }

    private void Sweep(long nowNs)
    {
        int live = 0;
        foreach (ref readonly Entry entry in _entries.AsSpan())
            if (entry.Key != 0 && nowNs - entry.LastNs <= _keepNs) live++;
        Entry[] old = _entries;
        _entries = new Entry[live * 4 >= old.Length ? old.Length * 2 : old.Length];
        int mask = _entries.Length - 1;
        _count = 0;
        for (int i = 0; i < old.Length; i++)
        {
            if (old[i].Key == 0) continue;
            if (nowNs - old[i].LastNs > _keepNs)
            {
                while (old[i].Head0 != None) Remove(ref old[i], 0, old[i].Head0, None);
                while (old[i].Head1 != None) Remove(ref old[i], 1, old[i].Head1, None);
                continue;
            }
            int at = (int)(old[i].Key >> 8) & mask;
            while (_entries[at].Key != 0) at = (at + 1) & mask;
            _entries[at] = old[i];
            _count++;
        }
    }
}
