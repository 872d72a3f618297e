using Testbed.Lab.Native;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Taps;

/// <summary>
/// Feeds taps that are not in the cable: copies what passes the UPF's end of it, through filters, to the interface at
/// which the kit captures. An honest lab has none of them. One socket for all, so that copies keep their order.
/// </summary>
internal sealed class TapFeed : IDisposable
{
    private sealed record Copier(SendPort To, IReadOnlyList<ITapFilter> Filters);

    private readonly StopSignal _stop;
    /// <summary>By the index of the UPF's interface.</summary>
    private readonly Dictionary<int, Copier> _copiers;
    private readonly int _fd;
    private readonly Thread _thread;

    /// <param name="filters">By the kit's interface, as in the claim.</param>
    public TapFeed(IReadOnlyDictionary<string, List<ITapFilter>> filters, StopSignal stop)
    {
        _stop = stop;
        (_copiers, _fd) = NetworkNamespace.Run(
            Plan.Upf, () => (new Dictionary<int, Copier>(filters.Select(Open)), LabSockets.OpenRawPacketOfAll()));
        _thread = new(Run) { IsBackground = true, Name = "tap feed" };
        _thread.Start();
    }

    /// <summary>
    /// Takes the tap's name from the cable's own port and gives it to an interface that only gets what is fed to it.
    /// </summary>
    public static async Task RewireAsync(IEnumerable<string> taps)
    {
        foreach (string tap in taps)
        {
            Link cable = CableOf(tap);
            await IpCommand.RunAsync(
                Plan.KitA, $"link set {tap} down\nlink set {tap} name {tap}-in\nlink set {tap}-in up\n");
            await IpCommand.RunAsync(
                null, $"link add {FeedOf(tap)} mtu {cable.Mtu} netns {Plan.Upf} type veth "
                    + $"peer name {tap} mtu {cable.Mtu} netns {Plan.KitA}\n");
            foreach ((string name, string end) in new[] { (Plan.Upf, FeedOf(tap)), (Plan.KitA, tap) })
            {
                NetworkNamespace.Run(name, () => LinkOffloads.Disable(end));
                await IpCommand.RunAsync(name, $"link set {end} up\n");
            }
        }
    }

    private static string FeedOf(string tap) => "to-" + tap;

    private static Link CableOf(string tap) =>
        Wiring.Links.First(link => link.Other.Name == tap && link.One.Namespace == Plan.Upf);

    private static KeyValuePair<int, Copier> Open(KeyValuePair<string, List<ITapFilter>> tap)
    {
        int from = (int)Libc.InterfaceIndex(CableOf(tap.Key).One.Name);
        int to = LabSockets.OpenRawPacket(FeedOf(tap.Key), out int interfaceIndex);
        return new(from, new(SendPort.ToMac(to, interfaceIndex, "02:00:00:00:00:00"), tap.Value));
    }

    private void Run()
    {
        using ReceiveBatch batch = new();
        using SendList sends = new();
        Waiter waiter = new(_stop.Fd, _fd);
        while (!_stop.IsSet)
        {
            waiter.Wait();
            if (waiter.IsReady(1)) Copy(batch, sends);
        }
    }

    private void Copy(ReceiveBatch batch, SendList sends)
    {
        int count = batch.Receive(_fd);
        for (int i = 0; i < count; i++)
        {
            // The copies themselves pass an interface of this namespace, too.
            if (!_copiers.TryGetValue(batch.InterfaceOf(i), out Copier? copier)
                || !batch.TryGet(i, out Datagram frame)) continue;
            bool isFromUpf = batch.IsOutgoing(i), isShown = true;
            foreach (ITapFilter filter in copier.Filters) isShown &= filter.Shows(frame, isFromUpf);
            if (isShown) sends.Add(frame, copier.To);
        }
        // Before the batch receives again, for the frames lie in it.
        sends.Flush();
    }

    /// <summary>Call after the stop signal is set.</summary>
    public void Dispose() => _thread.Join();
}
