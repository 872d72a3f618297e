using System.Globalization;
using System.Net;

namespace Testbed.Probes.Security.Scanning;

internal enum ScanProtocol { Icmp, Tcp, Udp, Sctp }

/// <summary>What came of one try.</summary>
internal enum ScanAnswer
{
    /// <summary>Nothing: filtered, or nobody is there.</summary>
    None,
    /// <summary>The address answered as its protocol does.</summary>
    Open,
    /// <summary>
    /// A refusal in the address's name: from the host itself, or from a filter that answers in its place.
    /// </summary>
    Refused,
    /// <summary>This host did not let the try out.</summary>
    NotSent,
}

/// <summary>One address and port to try.</summary>
/// <param name="port">0 with ICMP.</param>
internal sealed class ScanTarget(IPAddress address, ScanProtocol protocol, int port)
{
    private int _answer;

    public IPAddress Address { get; } = address;
    public ScanProtocol Protocol { get; } = protocol;
    public int Port { get; } = port;

    public ScanAnswer Answer => (ScanAnswer)Volatile.Read(ref _answer);

    /// <summary>The first answer stands, but that an open port is never taken back.</summary>
    public void Take(ScanAnswer answer)
    {
        if (Answer is ScanAnswer.None || answer is ScanAnswer.Open) Volatile.Write(ref _answer, (int)answer);
    }

    public string Name => Protocol is ScanProtocol.Icmp
        ? $"{Address} (ICMP)" : $"{Address} {Port}/{Word(Protocol)}";

    public static string Word(ScanProtocol protocol) => protocol switch
    {
        ScanProtocol.Icmp => "icmp",
        ScanProtocol.Tcp => "tcp",
        ScanProtocol.Udp => "udp",
        _ => "sctp",
    };

    /// <summary>Reads a port as claims write it, such as <c>38412/sctp</c>.</summary>
    public static bool TryParsePort(string text, out int port, out ScanProtocol protocol)
    {
        (port, protocol) = (0, ScanProtocol.Tcp);
        if (text.Split('/') is not [var number, var word]
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out port)
            || port is < 1 or > ushort.MaxValue) return false;
        protocol = word switch
        {
            "tcp" => ScanProtocol.Tcp, "udp" => ScanProtocol.Udp, "sctp" => ScanProtocol.Sctp, _ => ScanProtocol.Icmp,
        };
        return protocol is not ScanProtocol.Icmp;
    }
}
