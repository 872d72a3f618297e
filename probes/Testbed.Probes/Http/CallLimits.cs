namespace Testbed.Probes.Http;

/// <summary>What one call may take and bring: nothing that a peer does makes it longer or larger.</summary>
internal sealed record CallLimits
{
    public static CallLimits Default { get; } = new();

    /// <summary>From the call to the last byte of the answer's body.</summary>
    /// <remarks>EXP-004 allows 5 s for the packets; an answer that takes longer helps nobody.</remarks>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan ConnectWithin { get; init; } = TimeSpan.FromSeconds(3);
    /// <summary>Answers of the APIs here have a few kilobytes.</summary>
    public int BodyBytesMax { get; init; } = 1 << 20;
    public int HeaderKilobytesMax { get; init; } = 32;
    /// <summary>Further tries of a call that cannot have had an effect yet.</summary>
    public int RetriesMax { get; init; } = 1;
    /// <summary>Between two tries.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMilliseconds(200);
}
