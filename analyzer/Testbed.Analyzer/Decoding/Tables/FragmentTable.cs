using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Decoding.Tables;

/// <summary>
/// Puts outer IP fragments together as far as decoding needs: which bytes came, and the first ones themselves.
/// Bounded: the oldest unfinished datagram gives way to a new one. Order does not matter.
/// </summary>
/// <param name="prefixLength">How many of a datagram's first bytes are kept.</param>
/// <param name="slotCount">How many unfinished datagrams are kept at a time.</param>
internal sealed class FragmentTable(int prefixLength, int slotCount)
{
    /// <summary>Enough for UDP, GTP-U with extension headers, inner IPv6 with options, TCP and the digest.</summary>
    public const int HeadersLength = 512;
    /// <summary>The longest IP payload that fragments can make up (RFC 791 §3.2).</summary>
    public const int WholeLength = 65535;
    /// <remarks>As long as Linux keeps fragments (net.ipv4.ipfrag_time); RFC 8200 §4.5 says 60 s.</remarks>
    private const long LifetimeNs = 30_000_000_000;
    private const int UnitLength = 8;
    private const int WordsPerSlot = 65536 / UnitLength / 64;

    private struct Slot
    {
        public HostAddress Source;
        public HostAddress Destination;
        public uint Identification;
        public byte Protocol;
        public byte TrafficClass;
        public bool InUse;
        /// <summary>The capture cut the end of a fragment off whose bytes belong to the prefix.</summary>
        public bool IsCut;
        public long FirstNs;
        public int TotalLength;
        public int Covered;
        public int PrefixKept;
        public int Frames;
    }

    private readonly Slot[] _slots = new Slot[slotCount];
    private readonly Dictionary<(HostAddress, HostAddress, uint, byte), int> _index = new(slotCount);
    private byte[] _prefixes = [];
    private ulong[] _covered = [];
    private int _next;

    /// <summary>Frames whose datagram never became whole: pushed out, contradictory, or left at the end.</summary>
    public long FramesIncomplete { get; private set; }
    /// <summary>Frames that repeated bytes of an unfinished datagram.</summary>
    public long FramesRepeated { get; private set; }
    /// <summary>Largest number of unfinished datagrams at one time.</summary>
    public int Unfinished => _index.Count;

    /// <summary>A datagram that has become whole.</summary>
    /// <param name="prefix">Its first bytes at hand, at most as many as are kept.</param>
    /// <param name="length">Bytes of the whole IP payload.</param>
    public readonly ref struct Datagram(ReadOnlySpan<byte> prefix, int length, int frames, byte trafficClass)
    {
        public ReadOnlySpan<byte> Prefix { get; } = prefix;
        public int Length { get; } = length;
        public int Frames { get; } = frames;
        public byte TrafficClass { get; } = trafficClass;
    }

    /// <summary>Takes one fragment; true when its datagram is whole, which is valid until the next call.</summary>
    public bool Add(in IpPacket fragment, long timeNs, out Datagram datagram)
    {
        datagram = default;
        if (_prefixes.Length == 0)
        {
            _prefixes = new byte[slotCount * prefixLength];
            _covered = new ulong[slotCount * WordsPerSlot];
        }
        int at = Find(fragment, timeNs);
        ref Slot slot = ref _slots[at];
        slot.Frames++;
        int offset = fragment.FragmentOffset;
        int end = offset + fragment.PayloadLength;
        bool misplaced = fragment.MoreFragments && fragment.PayloadLength % UnitLength != 0;
        if (misplaced || end > 65535 || (!fragment.MoreFragments && slot.TotalLength >= 0 && slot.TotalLength != end)
            || (slot.TotalLength >= 0 && end > slot.TotalLength))
        {
            Drop(at);
            return false;
        }
        int added = Cover(at, offset, end);
        if (added <= 0)
        {
            // All of it was there: a copy, as "any" captures hold. A part of it: an attack (RFC 5722 §3).
            if (added == 0 && fragment.PayloadLength > 0)
                (slot.Frames, FramesRepeated) = (slot.Frames - 1, FramesRepeated + 1);
            else Drop(at);
            return false;
        }
        if (!fragment.MoreFragments) slot.TotalLength = end;
        Keep(at, offset, fragment);
        slot.Covered += fragment.PayloadLength;
        if (slot.TotalLength < 0 || slot.Covered < slot.TotalLength) return false;
        // All bytes came, in whatever order.
        if (!slot.IsCut) slot.PrefixKept = Math.Min(slot.TotalLength, prefixLength);
        datagram = new(
            _prefixes.AsSpan(at * prefixLength, slot.PrefixKept), slot.TotalLength, slot.Frames, slot.TrafficClass);
        Free(at);
        return true;
    }

    /// <summary>Gives up everything unfinished, at the end of a capture.</summary>
    public void Flush()
    {
        for (int i = 0; i < slotCount; i++)
            if (_slots[i].InUse) Drop(i);
    }

    private int Find(in IpPacket fragment, long timeNs)
    {
        (HostAddress, HostAddress, uint, byte) key = (
            fragment.SourceAddress, fragment.DestinationAddress, fragment.Identification, fragment.Protocol);
        if (_index.TryGetValue(key, out int at))
        {
            if (Math.Abs(timeNs - _slots[at].FirstNs) <= LifetimeNs) return at;
            Drop(at);
        }
        at = _next;
        _next = (_next + 1) % slotCount;
        if (_slots[at].InUse) Drop(at);
        _slots[at] = new()
        {
            Source = key.Item1, Destination = key.Item2, Identification = key.Item3, Protocol = key.Item4,
            TrafficClass = fragment.TrafficClass, InUse = true, FirstNs = timeNs, TotalLength = -1,
        };
        _covered.AsSpan(at * WordsPerSlot, WordsPerSlot).Clear();
        _index[key] = at;
        return at;
    }

    /// <summary>Marks the bytes as there: how many units are new, 0 if none, −1 if only some.</summary>
    private int Cover(int at, int offset, int end)
    {
        Span<ulong> words = _covered.AsSpan(at * WordsPerSlot, WordsPerSlot);
        int first = offset / UnitLength, last = (end + UnitLength - 1) / UnitLength, known = 0;
        for (int unit = first; unit < last; unit++)
            if ((words[unit >> 6] >> (unit & 63) & 1) != 0) known++;
        if (known > 0) return known == last - first ? 0 : -1;
        for (int unit = first; unit < last; unit++) words[unit >> 6] |= 1UL << (unit & 63);
        return last - first;
    }

    // While something is missing or cut off the prefix ends there: what lies behind a gap is not the prefix.
    private void Keep(int at, int offset, in IpPacket fragment)
    {
        ref Slot slot = ref _slots[at];
        if (offset >= prefixLength) return;
        ReadOnlySpan<byte> bytes = fragment.Payload;
        bytes = bytes[..Math.Min(bytes.Length, prefixLength - offset)];
        slot.IsCut |= bytes.Length < Math.Min(fragment.PayloadLength, prefixLength - offset);
        bytes.CopyTo(_prefixes.AsSpan(at * prefixLength + offset));
        if (offset == 0) slot.TrafficClass = fragment.TrafficClass;
        if (offset <= slot.PrefixKept) slot.PrefixKept = Math.Max(slot.PrefixKept, offset + bytes.Length);
    }

    private void Drop(int at)
    {
        FramesIncomplete += _slots[at].Frames;
        Free(at);
    }

    private void Free(int at)
    {
        ref Slot slot = ref _slots[at];
        _index.Remove((slot.Source, slot.Destination, slot.Identification, slot.Protocol));
        slot.InUse = false;
    }
}
