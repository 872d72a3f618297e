namespace Testbed.Lab.Behaviour;

/// <summary>All losses and delays at one point. Any policy may lose the packet; delays add up.</summary>
internal sealed class PathBehaviour
{
    /// <summary>Returned instead of a delay for a packet that is lost.</summary>
    public const long Lost = -1;

    private readonly List<ILossPolicy> _losses = [];
    private readonly List<IDelayPolicy> _delays = [];

    public void Add(ILossPolicy loss) => _losses.Add(loss);

    public void Add(IDelayPolicy delay) => _delays.Add(delay);

    /// <summary>Nanoseconds that the packet waits here, or <see cref="Lost"/>. Called on one thread only.</summary>
    public long Decide(in PassingPacket packet)
    {
        foreach (ILossPolicy loss in _losses)
            if (loss.Loses(packet)) return Lost;
        long delayNs = 0;
        foreach (IDelayPolicy delay in _delays) delayNs += delay.DelayNs(packet);
        return delayNs;
    }
}
