using System.Collections.Concurrent;
using System.Security.Cryptography;
using Testbed.Lab.Records;
using Testbed.Lab.Web;

namespace Testbed.Lab.Exposure;

/// <summary>What clients of one API created and did not delete yet; the ledger knows how many are left.</summary>
internal sealed class Resources<T> where T : class
{
    private const int CountMax = 1_000;
    private readonly ConcurrentDictionary<string, T> _all = new(StringComparer.Ordinal);
    private readonly string _api;
    private readonly EventCounts _events;

    public Resources(string api, EventCounts events)
    {
        (_api, _events) = (api, events);
        events.Hold(api, () => _all.Count);
    }

    public IEnumerable<T> All => _all.Values;

    /// <summary>A name that nobody can guess.</summary>
    public static string NewId() => new Guid(RandomNumberGenerator.GetBytes(16)).ToString("D");

    public void Add(string id, T resource)
    {
        if (_all.Count >= CountMax) throw new ApiProblem(503, "too many resources");
        _all[id] = resource;
        _events.Add($"{_api}: created");
    }

    public T Find(string id) => _all.TryGetValue(id, out T? found) ? found : throw NotFound();

    public void Replace(string id, T resource) => _all[id] = resource;

    public T Remove(string id)
    {
        if (!_all.TryRemove(id, out T? removed)) throw NotFound();
        _events.Add($"{_api}: deleted");
        return removed;
    }

    /// <summary>Called at the lab's end.</summary>
    public void CountLeft() => _events.Add($"{_api}: left behind", _all.Count);

    private static ApiProblem NotFound() => new(404, "no such resource", "SUBSCRIPTION_NOT_FOUND");
}
