using System.Runtime.InteropServices;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Profiles;

/// <summary>
/// Numbers addresses in the order in which they first appear, with what is noted of each: 16 bytes an IPv4 address.
/// </summary>
internal sealed class AddressTable
{
    private const byte Packed = 1;

    [StructLayout(LayoutKind.Sequential)]
    public struct Entry
    {
        internal uint Bits;
        /// <summary>The step up to which its activity was counted.</summary>
        public int ActiveEnd;
        /// <summary>The first frame that showed it.</summary>
        public FrameName First;
        /// <summary>Bits of <see cref="PacketDirection"/>.</summary>
        public byte Seen;
        internal byte Form;
    }

    private readonly ChunkedList<Entry> _entries = new();
    private readonly ChunkedList<HostAddress> _wide = new();
    private KeySlots _slots = new();

    public int Count => _entries.Count;

    public ref Entry this[int number] => ref _entries[number];

    public HostAddress Address(int number)
    {
        ref readonly Entry entry = ref _entries[number];
        return entry.Form == Packed ? HostAddress.FromIpv4(entry.Bits) : _wide[(int)entry.Bits];
    }

    /// <summary>The address' number, a new one if it was not seen.</summary>
    public int Intern(HostAddress address)
    {
        uint hash = Hash(address);
        int known = Find(address, hash);
        if (known >= 0) return known;
        bool isPacked = address.IsIpv4;
        uint bits = isPacked ? address.Ipv4Bits : (uint)_wide.Add(address);
        int number = _entries.Add(new() { Bits = bits, Form = isPacked ? Packed : (byte)0 });
        _slots.Add(hash, number, Count);
        return number;
    }

    public bool Contains(HostAddress address) => Find(address, Hash(address)) >= 0;

    private int Find(HostAddress address, uint hash)
    {
        bool isPacked = address.IsIpv4;
        KeySlots.Probe probe = _slots.Start(hash);
        while (_slots.TryNext(ref probe, out int number))
        {
            ref readonly Entry entry = ref _entries[number];
            if (entry.Form == Packed != isPacked) continue;
            if (isPacked ? entry.Bits == address.Ipv4Bits : _wide[(int)entry.Bits] == address) return number;
        }
        return -1;
    }

    private static uint Hash(HostAddress address) => (uint)(Mix64.Combine(address.High, address.Low) >> 32);
}
