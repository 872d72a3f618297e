using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Testbed.Probes.Exposure.Loops;

/// <summary>
/// How long each cycle waits, drawn from the nonce so that nobody can prepare for them. One cycle of a short plan, and
/// every cycle of a long one, holds longer than the limit: only there can it be said that nothing came of the call.
/// </summary>
internal sealed class CycleTimes
{
    private readonly byte[] _key;
    private readonly int _longCycle;
    private readonly bool _allLong;

    /// <param name="isThorough">Every cycle waits beyond the limit.</param>
    public CycleTimes(ReadOnlyMemory<byte> runNonce, string purpose, int cycles, bool isThorough)
    {
        _key = ProbeKeys.Derive(runNonce.Span, "testbed loop times v1 " + purpose);
        _allLong = isThorough;
        _longCycle = (int)(Draw(0) * cycles);
    }

    /// <summary>Before the call: time to see the flow as it is.</summary>
    public TimeSpan Before(int cycle) => TimeSpan.FromMilliseconds(1_100 + 300 * Draw(3 * cycle + 1));

    /// <summary>Between the call's answer and the deletion.</summary>
    public TimeSpan Hold(int cycle) => Wait(cycle, 3 * cycle + 2);

    /// <summary>Between the deletion's answer and the next cycle, or the end.</summary>
    public TimeSpan After(int cycle) => Wait(cycle, 3 * cycle + 3);

    /// <remarks>Limit of EXP-004: 5 s.</remarks>
    private TimeSpan Wait(int cycle, int draw) => _allLong || cycle == _longCycle
        ? TimeSpan.FromMilliseconds(5_800 + 400 * Draw(draw))
        : TimeSpan.FromMilliseconds(1_100 + 200 * Draw(draw));

    /// <summary>From 0, inclusive, to 1, exclusive.</summary>
    private double Draw(int place)
    {
        Span<byte> number = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(number, place);
        return BinaryPrimitives.ReadUInt32BigEndian(HMACSHA256.HashData(_key, number)) / 4_294_967_296.0;
    }
}
