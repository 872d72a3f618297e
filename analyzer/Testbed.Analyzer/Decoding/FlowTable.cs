using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Decoding;

/// <summary>
/// Numbers inner flows in the order in which they first appear. An IPv4 flow takes 32 bytes with what is noted of it;
/// an IPv6 flow keeps its addresses beside. Allocates only to grow. One writer.
/// </summary>
public sealed class FlowTable(int countMax)
{
    private const byte Packed = 1;

    /// <summary>What a tap notes of a flow while it is read.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Note
    {
        /// <summary>Tunnel of the flow's latest packet.</summary>
        public int Tunnel;
        /// <summary>The latest second in which it was counted as active.</summary>
        public int Step;
        /// <summary>Bits of <see cref="PacketDirection"/> in which it was seen.</summary>
        public byte Seen;
        public byte Qfi;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        /// <summary>Source and destination when packed; else the place among the wide keys.</summary>
        public ulong Addresses;
        public uint Ports;
        public byte Protocol;
        public byte Form;
        public Note Note;
    }

    private readonly ChunkedList<Entry> _entries = new();
    private readonly ChunkedList<FlowKey> _wide = new();
    private KeySlots _slots = new();

    public int Count => _entries.Count;
    /// <summary>Packets of flows for which there was no room.</summary>
    public long Refused { get; private set; }

    public FlowKey this[int flow]
    {
        get
        {
            ref readonly Entry entry = ref _entries[flow];
            if (entry.Form != Packed) return _wide[(int)entry.Addresses];
            return new(
                HostAddress.FromIpv4((uint)(entry.Addresses >> 32)), HostAddress.FromIpv4((uint)entry.Addresses),
                (ushort)(entry.Ports >> 16), (ushort)entry.Ports, entry.Protocol);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Note NoteOf(int flow) => ref _entries[flow].Note;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Hash(in FlowKey key)
    {
        ulong hash = Mix64.Combine(key.Source.Low ^ key.Source.High, key.Destination.Low ^ (key.Destination.High << 1));
        hash = Mix64.Combine(
            hash, (ulong)key.SourcePort << 32 | (ulong)key.DestinationPort << 8 | key.Protocol);
        return (uint)(hash >> 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Prefetch(uint hash) => _slots.Prefetch(hash);

    /// <summary>The second step: the index is at hand by now, so ask for the entry that it names.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void PrefetchEntry(uint hash)
    {
        ulong slot = _slots[hash & _slots.Mask];
        if (slot != 0) Prefetching.Line(ref _entries[(int)(uint)slot - 1]);
    }

    /// <summary>The flow's number, a new one if it was not seen; −1 when the table is full.</summary>
    public int Intern(in FlowKey key) => Intern(key, Hash(key));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Intern(in FlowKey key, uint hash)
    {
        bool isPacked = key.Source.IsIpv4 && key.Destination.IsIpv4;
        ulong addresses = (ulong)key.Source.Ipv4Bits << 32 | key.Destination.Ipv4Bits;
        uint ports = (uint)key.SourcePort << 16 | key.DestinationPort;
        uint mask = _slots.Mask;
        for (uint at = hash & mask; ; at = (at + 1) & mask)
        {
            ulong slot = _slots[at];
            if (slot == 0) return Add(key, hash, isPacked, addresses, ports);
            if ((uint)(slot >> 32) != hash) continue;
            ref Entry entry = ref _entries[(int)(uint)slot - 1];
            if (entry.Ports != ports || entry.Protocol != key.Protocol || entry.Form == Packed != isPacked) continue;
            if (isPacked ? entry.Addresses == addresses : _wide[(int)entry.Addresses] == key)
                return (int)(uint)slot - 1;
        }
    }

    private int Add(in FlowKey key, uint hash, bool isPacked, ulong addresses, uint ports)
    {
        if (Count >= countMax)
        {
            Refused++;
            return PacketRecord.None;
        }
        if (!isPacked) addresses = (uint)_wide.Add(key);
        int flow = _entries.Add(new()
        {
            Addresses = addresses, Ports = ports, Protocol = key.Protocol, Form = isPacked ? Packed : (byte)0,
            Note = new() { Tunnel = PacketRecord.None, Step = -1, Qfi = PacketRecord.NoQfi },
        });
        _slots.Add(hash, flow, Count);
        return flow;
    }
}
