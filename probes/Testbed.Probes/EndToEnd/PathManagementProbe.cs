using System.Net;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Probes.Sockets;
using Testbed.Wire.GtpU;

namespace Testbed.Probes.EndToEnd;

/// <summary>
/// E2E-005. Parameters: localAddress (on the N3 network), upfAddresses, seconds (1 to 120). Yields for each UPF
/// address how many Echo Responses and Error Indications came back.
/// </summary>
internal sealed class PathManagementProbe : IProbe
{
    public string Kind => "n3-path-management";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        IPAddress local = parameters.Address("localAddress");
        IReadOnlyList<IPAddress> addresses = parameters.Addresses("upfAddresses", countMax: 64);
        foreach (IPAddress address in addresses)
            ProbeParameters.RequireSameFamily("upfAddresses", address, local);
        int seconds = parameters.Whole("seconds", 1, 120);
        byte[] teidKey = ProbeKeys.Derive(parameters.RunNonce.Span, "testbed unknown teid v1");
        return ProbeThread.GuardAsync(() => ProbeThread.RunAsync(Kind, () =>
        {
            UpfPeer[] peers = [.. addresses.Select(address => new UpfPeer(address))];
            using Wake wake = new(cancellation);
            using UdpSocket socket = new(local, port: 0);
            using UdpSocket? atGtpPort = TryBindGtpPort(local);
            new PathManagement(socket, atGtpPort, peers, teidKey).Run(TimeSpan.FromSeconds(seconds), wake);
            cancellation.ThrowIfCancellationRequested();
            string source = $"{Kind}@{host.Kit}";
            return new ProbeOutcome(
                [
                    .. peers.Select(peer => Echo(peer, source)),
                    .. peers.Select(peer => Errors(peer, source, hearsGtpPort: atGtpPort is not null)),
                ], []);
        }));
    }

    /// <summary>Most UPFs answer to the source port; one that answers to 2152 is heard if it is free.</summary>
    private static UdpSocket? TryBindGtpPort(IPAddress local)
    {
        try
        {
            return new(local, GtpUHeader.Port);
        }
        catch (SocketFault fault) when (fault.Errno is SocketFault.Eaddrinuse or SocketFault.Eacces)
        {
            return null;
        }
    }

    private static KpiResult Echo(UpfPeer peer, string source) => Count(
        "gtpu-echo-responses", peer.EchoResponses, peer.EchoRequests, peer, source,
        peer.EchoResponses > 0 ? [] :
        [
            new($"{peer.Address} 对 {peer.EchoRequests} 个GTP-U Echo Request无一应答",
                $"{peer.Address} answered none of {peer.EchoRequests} GTP-U Echo Requests"),
        ]);

    private static KpiResult Errors(UpfPeer peer, string source, bool hearsGtpPort)
    {
        List<LocalText> findings = [];
        if (peer.ErrorIndications == 0)
            findings.Add(new($"{peer.Address} 对 {peer.UnknownTeids} 个未知TEID的G-PDU未回Error Indication",
                $"{peer.Address} sent no Error Indication for {peer.UnknownTeids} G-PDUs with unknown TEIDs"));
        if (peer.AtGtpPort > 0)
            findings.Add(new($"{peer.AtGtpPort} 个Error Indication发往2152端口而非源端口",
                $"{peer.AtGtpPort} Error Indications went to port 2152 instead of the source port"));
        if (peer.OtherPeerAddress > 0)
            findings.Add(new($"{peer.OtherPeerAddress} 个Error Indication携带的对端地址不是 {peer.Address}",
                $"{peer.OtherPeerAddress} Error Indications name another peer address than {peer.Address}"));
        KpiResult result = Count(
            "gtpu-error-indications", peer.ErrorIndications, peer.UnknownTeids, peer, source, findings);
        return hearsGtpPort || peer.ErrorIndications > 0 ? result : result with
        {
            NotUsable = new("本机 2152 端口已被占用，发往该端口的 Error Indication 无法收到",
                "port 2152 is taken on this kit, so an Error Indication that goes there cannot be heard"),
            NotUsableVerdict = Verdict.Inconclusive,
        };
    }

    private static KpiResult Count(
        string id, int value, int samples, UpfPeer peer, string source, IReadOnlyList<LocalText> findings) => new()
        {
            Id = id,
            Value = value,
            Low = value,
            High = value,
            Unit = "1",
            Samples = samples,
            Direction = Direction.RoundTrip,
            Layer = Layer.Outer,
            Scope = peer.Address.ToString(),
            Source = source,
            Findings = findings,
        };
}
