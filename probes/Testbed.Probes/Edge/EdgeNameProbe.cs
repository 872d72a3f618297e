using System.Globalization;
using System.Text;
using Testbed.Probes.Sockets;
using Testbed.Wire.Ip;

namespace Testbed.Probes.Edge;

/// <summary>
/// EDG-003: asks for the edge application's name over the PDU session, each time from another port, and sends keyed
/// packets to the addresses that it gets and that the claim has at the edge. It only records: whether the answers
/// crossed N3, and by which N6 the packets left, is told by the taps. Parameters as in <see cref="EdgeNameOrder"/>.
/// </summary>
internal sealed class EdgeNameProbe : IProbe
{
    public const string RecordName = "edge-name.csv";
    private const string Header = "question,localPort,sentNs,receivedNs,code,addresses,right";
    private const int TriesMax = 3;
    private const long WaitNs = 1_000_000_000;

    public string Kind => "edge-name";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        EdgeNameOrder order = EdgeNameOrder.Read(parameters);
        byte[] key = ProbeKeys.Derive(parameters.RunNonce.Span, "testbed dns question v1");
        HostAddress[] edges = [.. order.EdgeAddresses.Select(HostAddress.From)];
        return ProbeThread.GuardAsync(() => ProbeThread.RunAsync(Kind, () =>
        {
            using RecordWriter record = new(host.CreateRecord(RecordName), Header);
            using Wake wake = new(cancellation);
            HashSet<HostAddress> got = [];
            for (int i = 0; i < order.LocalPorts.Count; i++)
            {
                EdgeNameQuestion question = new(order.Name, order.Type, ProbeKeys.Draw(key, i));
                (long sentNs, long receivedNs) = Ask(order, order.LocalPorts[i], question, wake);
                cancellation.ThrowIfCancellationRequested();
                Write(record, i, order.LocalPorts[i], sentNs, receivedNs, question, edges);
                got.UnionWith(question.Addresses);
                host.Progress((i + 1.0) / (order.LocalPorts.Count + 1));
            }
            // To nobody else: what a name server says is no consent of whoever has that address.
            got.IntersectWith(edges);
            EdgeNamePackets.Send(order, parameters.RunNonce.Span, [.. got.Order()], wake);
            cancellation.ThrowIfCancellationRequested();
            return new ProbeOutcome([], [RecordName]);
        }));
    }

    /// <summary>Times of the first sending and of the answer; 0 without one.</summary>
    private static (long SentNs, long ReceivedNs) Ask(
        EdgeNameOrder order, int localPort, EdgeNameQuestion question, Wake wake)
    {
        using UdpSocket socket = new(order.LocalAddress, localPort);
        SockAddr server = SockAddr.Create(order.Server, order.ServerPort);
        byte[] buffer = new byte[4096];
        long firstNs = Clocks.RealtimeNs();
        for (int i = 0; i < TriesMax && !wake.IsSignalled; i++)
        {
            // What the kernel refuses is a question that nobody answers.
            socket.Send(question.Query, in server);
            long deadlineNs = Clocks.MonotonicNs() + WaitNs;
            while (!wake.IsSignalled && Clocks.MonotonicNs() < deadlineNs && socket.Wait(deadlineNs, wake))
            {
                while (socket.TryReceive(buffer, out Received received))
                {
                    if (received.Source.Equals(server) && received.Length <= buffer.Length
                        && question.TryTake(buffer.AsSpan(0, received.Length)))
                        return (firstNs, received.RealtimeNs);
                }
            }
        }
        return (firstNs, 0);
    }

    private static void Write(
        RecordWriter record, int number, int localPort, long sentNs, long receivedNs, EdgeNameQuestion question,
        HostAddress[] edges)
    {
        bool right = question.Addresses.Count > 0 && question.Addresses.All(edges.Contains);
        // A row has room for a few; that there were more does not change whether all are right.
        int shownMax = question.Addresses is [{ IsIpv4: true }, ..] ? 3 : 1;
        string addresses = string.Join(' ', question.Addresses.Take(shownMax));
        record.Add(number).Add(localPort).Add(sentNs).Add(receivedNs)
            .Add(Encoding.ASCII.GetBytes(
                question.Code is { } code ? ((int)code).ToString(CultureInfo.InvariantCulture) : "none"))
            .Add(Encoding.ASCII.GetBytes(addresses)).Add(right ? 1 : 0).EndRow();
    }
}
