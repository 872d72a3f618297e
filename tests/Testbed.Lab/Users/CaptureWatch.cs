using Testbed.Lab.Native;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Users;

/// <summary>
/// Tells when somebody starts to capture at the kit's taps. Sessions that are older than a capture cannot be explained
/// by the N4 traffic in it, so a site lets its UEs attach anew when an inspection starts; the lab does likewise.
/// </summary>
internal sealed class CaptureWatch : IDisposable
{
    private const long PeriodNs = 100_000_000;
    /// <summary>Several taps are opened one after the other: it has started when nothing changed for so long.</summary>
    private const int SteadyPeriods = 10;

    private readonly StopSignal _stop;
    private readonly Action _opened;
    private readonly Action _n2Steady;
    private readonly Action<bool> _steady;
    private readonly Thread _thread;

    /// <param name="opened">Called when the first capture opens.</param>
    /// <param name="n2Steady">Called when a capture at the tap of N2 runs.</param>
    /// <param name="steady">Called with true when all are open, with false when none is left.</param>
    public CaptureWatch(StopSignal stop, Action opened, Action n2Steady, Action<bool> steady)
    {
        _stop = stop;
        _opened = opened;
        _n2Steady = n2Steady;
        _steady = steady;
        _thread = new(Run) { IsBackground = true, Name = "capture watch" };
        _thread.Start();
    }

    private void Run()
    {
        NetworkNamespace.Enter(Plan.KitA);
        Waiter waiter = new(_stop.Fd);
        CaptureCount captures = new(SteadyPeriods), onN2 = new(SteadyPeriods);
        int n2 = (int)Libc.InterfaceIndex("n2u");
        while (!_stop.IsSet)
        {
            waiter.Wait(PeriodNs);
            // The first line is the table's head; the lab itself has no packet socket in this namespace.
            string[] sockets = [.. File.ReadLines("/proc/thread-self/net/packet").Skip(1)];
            // A capture hears nothing before its ring is there, some time after its socket.
            if (onN2.Next(sockets.Count(socket => InterfaceOf(socket) == n2)) is CaptureChange.Steady) _n2Steady();
            switch (captures.Next(sockets.Length))
            {
                case CaptureChange.Opened: _opened(); break;
                case CaptureChange.Steady: _steady(true); break;
                case CaptureChange.Closed: _steady(false); break;
            }
        }
    }

    /// <summary>
    /// The interface that a socket of /proc/net/packet is bound to: sk, references, type, protocol, interface, …
    /// </summary>
    internal static int InterfaceOf(string socket)
    {
        string[] columns = socket.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return columns.Length > 4 && int.TryParse(columns[4], out int index) ? index : 0;
    }

    /// <summary>Call after the stop signal is set.</summary>
    public void Dispose() => _thread.Join();
}

internal enum CaptureChange
{
    Same,
    Opened,
    Steady,
    Closed,
}

/// <summary>Makes events out of a count that is read now and then.</summary>
/// <param name="steadyReadings">Equal readings after which the count is steady.</param>
internal sealed class CaptureCount(int steadyReadings)
{
    private int _count;
    private int _equalReadings;

    public CaptureChange Next(int count)
    {
        int before = _count;
        _count = count;
        if (count != before) _equalReadings = 0;
        else _equalReadings++;
        if (count == 0) return before > 0 ? CaptureChange.Closed : CaptureChange.Same;
        if (before == 0) return CaptureChange.Opened;
        return _equalReadings == steadyReadings ? CaptureChange.Steady : CaptureChange.Same;
    }
}
