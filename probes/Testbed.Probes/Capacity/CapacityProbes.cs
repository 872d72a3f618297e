using System.Net;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Capacity;

/// <summary>The DN's end of capacity trials until it is stopped. Parameters: address, port.</summary>
internal sealed class CapacityServerProbe : IProbe
{
    public string Kind => "capacity-server";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        IPAddress address = parameters.Address("address");
        int port = parameters.Port("port");
        byte[] key = ProbeKeys.Derive(parameters.RunNonce.Span, CapacityMessage.KeyPurpose);
        return ProbeThread.RespondAsync(Kind, () =>
        {
            using Wake wake = new(cancellation);
            using UdpSocket socket = new(address, port, CapacityClientProbe.SocketOptions);
            host.Ready();
            new CapacityServer(socket, key).Run(wake);
        });
    }
}

/// <summary>
/// Maximum IP-layer capacity in one direction (RFC 9097). Parameters: localAddress, localPort, remoteAddress, port,
/// slice, direction, runs, seconds, maxMbps, payloadBytes.
/// </summary>
internal sealed class CapacityClientProbe : IProbe
{
    /// <summary>Room for 80 ms at 400 Mbit/s: a receiver that the scheduler held up loses nothing itself.</summary>
    internal static readonly UdpOptions SocketOptions = new(BufferBytes: 4 << 20);
    private const string RecordHeader =
        "trial,subInterval,startUnixNs,endUnixNs,sentBytes,receivedBytes,lost,reordered,rttMinUs,rttMaxUs,rateBps";

    public string Kind => "capacity-client";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        IPAddress local = parameters.Address("localAddress"), remote = parameters.Address("remoteAddress");
        ProbeParameters.RequireSameFamily("remoteAddress", remote, local);
        int localPort = parameters.Whole("localPort", 0, ushort.MaxValue), port = parameters.Port("port");
        string direction = parameters.OneOf("direction", "downlink", "uplink");
        int runs = parameters.Whole("runs", 1, 100);
        TrialOrder order = ReadOrder(parameters, direction == "downlink");
        byte[] key = ProbeKeys.Derive(parameters.RunNonce.Span, CapacityMessage.KeyPurpose);
        string recordName = $"capacity-{direction}.csv", path = parameters.Path;
        return ProbeThread.GuardAsync(async () =>
        {
            List<TrialResult?> trials = [];
            double last = 0;
            using Wake wake = new(cancellation);
            using UdpSocket socket = new(local, localPort, SocketOptions);
            using RecordWriter record = new(host.CreateRecord(recordName), RecordHeader);
            CapacityClient client = new(socket, SockAddr.Create(remote, port), key);
            Task<bool> work = ProbeThread.RunAsync(Kind, () =>
            {
                for (int trial = 0; trial < runs && !wake.IsSignalled; trial++)
                {
                    TrialResult? result = client.Run(in order, wake);
                    if (wake.IsSignalled) break;
                    if (result is not null) Write(record, trial, result);
                    lock (trials) trials.Add(result);
                    last = result is null ? 0 : CapacityKpi.MaximumBps(result) / 1e6;
                    if (trials.TrueForAll(each => each is null)) break; // No server: asking on would not help.
                }
                return true;
            });
            await ProbeThread.WithProgressAsync(work, host, () =>
            {
                lock (trials)
                    return ((double)trials.Count / runs, FormattableString.Invariant($"{last:0.0} Mbit/s"));
            });
            cancellation.ThrowIfCancellationRequested();
            CapacityKpi kpi = new(order, trials, runs, path, $"{Kind}@{host.Kit}", recordName);
            return new ProbeOutcome(kpi.Build(), [recordName], kpi.Problem(remote, port));
        });
    }

    private static TrialOrder ReadOrder(ProbeParameters parameters, bool toClient)
    {
        decimal maxMbps = parameters.Number("maxMbps", 0.1m, TrialOrder.KbpsMax / 1_000m);
        int maxKbps = (int)(maxMbps * 1_000);
        return new(toClient,
            parameters.Whole("payloadBytes", TrialOrder.PayloadBytesMin, TrialOrder.PayloadBytesMax),
            parameters.Whole("seconds", 1, TrialOrder.SecondsMax),
            Math.Min(maxKbps, TrialOrder.StartKbpsDefault), maxKbps);
    }

    private static void Write(RecordWriter record, int trial, TrialResult result)
    {
        for (int i = 0; i < result.Rows.Length; i++)
        {
            SubInterval row = result.Rows[i];
            record.Add(trial).Add(i).Add(row.StartUnixNs).Add(row.EndUnixNs).Add(row.SentBytes).Add(row.ReceivedBytes);
            record.Add(row.Lost).Add(row.Reordered).Add(row.RttMinUs).Add(row.RttMaxUs).Add(row.RateBps).EndRow();
        }
    }
}
