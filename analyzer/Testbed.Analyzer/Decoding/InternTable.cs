using System.Runtime.CompilerServices;

namespace Testbed.Analyzer.Decoding;

/// <summary>
/// Numbers distinct keys in the order in which they first appear. Open addressing over two arrays; allocates
/// only to grow, so a stream of known keys allocates nothing. One writer.
/// </summary>
public sealed class InternTable<TKey>(int countMax) where TKey : unmanaged, IInternKey, IEquatable<TKey>
{
    private TKey[] _keys = new TKey[64];
    // Place of a key plus one; 0 is free. Always a power of two and at most half full.
    private int[] _slots = new int[256];
    private int _last;

    public int Count { get; private set; }

    public ref readonly TKey this[int index] => ref _keys.AsSpan(0, Count)[index];

    /// <summary>The key's number, a new one if it was not seen; −1 when the table is full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Intern(in TKey key)
    {
        // Packets come in trains: the last key is the likeliest.
        if (_last < Count && _keys[_last].Equals(key)) return _last;
        int index = Find(key, add: true);
        if (index >= 0) _last = index;
        return index;
    }

    public int IndexOf(in TKey key) => Find(key, add: false);

    private int Find(in TKey key, bool add)
    {
        int mask = _slots.Length - 1;
        int at = (int)key.Hash() & mask;
        while (_slots[at] != 0)
        {
            int index = _slots[at] - 1;
            if (_keys[index].Equals(key)) return index;
            at = (at + 1) & mask;
        }
        if (!add || Count >= countMax) return -1;
        if (Count == _keys.Length) Array.Resize(ref _keys, _keys.Length * 2);
        _keys[Count] = key;
        _slots[at] = ++Count;
        if (Count * 2 > _slots.Length) Rehash();
        return Count - 1;
    }

    private void Rehash()
    {
        _slots = new int[_slots.Length * 2];
        int mask = _slots.Length - 1;
        for (int i = 0; i < Count; i++)
        {
            int at = (int)_keys[i].Hash() & mask;
            while (_slots[at] != 0) at = (at + 1) & mask;
            _slots[at] = i + 1;
        }
    }
}
