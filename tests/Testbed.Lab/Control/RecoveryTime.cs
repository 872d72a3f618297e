namespace Testbed.Lab.Control;

/// <summary>When a node says that it started: seconds since 1900 (TS 29.244 §8.2.65).</summary>
internal sealed class RecoveryTime(uint seconds)
{
    private volatile uint _seconds = seconds;

    public uint Seconds
    {
        get => _seconds;
        set => _seconds = value;
    }

    public static implicit operator RecoveryTime(uint seconds) => new(seconds);
}
