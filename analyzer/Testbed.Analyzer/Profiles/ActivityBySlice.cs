using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Meters.Provenance;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Profiles;

/// <summary>Concurrent activity of the sessions of some slices, or of all sessions under the empty name.</summary>
internal sealed class ActivityBySlice
{
    private readonly SliceMap _slices;
    private readonly List<(string Name, SessionActivity Activity)> _activities;
    private readonly Dictionary<string, string> _first = [];

    /// <param name="names">Names of slices; one empty name for all sessions.</param>
    public ActivityBySlice(SliceMap slices, IEnumerable<string> names)
    {
        _slices = slices;
        _activities = [.. names.Distinct().Select(name => (name, new SessionActivity()))];
    }

    /// <summary>There is a slice of which no packet was named.</summary>
    public bool WantsFirst => _first.Count < _activities.Count;

    /// <summary>Names a packet that shows the UE's slices active; the first one of each counts.</summary>
    /// <param name="files">The files that the frame's name refers to.</param>
    public void NoteFirst(HostAddress ue, FrameName frame, IReadOnlyList<string> files)
    {
        if (!WantsFirst) return;
        foreach ((string name, _) in _activities)
            if (!_first.ContainsKey(name) && IsOf(ue, name)) _first[name] = frame.In(files);
    }

    /// <summary>A UE had a G-PDU in that second; each UE's seconds come in order.</summary>
    public void Note(AddressTable ues, int ue, int step)
    {
        foreach ((string name, SessionActivity activity) in _activities)
            if (name.Length == 0 || IsOf(ues.Address(ue), name)) activity.Add(step, ref ues[ue].ActiveEnd);
    }

    public (int Most, string? Evidence) Of(string name) =>
        (_activities.First(one => one.Name == name).Activity.Most(), _first.GetValueOrDefault(name));

    private bool IsOf(HostAddress ue, string name) => name.Length == 0
        || (_slices.Of(ue) is var own && own != SliceMap.Unknown && _slices.Name(own) == name);
}
