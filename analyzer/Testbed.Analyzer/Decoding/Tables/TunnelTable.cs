using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Decoding.Tables;

/// <summary>
/// Numbers GTP-U tunnels in the order in which they first appear. A tunnel between IPv4 ends takes 32 bytes with what
/// is noted of it. Allocates only to grow. One writer.
/// </summary>
public sealed class TunnelTable(int countMax)
{
    private const byte Packed = 1;

    /// <summary>What a tap notes of a tunnel while it is read.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Note
    {
        /// <summary>Uplink containers less downlink ones.</summary>
        public int Votes;
        /// <summary>The first frame of it, of any message type; 0 when there was none.</summary>
        public uint FirstFrame;
        public ushort FirstFile;
        /// <summary>It carried a G-PDU.</summary>
        public bool IsUsed;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        /// <summary>Source and destination when packed; else the place among the wide keys.</summary>
        public ulong Addresses;
        public uint Teid;
        public byte Form;
        public Note Note;
    }

    private readonly ChunkedList<Entry> _entries = new();
    private readonly ChunkedList<TunnelKey> _wide = new();
    private KeySlots _slots = new();

    public int Count => _entries.Count;
    /// <summary>Packets of tunnels for which there was no room.</summary>
    public long Refused { get; private set; }

    public TunnelKey this[int tunnel]
    {
        get
        {
            ref readonly Entry entry = ref _entries[tunnel];
            return entry.Form != Packed ? _wide[(int)entry.Addresses] : new(
                HostAddress.FromIpv4((uint)(entry.Addresses >> 32)), HostAddress.FromIpv4((uint)entry.Addresses),
                entry.Teid);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Note NoteOf(int tunnel) => ref _entries[tunnel].Note;

    internal static uint Hash(in TunnelKey key)
    {
        if (key.Source.IsIpv4 && key.Destination.IsIpv4)
            return HashIpv4((ulong)key.Source.Ipv4Bits << 32 | key.Destination.Ipv4Bits, key.Teid);
        ulong hash = Mix64.Combine(key.Source.Low ^ key.Source.High, key.Destination.Low ^ (key.Destination.High << 1));
        return (uint)(Mix64.Combine(hash, key.Teid) >> 32);
    }

    /// <param name="addresses">Source and destination.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint HashIpv4(ulong addresses, uint teid) => (uint)(Mix64.Combine(addresses, teid) >> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Prefetch(uint hash) => _slots.Prefetch(hash);

    /// <summary>
    /// The second step: the index is at hand by now, so ask for the entry that it names. That is almost surely the one,
    /// and only <see cref="InternIpv4"/> can tell.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int PrefetchEntry(uint hash)
    {
        int likely = _slots.Likely(hash);
        if (likely >= 0) Prefetching.Line(ref _entries[likely]);
        return likely;
    }

    /// <summary>The tunnel's number, a new one if it was not seen; −1 when the table is full.</summary>
    public int Intern(in TunnelKey key) => Intern(key, Hash(key));

    internal int Intern(in TunnelKey key, uint hash)
    {
        if (key.Source.IsIpv4 && key.Destination.IsIpv4)
            return SearchIpv4((ulong)key.Source.Ipv4Bits << 32 | key.Destination.Ipv4Bits, key.Teid, hash);
        KeySlots.Probe probe = _slots.Start(hash);
        while (_slots.TryNext(ref probe, out int known))
        {
            ref Entry entry = ref _entries[known];
            if (entry.Form != Packed && _wide[(int)entry.Addresses] == key) return known;
        }
        return Refuses() ? PacketRecord.None : Add((uint)_wide.Add(key), key.Teid, form: 0, hash);
    }

    /// <summary>The same for a tunnel between IPv4 addresses.</summary>
    /// <param name="likely">What <see cref="PrefetchEntry"/> said; or −1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int InternIpv4(ulong addresses, uint teid, uint hash, int likely)
    {
        if (likely >= 0)
        {
            ref Entry entry = ref _entries[likely];
            if (entry.Addresses == addresses && entry.Teid == teid && entry.Form == Packed) return likely;
        }
        return SearchIpv4(addresses, teid, hash);
    }

    private int SearchIpv4(ulong addresses, uint teid, uint hash)
    {
        KeySlots.Probe probe = _slots.Start(hash);
        while (_slots.TryNext(ref probe, out int known))
        {
            ref Entry entry = ref _entries[known];
            if (entry.Addresses == addresses && entry.Teid == teid && entry.Form == Packed) return known;
        }
        return Refuses() ? PacketRecord.None : Add(addresses, teid, Packed, hash);
    }

    private bool Refuses()
    {
        if (Count < countMax) return false;
        Refused++;
        return true;
    }

    private int Add(ulong addresses, uint teid, byte form, uint hash)
    {
        int tunnel = _entries.Add(new() { Addresses = addresses, Teid = teid, Form = form });
        _slots.Add(hash, tunnel, Count);
        return tunnel;
    }
}
