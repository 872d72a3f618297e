using Testbed.Lab.Native;
using Testbed.Lab.Records;

namespace Testbed.Lab.Forwarding;

/// <summary>
/// The way out of one forwarding thread: at once with the rest of the batch, or later through the delay line.
/// </summary>
/// <param name="transit">Where it is noted how long packets took; null where nobody asks.</param>
internal sealed class Egress(DelayLine line, TransitRecord? transit = null) : IDisposable
{
    private readonly SendList _sends = new();

    /// <summary>Packets that the kernel refused.</summary>
    public long RefusedCount => _sends.RefusedCount;

    /// <summary>When the packet came that is being forwarded now, by the kernel's stamp.</summary>
    public long ArrivedUnixNs { get; set; }

    /// <param name="nowNs">The time from which <paramref name="delayNs"/> counts.</param>
    /// <returns>False when the delay line was full and the packet is lost.</returns>
    public bool Send(in Datagram datagram, SendPort port, long delayNs, long nowNs)
    {
        if (delayNs > 0)
            return line.TryAdd(datagram.Bytes, port, nowNs + delayNs, new(transit?.Later, ArrivedUnixNs));
        _sends.Add(datagram, port, new(transit?.AtOnce, ArrivedUnixNs));
        return true;
    }

    /// <summary>Call before the batch that the datagrams lie in receives again.</summary>
    public void Flush() => _sends.Flush();

    public void Dispose() => _sends.Dispose();
}
