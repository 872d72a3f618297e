namespace Testbed.Analyzer.Details.Monitoring;

/// <summary>The 64-bit time stamps of RFC 5905 §6: seconds since 1900 and their fraction, anew in 2036.</summary>
internal static class NtpTime
{
    private const long UnixEpochSeconds = 2_208_988_800;
    private const ulong FirstEra = 1UL << 63;

    /// <summary>Nanoseconds from one stamp to another; right for any two that lie less than 68 years apart.</summary>
    public static long Between(ulong from, ulong to) => (long)(((Int128)(long)(to - from) * 1_000_000_000) >> 32);

    /// <summary>Nanoseconds since the Unix epoch; a stamp before 1968 stands for one after 2036.</summary>
    public static long ToUnixNs(ulong stamp)
    {
        Int128 seconds = (Int128)stamp + (stamp < FirstEra ? (Int128)1 << 64 : 0);
        return (long)(((seconds * 1_000_000_000) >> 32) - (Int128)UnixEpochSeconds * 1_000_000_000);
    }
}
