namespace Testbed.Analyzer.Meters.Identity;

/// <summary>One time that a trait became another.</summary>
/// <param name="Evidence">The first packet with the new value.</param>
internal sealed record TraitChange(ulong Before, ulong After, string Evidence);

/// <summary>
/// Something that one sender's packets have in common, followed from the first to the last: which value it settled on,
/// and when it settled on another. Single packets that differ change nothing, and neither do senders behind several
/// routers, whose packets go on alternating.
/// </summary>
internal sealed class Trait
{
    /// <summary>Packets in a row with the same value that settle it.</summary>
    public const int SettledPackets = 50;
    /// <summary>A device is not changed for another so often in one run; several paths look like that.</summary>
    public const int ChangesMax = 10;

    private readonly List<TraitChange> _changes = [];
    private ulong _candidate;
    private int _inARow;
    private string? _candidateEvidence;

    public bool IsSettled { get; private set; }
    public ulong Value { get; private set; }
    /// <summary>In order of time; empty where the values alternate.</summary>
    public IReadOnlyList<TraitChange> Changes => IsAlternating ? [] : _changes;
    public bool IsAlternating => _changes.Count > ChangesMax;

    /// <param name="evidence">Asked only where the packet begins a row.</param>
    public void Observe(ulong value, Func<string> evidence)
    {
        if (_inARow > 0 && value == _candidate)
        {
            if (_inARow < SettledPackets && ++_inARow == SettledPackets) Settle();
            return;
        }
        (_candidate, _inARow, _candidateEvidence) = (value, 1, null);
        if (!IsSettled || value != Value) _candidateEvidence = evidence();
    }

    private void Settle()
    {
        if (IsSettled && Value != _candidate && _changes.Count <= ChangesMax)
            _changes.Add(new(Value, _candidate, _candidateEvidence ?? ""));
        (Value, IsSettled) = (_candidate, true);
    }
}
