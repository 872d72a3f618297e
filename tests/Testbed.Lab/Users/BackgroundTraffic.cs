using System.Net.Sockets;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Users;

/// <summary>
/// A little traffic of the lab's own UEs, so that passive meters have something to see besides the probes.
/// </summary>
internal sealed class BackgroundTraffic : IDisposable
{
    /// <summary>One packet of some UE each time: 20 a second.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private readonly EventCounts _events;
    private readonly IReadOnlyList<(BackgroundUe Ue, int SilentTurns)> _ues;
    private readonly PeriodicTimer _timer;
    private readonly Task _speaking;
    private volatile bool _isOn;

    public BackgroundTraffic(IReadOnlyList<UePopulation> populations, EventCounts events, TimeProvider time)
    {
        _events = events;
        _ues = NetworkNamespace.Run(
            Plan.Ue, () => (IReadOnlyList<(BackgroundUe, int)>)[.. populations.SelectMany(Open)]);
        _timer = new(Pace, time);
        _speaking = SpeakAsync();
    }

    private static IEnumerable<(BackgroundUe, int)> Open(UePopulation population) =>
        population.Addresses.Select(address =>
            (new BackgroundUe(address, population.Slice.HostAddress), population.SilentTurns));

    /// <summary>Starts or stops speaking; the lab is quiet at first.</summary>
    public void Switch(bool on) => _isOn = on;

    private async Task SpeakAsync()
    {
        int next = 0;
        while (await _timer.WaitForNextTickAsync())
        {
            if (!_isOn || _ues.Count == 0) continue;
            (BackgroundUe ue, int silentTurns) = _ues[next % _ues.Count];
            if (next++ < silentTurns) continue;
            try
            {
                _events.Add("background: answered", ue.Speak());
                _events.Add("background: sent");
            }
            catch (SocketException exception)
            {
                _events.Add($"background: {exception.SocketErrorCode}");
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        // A disposed timer ends the loop at its next turn; sockets go after it.
        _speaking.GetAwaiter().GetResult();
        foreach ((BackgroundUe ue, _) in _ues) ue.Dispose();
    }
}
