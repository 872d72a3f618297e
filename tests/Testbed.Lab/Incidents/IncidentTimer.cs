namespace Testbed.Lab.Incidents;

/// <summary>Lets incidents happen in their time, each once in the lab's life.</summary>
internal sealed class IncidentTimer(IReadOnlyList<Incident> incidents, Func<LabParts> parts, TimeProvider time)
    : IDisposable
{
    private readonly List<ITimer> _timers = [];
    private bool _isStarted;

    /// <summary>To be called when all captures are open; those of no delay have happened when it returns.</summary>
    public void Start()
    {
        if (_isStarted) return;
        _isStarted = true;
        foreach (Incident incident in incidents)
        {
            if (incident.After == TimeSpan.Zero) incident.Happen(parts());
            else _timers.Add(time.CreateTimer(
                _ => incident.Happen(parts()), null, incident.After, Timeout.InfiniteTimeSpan));
        }
    }

    public void Dispose()
    {
        foreach (ITimer timer in _timers) timer.Dispose();
    }
}
