using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Decoding.Tables;

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
        /// <summary>The UE at its end, as the tap's profile numbers them, when it was first seen in a G-PDU.</summary>
        public int Ue;
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

    internal static uint Hash(in FlowKey key)
    {
        ulong transport = (ulong)key.SourcePort << 24 | (ulong)key.DestinationPort << 8 | key.Protocol;
        if (key.Source.IsIpv4 && key.Destination.IsIpv4)
            return HashIpv4(
                (ulong)key.Source.Ipv4Bits << 32 | key.Destination.Ipv4Bits, (uint)(transport >> 8), key.Protocol);
        ulong hash = Mix64.Combine(key.Source.Low ^ key.Source.High, key.Destination.Low ^ (key.Destination.High << 1));
        return (uint)(Mix64.Combine(hash, transport) >> 32);
    }

    /// <param name="addresses">Source and destination.</param>
    /// <param name="ports">Source and destination.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint HashIpv4(ulong addresses, uint ports, byte protocol) =>
        (uint)(Mix64.Combine(addresses, (ulong)ports << 8 | protocol) >> 32);

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

    /// <summary>The flow's number, a new one if it was not seen; −1 when the table is full.</summary>
    public int Intern(in FlowKey key) => Intern(key, Hash(key));

    internal int Intern(in FlowKey key, uint hash)
    {
        uint ports = (uint)key.SourcePort << 16 | key.DestinationPort;
        if (key.Source.IsIpv4 && key.Destination.IsIpv4)
            return SearchIpv4(
                (ulong)key.Source.Ipv4Bits << 32 | key.Destination.Ipv4Bits, ports, key.Protocol, hash);
        KeySlots.Probe probe = _slots.Start(hash);
        while (_slots.TryNext(ref probe, out int known))
        {
            ref Entry entry = ref _entries[known];
            if (entry.Form != Packed && _wide[(int)entry.Addresses] == key) return known;
        }
        return Refuses() ? PacketRecord.None : Add((uint)_wide.Add(key), ports, key.Protocol, form: 0, hash);
    }

    /// <summary>The same for a flow between IPv4 addresses.</summary>
    /// <param name="likely">What <see cref="PrefetchEntry"/> said; or −1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int InternIpv4(ulong addresses, uint ports, byte protocol, uint hash, int likely)
    {
        if (likely >= 0)
        {
            ref Entry entry = ref _entries[likely];
            if (entry.Addresses == addresses && entry.Ports == ports && entry.Protocol == protocol
                && entry.Form == Packed) return likely;
        }
        return SearchIpv4(addresses, ports, protocol, hash);
    }

    private int SearchIpv4(ulong addresses, uint ports, byte protocol, uint hash)
    {
        KeySlots.Probe probe = _slots.Start(hash);
        while (_slots.TryNext(ref probe, out int known))
        {
            ref Entry entry = ref _entries[known];
            if (entry.Addresses == addresses && entry.Ports == ports && entry.Protocol == protocol
                && entry.Form == Packed) return known;
        }
        return Refuses() ? PacketRecord.None : Add(addresses, ports, protocol, Packed, hash);
    }

    private bool Refuses()
    {
        if (Count < countMax) return false;
        Refused++;
        return true;
    }

    private int Add(ulong addresses, uint ports, byte protocol, byte form, uint hash)
    {
        int flow = _entries.Add(new()
        {
            Addresses = addresses, Ports = ports, Protocol = protocol, Form = form,
            Note = new() { Tunnel = PacketRecord.None, Step = -1, Qfi = PacketRecord.NoQfi },
        });
        _slots.Add(hash, flow, Count);
        return flow;
    }
}
