using System.Collections.Concurrent;

namespace Testbed.Lab.Records;

/// <summary>Rare happenings by name: refused packets, echo requests, unknown TEIDs. Thread-safe.</summary>
internal sealed class EventCounts
{
    private readonly ConcurrentDictionary<string, StrongCount> _counts = new(StringComparer.Ordinal);

    private sealed class StrongCount
    {
        public long Value;
    }

    public void Add(string what, long count = 1) =>
        Interlocked.Add(ref _counts.GetOrAdd(what, static _ => new()).Value, count);

    public long this[string what] => _counts.TryGetValue(what, out StrongCount? count) ? count.Value : 0;

    private readonly ConcurrentDictionary<string, Func<long>> _held = new(StringComparer.Ordinal);

    /// <summary>Something of which clients may hold some, and how to count it while the lab runs.</summary>
    public void Hold(string what, Func<long> count) => _held[what] = count;

    /// <summary>What clients hold now.</summary>
    public IReadOnlyList<(string What, long Count)> Held() =>
        [.. _held.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, entry.Value()))];

    public IReadOnlyList<(string What, long Count)> InOrder() =>
        [.. _counts.OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => (entry.Key, Interlocked.Read(ref entry.Value.Value)))];
}
