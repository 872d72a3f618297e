using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Forwarding;

/// <summary>
/// The line between the central N6 and the data network of slice embb, beyond the taps: every packet arrives later, as
/// from a central site. What makes the edge site near is that this is far.
/// </summary>
internal sealed class LongHaul : IBatchWorker, IDisposable
{
    /// <summary>Each way; about 400 km of fibre at 5 µs a kilometre.</summary>
    public static readonly TimeSpan OneWay = TimeSpan.FromMilliseconds(2);

    private readonly SendPort[] _onward;
    private readonly int[] _fds;
    private readonly DelayLine _line;
    private readonly Egress _egress;
    private readonly ForwardingLoop _loop;
    private readonly EventCounts _events;
    private readonly long _delayNs = (long)OneWay.TotalNanoseconds;

    public LongHaul(EventCounts events, StopSignal stop)
    {
        _events = events;
        (_fds, _onward) = NetworkNamespace.Run(Plan.Wan, Open);
        _line = new("long haul delay", stop);
        _egress = new(_line);
        _loop = new("long haul", this, stop, _fds);
    }

    // What one socket hears goes out by the other.
    private static (int[], SendPort[]) Open()
    {
        int n6 = LabSockets.OpenPacket(Wiring.WanToN6, out int n6Index);
        int host = LabSockets.OpenPacket(Wiring.WanToHost, out int hostIndex);
        return (
            [n6, host],
            [
                SendPort.ToMac(host, hostIndex, Wiring.HostAMac),
                SendPort.ToMac(n6, n6Index, Wiring.UpfN6AMac),
            ]);
    }

    public void Handle(ReceiveBatch batch, int count, int socket)
    {
        long nowNs = DelayLine.NowNs;
        for (int i = 0; i < count; i++)
        {
            if (batch.TryGet(i, out Datagram packet) && !_egress.Send(packet, _onward[socket], _delayNs, nowNs))
                _events.Add("long haul: delay line full");
        }
        _egress.Flush();
    }

    /// <summary>Call after the stop signal is set.</summary>
    public void Dispose()
    {
        _loop.Dispose();
        _line.Dispose();
        long drops = _fds.Sum(LabSockets.PacketDrops);
        _events.Add("long haul: packets that its sockets had no room for", drops);
        _egress.Dispose();
    }
}
