using System.Runtime.CompilerServices;

namespace Testbed.Wire.Files;

/// <summary>
/// Turns a pcapng interface's time units into nanoseconds (options if_tsresol and if_tsoffset). Times that do not fit
/// in 64 bits become the nearest that do.
/// </summary>
internal readonly struct TimeResolution
{
    private const uint SecondNs = 1_000_000_000;
    // No 64-bit time in finer units amounts to a nanosecond, and 10^39 would overflow.
    private const int DecimalExponentMax = 38;
    private readonly UInt128 _unitsPerSecond;
    private readonly long _offsetNs;
    // Whole nanoseconds a unit; 0 when a unit is shorter or no whole number of them.
    private readonly ulong _unitNs;
    /// <summary>Below this many units a 64-bit product is the time; 0 when that is never so.</summary>
    private readonly ulong _plainUnitsEnd;

    /// <param name="code">As if_tsresol: 10^-n, or 2^-n with the top bit set.</param>
    /// <param name="offsetSeconds">As if_tsoffset, added to every time.</param>
    public TimeResolution(byte code, long offsetSeconds)
    {
        int exponent = code & 0x7F;
        if ((code & 0x80) != 0)
        {
            _unitsPerSecond = UInt128.One << exponent;
        }
        else
        {
            _unitsPerSecond = 1;
            for (int i = 0; i < Math.Min(exponent, DecimalExponentMax); i++) _unitsPerSecond *= 10u;
        }
        if (_unitsPerSecond <= SecondNs && SecondNs % _unitsPerSecond == 0)
            _unitNs = (ulong)(SecondNs / _unitsPerSecond);
        _offsetNs = Clamp((Int128)offsetSeconds * SecondNs);
        if (_unitNs != 0 && _offsetNs == 0) _plainUnitsEnd = long.MaxValue / _unitNs + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long ToNs(ulong units) => units < _plainUnitsEnd ? (long)(units * _unitNs) : ToNsByDivision(units);

    private long ToNsByDivision(ulong units)
    {
        UInt128 ns = _unitNs != 0 ? (UInt128)units * _unitNs : (UInt128)units * SecondNs / _unitsPerSecond;
        return Clamp((Int128)ns + _offsetNs);
    }

    private static long Clamp(Int128 value) => (long)Int128.Clamp(value, long.MinValue, long.MaxValue);
}
