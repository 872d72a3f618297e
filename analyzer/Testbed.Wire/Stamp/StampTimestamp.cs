namespace Testbed.Wire.Stamp;

/// <summary>The two formats of a timestamp; the Z flag of the Error Estimate names it (RFC 8186 §2.1).</summary>
public enum StampTimestampFormat : byte
{
    /// <summary>32 bits of seconds since 1900, 32 bits of fraction (RFC 5905 §6); the default of RFC 8762.</summary>
    Ntp = 0,
    /// <summary>32 low bits of seconds since 1970 and 32 bits of nanoseconds, IEEE 1588v2 truncated.</summary>
    Ptp = 1,
}

/// <summary>Converts between UNIX nanoseconds and the 64-bit timestamps of test packets.</summary>
public static class StampTimestamp
{
    private const long NtpToUnixSeconds = 2_208_988_800;
    private const long NsPerSecond = 1_000_000_000;

    /// <summary>The 64 bits on the wire. Nanoseconds survive the way there and back in either format.</summary>
    /// <remarks>The fraction is rounded up, so that the floor on the way back gives the same nanosecond.</remarks>
    public static ulong FromUnixNs(long unixNs, StampTimestampFormat format)
    {
        (long seconds, long ns) = Math.DivRem(unixNs, NsPerSecond);
        if (ns < 0) (seconds, ns) = (seconds - 1, ns + NsPerSecond);
        if (format == StampTimestampFormat.Ptp) return (ulong)(uint)seconds << 32 | (uint)ns;
        ulong fraction = (((ulong)ns << 32) + (ulong)NsPerSecond - 1) / (ulong)NsPerSecond;
        return (ulong)(uint)(seconds + NtpToUnixSeconds) << 32 | fraction;
    }

    /// <summary>
    /// UNIX nanoseconds. Seconds with the top bit clear belong to NTP era 1, which starts in 2036 (RFC 5905 §6);
    /// nanoseconds of a PTP stamp that exceed a second are added as they stand.
    /// </summary>
    public static long ToUnixNs(ulong wire, StampTimestampFormat format)
    {
        long seconds = (long)(wire >> 32);
        ulong low = (uint)wire;
        if (format == StampTimestampFormat.Ptp) return seconds * NsPerSecond + (long)low;
        if (seconds < 0x8000_0000) seconds += 0x1_0000_0000;
        return (seconds - NtpToUnixSeconds) * NsPerSecond + (long)(low * (ulong)NsPerSecond >> 32);
    }
}

/// <summary>
/// The Error Estimate of a timestamp: S, Z, six bits of scale, eight bits of multiplier
/// (RFC 4656 §4.1.2 with the Z flag of RFC 8186 §2.1). The error is multiplier × 2^(scale − 32) seconds.
/// </summary>
public readonly record struct StampErrorEstimate(ushort Wire)
{
    /// <summary>The clock is synchronised to UTC by an external source.</summary>
    public bool Synchronized => (Wire & 0x8000) != 0;
    public StampTimestampFormat Format => (Wire & 0x4000) != 0 ? StampTimestampFormat.Ptp : StampTimestampFormat.Ntp;
    public int Scale => Wire >> 8 & 0x3F;
    public int Multiplier => Wire & 0xFF;
    /// <summary>Seconds. A multiplier of zero is not allowed on the wire (RFC 4656 §4.1.2).</summary>
    public double Seconds => Multiplier * Math.Pow(2, Scale - 32);

    /// <summary>The smallest estimate that is no smaller than <paramref name="errorNs"/>, at least one unit.</summary>
    public static StampErrorEstimate Create(bool synchronized, StampTimestampFormat format, long errorNs)
    {
        double units = Math.Max(1, Math.Ceiling(errorNs * 4.294967296));
        int scale = 0;
        while (units > 255 && scale < 63)
        {
            units = Math.Ceiling(units / 2);
            scale++;
        }
        int wire = (synchronized ? 0x8000 : 0) | (format == StampTimestampFormat.Ptp ? 0x4000 : 0)
            | scale << 8 | (int)Math.Min(units, 255);
        return new((ushort)wire);
    }
}
