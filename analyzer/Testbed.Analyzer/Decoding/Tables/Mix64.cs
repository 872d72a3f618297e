using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Testbed.Wire;

namespace Testbed.Analyzer.Decoding.Tables;

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

    public static ulong Bytes(ulong hash, ReadOnlySpan<byte> bytes) =>
        Bytes(hash, ref MemoryMarshal.GetReference(bytes), bytes.Length);

    /// <summary>
    /// Sixteen bytes a multiplication. Says nothing of the length: bytes that are few and bytes that overlap may hash
    /// alike, so the caller mixes in how many there are.
    /// </summary>
    /// <param name="start">Of as many bytes as <paramref name="length"/> says.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Bytes(ulong hash, ref byte start, int length)
    {
        int at = 0;
        for (; length - at >= 2 * sizeof(ulong); at += 2 * sizeof(ulong))
            hash = Combine(
                hash ^ RawBytes.UInt64Little(ref start, at), RawBytes.UInt64Little(ref start, at + sizeof(ulong)));
        int rest = length - at;
        if (rest == 0) return hash;
        if (rest > sizeof(ulong)) hash = Combine(hash, RawBytes.UInt64Little(ref start, at));
        // The last eight may have been digested in part: cheaper than to take the rest byte by byte.
        if (length >= sizeof(ulong)) return Combine(hash, RawBytes.UInt64Little(ref start, length - sizeof(ulong)));
        ulong last = 0;
        for (int i = 0; i < length; i++) last |= (ulong)RawBytes.UInt8(ref start, i) << (8 * i);
        return Combine(hash, last);
    }
}
