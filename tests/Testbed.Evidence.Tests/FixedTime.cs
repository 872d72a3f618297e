namespace Testbed.Evidence.Tests;

/// <summary>A clock that stands: 1790000000.1234567 s after 1970.</summary>
internal sealed class FixedTime : TimeProvider
{
    public static DateTimeOffset Value { get; } = DateTimeOffset.UnixEpoch.AddTicks(17_900_000_001_234_567);
    public static TimeProvider Provider { get; } = new FixedTime();
    public override DateTimeOffset GetUtcNow() => Value;
}
