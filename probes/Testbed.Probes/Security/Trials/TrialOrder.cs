using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Testbed.Probes.Security.Trials;

/// <summary>The tunnel that a nested G-PDU names: as N3 showed the UE's own.</summary>
/// <param name="Qfi">QoS flow of its uplink packets, 0–63; null where N3 carries none.</param>
/// <param name="Upf">Where it ends: to no other address does its TEID mean anything.</param>
internal readonly record struct NestedTunnel(uint Teid, byte? Qfi, IPAddress Upf)
{
    /// <summary>As a fact of the tunnel watch: eight hex digits, QFI or hyphen, address; slashes between.</summary>
    public static bool TryParse(string? text, out NestedTunnel tunnel)
    {
        tunnel = default;
        if (text?.Split('/') is not [{ Length: 8 } teid, var qfi, var upf]
            || !uint.TryParse(teid, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint number)
            || !IPAddress.TryParse(upf, out IPAddress? address))
            return false;
        if (qfi == "-") tunnel = new(number, null, address);
        else if (byte.TryParse(qfi, NumberStyles.None, CultureInfo.InvariantCulture, out byte flow) && flow <= 63)
            tunnel = new(number, flow, address);
        else return false;
        return true;
    }

    public override string ToString() => $"{Teid:x8}/{(Qfi is { } qfi ? $"{qfi}" : "-")}/{Upf}";
}

/// <summary>
/// Parameters of a trial's sender. Always: trial (1–65535), kind, localAddress, localPort, remoteAddress, port, count
/// (1–10,000), ratePps (1–1,000), delayMs (0–10,000). Of a spoofed source: pools (prefixes with commas between), and
/// interface, empty for the one that has the local address; the latter also from UE to UE. Of a nested tunnel:
/// tunnel and upfAddresses, of which it must end at one. Optional: figure, the id under which the share of answered
/// packets is reported.
/// </summary>
internal sealed record TrialOrder
{
    public const string Control = "control", SpoofedSource = "spoofed-source", Nested = "nested-tunnel",
        UeToUe = "ue-to-ue", Unsolicited = "unsolicited-downlink";
    private const int PoolsMax = 16, UpfAddressesMax = 1_024;

    public required int Trial { get; init; }
    public required string Kind { get; init; }
    public required IPAddress Local { get; init; }
    public required int LocalPort { get; init; }
    public required IPAddress Remote { get; init; }
    public required int Port { get; init; }
    public required int Count { get; init; }
    public required int RatePps { get; init; }
    public required int DelayMs { get; init; }
    public string Interface { get; init; } = "";
    public IReadOnlyList<IPNetwork> Pools { get; init; } = [];
    public NestedTunnel Tunnel { get; init; }
    public string Figure { get; init; } = "";
    public string Slice { get; init; } = "";

    public bool IsControl => Kind == Control;
    /// <summary>The packets are written whole, past this host's own addresses and routes.</summary>
    public bool IsRaw => Kind is SpoofedSource or UeToUe;
    public string RecordName => $"trial-{Trial}.csv";

    public static TrialOrder Read(ProbeTask task)
    {
        ProbeParameters parameters = new(task);
        TrialOrder order = new()
        {
            Trial = parameters.Whole("trial", 1, ushort.MaxValue),
            Kind = parameters.OneOf("kind", Control, SpoofedSource, Nested, UeToUe, Unsolicited),
            Local = Ipv4(parameters, "localAddress"),
            LocalPort = parameters.Port("localPort"),
            Remote = Ipv4(parameters, "remoteAddress"),
            Port = parameters.Port("port"),
            Count = parameters.Whole("count", 1, 10_000),
            RatePps = parameters.Whole("ratePps", 1, 1_000),
            DelayMs = parameters.Whole("delayMs", 0, 10_000),
            Figure = task.Parameters.GetValueOrDefault("figure") ?? "",
            Slice = parameters.Slice,
        };
        if (order.IsRaw) order = order with { Interface = InterfaceOf(task, order.Local) };
        return order.Kind switch
        {
            SpoofedSource => order with { Pools = ReadPools(task) },
            Nested => order with { Tunnel = ReadTunnel(task, parameters.Addresses("upfAddresses", UpfAddressesMax)) },
            _ => order,
        };
    }

    private static IPAddress Ipv4(ProbeParameters parameters, string name)
    {
        IPAddress address = parameters.Address(name);
        return address.AddressFamily is AddressFamily.InterNetwork ? address
            : throw new ProbeParameterException(name, "an IPv4 address", address.ToString());
    }

    private static NestedTunnel ReadTunnel(ProbeTask task, IReadOnlyList<IPAddress> upfs)
    {
        string? text = task.Parameters.GetValueOrDefault("tunnel");
        if (!NestedTunnel.TryParse(text, out NestedTunnel tunnel))
            throw new ProbeParameterException(
                "tunnel", "a TEID of eight hex digits, a QFI or '-' and an address, slashes between", text);
        return tunnel.Upf.AddressFamily is AddressFamily.InterNetwork && upfs.Contains(tunnel.Upf) ? tunnel
            : throw new ProbeParameterException(
                "tunnel", "a tunnel to one of the IPv4 addresses that the claim gives UPFs on N3", text);
    }

    private static List<IPNetwork> ReadPools(ProbeTask task)
    {
        string? text = task.Parameters.GetValueOrDefault("pools");
        string[] parts = (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        List<IPNetwork> pools = [];
        foreach (string part in parts)
            if (IPNetwork.TryParse(part, out IPNetwork pool)
                && pool.BaseAddress.AddressFamily is AddressFamily.InterNetwork) pools.Add(pool);
        return pools.Count > 0 && pools.Count == parts.Length && parts.Length <= PoolsMax ? pools
            : throw new ProbeParameterException("pools", $"1 to {PoolsMax} IPv4 prefixes with commas between", text);
    }

    private static string InterfaceOf(ProbeTask task, IPAddress local)
    {
        if (task.Parameters.GetValueOrDefault("interface") is { Length: > 0 } named) return named;
        foreach (NetworkInterface each in NetworkInterface.GetAllNetworkInterfaces())
            if (each.GetIPProperties().UnicastAddresses.Any(unicast => unicast.Address.Equals(local)))
                return each.Name;
        throw new ProbeParameterException("interface", $"the interface that has {local}", null);
    }
}
