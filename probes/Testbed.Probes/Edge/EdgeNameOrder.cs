using System.Net;
using System.Net.Sockets;
using Testbed.Wire.Dns;

namespace Testbed.Probes.Edge;

/// <summary>
/// The parameters of edge-name: localAddress, localPorts (one question each), serverAddress, serverPort (53 where it
/// is not given), name and edgeAddresses, of which every address that the answer gives must be one. Then a number of
/// packets goes to port of each that an answer gave, from packetsLocalPort, at ratePps, with the key of session.
/// </summary>
internal sealed record EdgeNameOrder(
    IPAddress LocalAddress, IReadOnlyList<int> LocalPorts, IPAddress Server, int ServerPort, string Name,
    IReadOnlyList<IPAddress> EdgeAddresses, int Packets, decimal RatePps, int PacketsLocalPort, int Port, int Session)
{
    private const int PacketsMax = 1_000;
    private const int QuestionsMax = 100;
    private const int EdgeAddressesMax = 64;

    public DnsType Type => EdgeAddresses[0].AddressFamily is AddressFamily.InterNetworkV6 ? DnsType.Aaaa : DnsType.A;

    public static EdgeNameOrder Read(ProbeParameters parameters)
    {
        IPAddress local = parameters.Address("localAddress"), server = parameters.Address("serverAddress");
        ProbeParameters.RequireSameFamily("serverAddress", server, local);
        string name = parameters.RequiredText("name", DnsName.LengthMax);
        try
        {
            DnsName.Write(stackalloc byte[DnsName.LengthMax + 1], name);
        }
        catch (ArgumentException)
        {
            throw new ProbeParameterException("name", "a domain name", name);
        }
        return new(
            local, parameters.Ports("localPorts", QuestionsMax), server,
            parameters.Has("serverPort") ? parameters.Port("serverPort") : DnsMessage.Port, name,
            parameters.Addresses("edgeAddresses", EdgeAddressesMax), parameters.Whole("packets", 1, PacketsMax),
            parameters.Number("ratePps", 0.1m, 1_000), parameters.Port("packetsLocalPort"), parameters.Port("port"),
            parameters.Whole("session", 1, ushort.MaxValue));
    }
}
