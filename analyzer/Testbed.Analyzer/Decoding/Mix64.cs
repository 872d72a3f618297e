using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Testbed.Analyzer.Decoding;

/// <summary>
/// A 64-bit hash by widening multiplication, as in wyhash: a few cycles for eight bytes. Equal on every machine;
/// not against an adversary, and no evidence rests on it: equal fingerprints are confirmed by flow and time.
/// </summary>
internal static class Mix64
{
    private const ulong A = 0xA076_1D64_78BD_642F;
    private const ulong B = 0xE703_7ED1_A0B4_28DB;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Combine(ulong hash, ulong word)
    {
        ulong high = Math.BigMul(hash ^ A, word ^ B, out ulong low);
        return high ^ low;
    }

    public static ulong Bytes(ulong hash, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            hash = Combine(hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        if (bytes.IsEmpty) return hash;
        ulong last = (ulong)bytes.Length << 56;
        for (int i = 0; i < bytes.Length; i++) last |= (ulong)bytes[i] << (8 * i);
        return Combine(hash, last);
    }
}
