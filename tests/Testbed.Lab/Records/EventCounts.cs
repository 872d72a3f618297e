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

    public IReadOnlyList<(string What, long Count)> InOrder() =>
        [.. _counts.OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => (entry.Key, Interlocked.Read(ref entry.Value.Value)))];
}
