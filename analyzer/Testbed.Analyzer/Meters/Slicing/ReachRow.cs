using System.Net;
using Testbed.Analyzer.Meters.Records;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Slicing;

/// <summary>One packet of a slice-reach probe.</summary>
/// <param name="Index">Also the sequence number of a UDP try.</param>
/// <param name="TcpSequence">Of a SYN, as the run's key drew it.</param>
/// <param name="IcmpBytes">Of an echo request, behind the IP header.</param>
/// <param name="IcmpData">Its first four bytes of data, as the run's key drew them.</param>
internal readonly record struct ReachRow(
    uint Index, byte Protocol, HostAddress Target, bool IsControl, uint TcpSequence, int IcmpBytes,
    uint IcmpData)
{
    /// <exception cref="RecordFormatException">The file is no such record.</exception>
    public static List<ReachRow> Read(string path)
    {
        RecordTable table = RecordTable.Read(path);
        int index = table.Column("index"), protocol = table.Column("protocol"), target = table.Column("target");
        int control = table.Column("control"), tcp = table.Column("tcpSequence"), icmp = table.Column("icmpBytes");
        int data = table.Column("icmpData");
        List<ReachRow> rows = new(table.Rows.Count);
        for (int i = 0; i < table.Rows.Count; i++)
        {
            string[] row = table.Rows[i];
            if (!IPAddress.TryParse(row[target], out IPAddress? address))
                throw new RecordFormatException(path, i + 2, "an address in target", $"'{row[target]}'");
            bool isIpv6 = address.AddressFamily is System.Net.Sockets.AddressFamily.InterNetworkV6;
            rows.Add(new(
                (uint)table.Number(i, index), Number(row[protocol], isIpv6), HostAddress.From(address),
                table.Number(i, control) != 0, (uint)table.Number(i, tcp), (int)table.Number(i, icmp),
                (uint)table.Number(i, data)));
        }
        return rows;
    }

    private static byte Number(string protocol, bool isIpv6) => protocol switch
    {
        "udp" => IpProtocol.Udp,
        "tcp" => IpProtocol.Tcp,
        _ => isIpv6 ? IpProtocol.Icmpv6 : IpProtocol.Icmp,
    };
}
