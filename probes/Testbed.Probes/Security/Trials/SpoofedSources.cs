using System.Buffers.Binary;
using System.Net;

namespace Testbed.Probes.Security.Trials;

/// <summary>
/// Addresses to pretend: the pools in turn, in each a place near its end drawn from the run's key. Pools are filled
/// from their start, so hardly any of these belongs to somebody at work.
/// </summary>
internal sealed class SpoofedSources(IReadOnlyList<IPNetwork> pools, byte[] key)
{
    /// <summary>How many addresses before the last one, the broadcast address, are drawn from.</summary>
    public const uint Spread = 254;

    /// <returns>IPv4 address as a big-endian number.</returns>
    public uint Draw(int index)
    {
        IPNetwork pool = pools[index % pools.Count];
        Span<byte> bytes = stackalloc byte[4];
        pool.BaseAddress.TryWriteBytes(bytes, out _);
        uint first = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        uint size = pool.PrefixLength == 0 ? uint.MaxValue : (uint)((1UL << (32 - pool.PrefixLength)) - 1);
        uint last = first + size;
        uint spread = Math.Clamp(size / 2, 1, Spread);
        return last - 1 - ProbeKeys.Draw(key, index) % spread;
    }
}
