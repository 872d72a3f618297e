using Testbed.Conformance;

namespace Testbed.Server.Agents;

/// <summary>The agents of one run: which kits are expected, which have come, which are lost.</summary>
public sealed class AgentRegistry
{
    private readonly Dictionary<string, AgentLink> _links = new(StringComparer.Ordinal);
    private readonly HashSet<string> _expected;
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isGathering = true;

    /// <param name="kits">Names of the kits that the claim speaks of; nobody else is let in.</param>
    public AgentRegistry(IEnumerable<string> kits) => _expected = new(kits, StringComparer.Ordinal);

    public IReadOnlyList<AgentLink> Links
    {
        get { lock (_gate) return [.. _links.Values.OrderBy(link => link.Kit, StringComparer.Ordinal)]; }
    }

    public IReadOnlyList<string> Missing
    {
        get
        {
            lock (_gate)
                return [.. _expected.Where(kit => !_links.TryGetValue(kit, out AgentLink? link) || link.IsLost)
                    .Order(StringComparer.Ordinal)];
        }
    }

    public AgentLink? Find(string kit)
    {
        lock (_gate) return _links.GetValueOrDefault(kit);
    }

    /// <summary>
    /// Waits until every kit has come, or until the time is up; then <see cref="Missing"/> says who has not.
    /// </summary>
    public async Task GatherAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = new(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            while (true)
            {
                Task changed;
                lock (_gate) changed = _changed.Task;
                if (Missing.Count == 0) return;
                await changed.WaitAsync(either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The time is up; the caller asks who is missing.
        }
    }

    /// <summary>From here on a kit that comes, or comes back, is too late for this run.</summary>
    public void Close()
    {
        lock (_gate) _isGathering = false;
    }

    /// <summary>Lets an agent in, or says why not.</summary>
    internal LocalText? Admit(AgentLink link)
    {
        lock (_gate)
        {
            if (!_expected.Contains(link.Kit))
            {
                string names = string.Join(", ", _expected.Order(StringComparer.Ordinal));
                return new($"声明中没有套件 {link.Kit}；声明的套件：{names}",
                    $"the claim has no kit {link.Kit}; it has: {names}");
            }
            if (_links.TryGetValue(link.Kit, out AgentLink? present) && !present.IsLost)
                return new($"套件 {link.Kit} 已连接", $"kit {link.Kit} is already connected");
            if (!_isGathering)
                return new("运行已开始，不再接受代理", "the run has begun and takes no more agents");
            _links[link.Kit] = link;
            _changed.TrySetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return null;
        }
    }
}
