using System.Net;
using Testbed.Probes.Sockets;
using Testbed.Wire.Stamp;

namespace Testbed.Probes.Stamp;

/// <summary>Answers the STAMP session of a run until it is stopped. Parameters: address, port, session.</summary>
internal sealed class StampReflectorProbe : IProbe
{
    public string Kind => "stamp-reflector";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        IPAddress address = parameters.Address("address");
        int port = parameters.Port("port");
        int session = parameters.Whole("session", 1, ushort.MaxValue);
        StampKey key = StampKeys.Derive(parameters.RunNonce.Span, session);
        return ProbeThread.RespondAsync(Kind, () =>
        {
            using Wake wake = new(cancellation);
            using UdpSocket socket = new(address, port);
            host.Ready();
            new StampReflector(socket, key, (ushort)session).Run(wake);
        });
    }
}
