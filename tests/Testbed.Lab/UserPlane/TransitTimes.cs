using Testbed.Lab.Native;
using Testbed.Lab.Records;

namespace Testbed.Lab.UserPlane;

/// <summary>
/// How long packets that waited for no link took through the UPF, from the kernel's stamp of their arrival, so that a
/// thread that was kept waiting for a processor counts as it does on the taps. One thread.
/// </summary>
internal sealed class TransitTimes(DelayHistogram histogram)
{
    private readonly long[] _arrivedUnixNs = new long[ReceiveBatch.Capacity];
    private int _count;

    /// <summary>A packet leaves with this batch.</summary>
    public void Add(long arrivedUnixNs) => _arrivedUnixNs[_count++] = arrivedUnixNs;

    /// <summary>The batch was handed to the kernel.</summary>
    public void Left()
    {
        if (_count == 0) return;
        long nowNs = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        foreach (long arrivedNs in _arrivedUnixNs.AsSpan(0, _count)) histogram.Record(nowNs - arrivedNs);
        _count = 0;
    }
}
