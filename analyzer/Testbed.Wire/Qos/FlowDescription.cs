using System.Globalization;
using Testbed.Wire.Ip;

namespace Testbed.Wire.Qos;

/// <summary>
/// A packet filter as 3GPP writes it: an IPFilterRule (RFC 6733 §4.3.1) narrowed to what flow descriptions may hold
/// (TS 29.214 §5.3.8, TS 29.244 §8.2.5), e.g. <c>permit out 17 from 10.1.0.0/16 5000-5099 to assigned</c>. The near
/// side is the UE, the far side whoever it talks to.
/// </summary>
/// <param name="Protocol">IP protocol number; null for any.</param>
/// <param name="Remote">The far side.</param>
/// <param name="UePorts">Ports on the near side.</param>
/// <param name="Ue">The near side; any where the text says <c>assigned</c> or <c>any</c>.</param>
public sealed record FlowDescription(
    byte? Protocol, AddressPrefix Remote, PortRange RemotePorts, PortRange UePorts, AddressPrefix Ue)
{
    /// <summary>Longest text that is read; the longest sensible one has about 140 characters.</summary>
    public const int TextLengthMax = 255;

    public FlowDescription(byte? protocol = null, AddressPrefix remote = default, PortRange? remotePorts = null)
        : this(protocol, remote, remotePorts ?? PortRange.Any, PortRange.Any, default)
    {
    }

    /// <summary>Whether a packet between the UE and a far side is of this flow, in either direction.</summary>
    /// <remarks>
    /// A packet without ports (ICMP, a later fragment) has ports 0 here and is of the flow only where all ports are.
    /// </remarks>
    public bool Matches(byte protocol, HostAddress ue, ushort uePort, HostAddress remote, ushort remotePort) =>
        (Protocol is not { } wanted || wanted == protocol)
        && RemotePorts.Contains(remotePort) && UePorts.Contains(uePort)
        && Remote.Contains(remote) && Ue.Contains(ue);

    /// <summary>What both describe; null when no packet is of both.</summary>
    public FlowDescription? And(FlowDescription other)
    {
        if (Protocol is { } one && other.Protocol is { } two && one != two) return null;
        return Remote.And(other.Remote) is { } remote && Ue.And(other.Ue) is { } ue
            && RemotePorts.And(other.RemotePorts) is { } remotePorts && UePorts.And(other.UePorts) is { } uePorts
            ? new(Protocol ?? other.Protocol, remote, remotePorts, uePorts, ue)
            : null;
    }

    /// <summary>
    /// Reads <c>permit in|out PROTOCOL from SIDE [PORTS] to SIDE [PORTS]</c>; with <c>in</c> the UE is the first side.
    /// False for anything else, deny rules, negations, port lists and options included.
    /// </summary>
    public static bool TryParse(string text, out FlowDescription? description)
    {
        description = null;
        if (text.Length > TextLengthMax) return false;
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int at = 0;
        if (Next() != "permit") return false;
        string direction = Next();
        if (direction is not ("in" or "out") || !TryProtocol(Next(), out byte? protocol)) return false;
        if (Next() != "from" || !TrySide(out AddressPrefix first, out PortRange firstPorts)) return false;
        if (Next() != "to" || !TrySide(out AddressPrefix second, out PortRange secondPorts)) return false;
        if (at < words.Length) return false;
        description = direction == "out"
            ? new(protocol, first, firstPorts, secondPorts, second)
            : new(protocol, second, secondPorts, firstPorts, first);
        return true;

        string Next() => at < words.Length ? words[at++] : "";

        bool TrySide(out AddressPrefix prefix, out PortRange ports)
        {
            ports = PortRange.Any;
            prefix = default;
            string word = Next();
            if (word is not ("any" or "assigned") && !AddressPrefix.TryParse(word, out prefix)) return false;
            if (at == words.Length || words[at] == "to") return true;
            return PortRange.TryParse(words[at++], out ports);
        }
    }

    /// <summary>As a rule of the downlink, the form that PFCP and N2 carry.</summary>
    public override string ToString()
    {
        string protocol = Protocol is { } number ? number.ToString(CultureInfo.InvariantCulture) : "ip";
        string ue = Ue.IsAny ? "assigned" : $"{Ue}";
        return $"permit out {protocol} from {Remote}{Ports(RemotePorts)} to {ue}{Ports(UePorts)}";
    }

    private static string Ports(PortRange ports) => ports.IsAny ? "" : $" {ports}";

    private static bool TryProtocol(string word, out byte? protocol)
    {
        protocol = null;
        if (word == "ip") return true;
        if (!byte.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out byte number)) return false;
        protocol = number;
        return true;
    }
}
