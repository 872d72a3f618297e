using System.Net;
using System.Text;
using Testbed.Conformance.Results;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Security.Mutants;

/// <summary>
/// SEC-008: sends malformed GTP-U messages to UPF addresses and asks each for an echo before and after. Parameters:
/// localAddress (on the N3 network), upfAddresses, count (1 to 1,000,000 to each address), ratePps (1 to 50,000).
/// </summary>
internal sealed class MutantProbe : IProbe
{
    private const string RecordName = "mutants.csv";

    public string Kind => "gtpu-mutants";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        IPAddress local = parameters.Address("localAddress");
        IReadOnlyList<IPAddress> addresses = parameters.Addresses("upfAddresses", countMax: 64);
        foreach (IPAddress address in addresses)
            ProbeParameters.RequireSameFamily("upfAddresses", address, local);
        int count = parameters.Whole("count", 1, 1_000_000), rate = parameters.Whole("ratePps", 1, 50_000);
        GtpUMutator mutator = new(ProbeKeys.Derive(parameters.RunNonce.Span, "testbed gtp-u mutants v1"));
        return ProbeThread.GuardAsync(async () =>
        {
            MutantPeer[] peers = [.. addresses.Select(address => new MutantPeer(address))];
            using Wake wake = new(cancellation);
            using UdpSocket echoes = new(local, port: 0), socket = new(local, port: 0);
            MutantRun run = new(echoes, socket, peers, mutator, count, rate, wake);
            Task<bool> work = ProbeThread.RunAsync(Kind, () => { run.Run(); return true; });
            await ProbeThread.WithProgressAsync(work, host, () => ((double)run.Sent / count, $"{run.Sent}/{count}"));
            cancellation.ThrowIfCancellationRequested();
            Write(peers, host);
            return new ProbeOutcome([.. peers.Select(peer => Judge(peer, $"{Kind}@{host.Kit}"))], [RecordName]);
        });
    }

    private static void Write(MutantPeer[] peers, IProbeHost host)
    {
        using RecordWriter record = new(
            host.CreateRecord(RecordName), "address,mutants,firstNs,lastNs,answersBefore,echoesAfter,answersAfter");
        foreach (MutantPeer peer in peers)
            record.Add(Encoding.ASCII.GetBytes($"{peer.Address}")).Add(peer.Mutants).Add(peer.FirstNs)
                .Add(peer.LastNs).Add(peer.AnswersBefore).Add(peer.EchoesAfter).Add(peer.AnswersAfter).EndRow();
    }

    internal static KpiResult Judge(MutantPeer peer, string source)
    {
        KpiResult result = new()
        {
            Id = "upf-echoes-after-mutants",
            Value = peer.AnswersAfter,
            Low = peer.AnswersAfter,
            High = peer.AnswersAfter,
            Unit = "1",
            Samples = peer.Mutants,
            Direction = Direction.RoundTrip,
            Layer = Layer.Outer,
            Scope = peer.Address.ToString(),
            Source = source,
            Evidence = [RecordName],
            Findings =
            [
                new($"{peer.Mutants} 个畸形报文之后，{peer.Address} 应答了 {peer.EchoesAfter} 个 Echo 中的 {peer.AnswersAfter} 个",
                    $"after {peer.Mutants} malformed messages {peer.Address} answered {peer.AnswersAfter} of "
                        + $"{peer.EchoesAfter} echoes"),
            ],
        };
        return peer.AnswersBefore > 0 ? result : result with
        {
            NotUsable = new($"{peer.Address} 在发送畸形报文之前就不应答 Echo，无法判断其是否受影响",
                $"{peer.Address} answered no echo even before the malformed messages, so nothing tells what they did"),
            NotUsableVerdict = Verdict.Inconclusive,
        };
    }
}
