namespace Testbed.Lab.Records;

/// <summary>
/// How long packets took through the UPF, from the kernel's stamp of their arrival, so that a thread that was kept
/// waiting for a processor counts as it does on the taps.
/// </summary>
internal sealed class TransitRecord
{
    /// <summary>Left with the batch that they came in. Written by the forwarding thread.</summary>
    public DelayHistogram AtOnce { get; } = new();
    /// <summary>Waited for a link or a policy. Written by the delay line's thread.</summary>
    public DelayHistogram Later { get; } = new();

    public DelayHistogram All()
    {
        DelayHistogram all = new();
        all.Add(AtOnce);
        all.Add(Later);
        return all;
    }
}

/// <summary>When a packet came, by the kernel's stamp, and where it is noted how long it took to leave.</summary>
/// <param name="Transit">Null where nobody asks.</param>
internal readonly record struct Arrival(DelayHistogram? Transit, long UnixNs);
