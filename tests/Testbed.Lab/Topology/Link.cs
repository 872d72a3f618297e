namespace Testbed.Lab.Topology;

/// <summary>One end of a veth pair.</summary>
/// <param name="Namespace">Where the interface lives.</param>
/// <param name="Bridge">The bridge in the same namespace that it is a port of, if any.</param>
/// <param name="Address">IPv4 address with prefix length, if any.</param>
internal sealed record LinkEnd(
    string Namespace, string Name, string Mac, string? Bridge = null, string? Address = null);

/// <summary>A veth pair: what a cable is in a real testbed.</summary>
/// <param name="Mtu">Bytes of IP packet that fit.</param>
internal sealed record Link(LinkEnd One, LinkEnd Other, int Mtu);

/// <summary>A neighbour that is known from the start, so that no ARP is heard on the taps.</summary>
internal sealed record Neighbour(string Namespace, string Interface, string Address, string Mac);

/// <summary>The cables, bridges and neighbours of docs/architecture.md.</summary>
internal static class Wiring
{
    public const string UeAMac = "02:00:00:45:00:01";
    public const string UeBMac = "02:00:00:46:00:01";
    public const string HostAMac = "02:00:00:61:00:10";
    public const string HostBMac = "02:00:00:62:00:10";
    public const string EdgeHostMac = "02:00:00:63:00:10";
    /// <summary>Interfaces of the long way to the data network, and the neighbours that they stand for.</summary>
    public const string WanToN6 = "wan-n6", WanToHost = "wan-dn";
    public const string UpfN6AMac = "02:00:00:61:00:01";
    private const string GnbAMac = "02:00:00:45:00:02";
    private const string GnbBMac = "02:00:00:46:00:02";
    private const string GnbN3Mac = "02:00:00:03:00:10";
    private const string UpfN3Mac = "02:00:00:03:00:01";
    private const string KitN3Mac = "02:00:00:03:02:00";
    private const string UpfN6EdgeMac = "02:00:00:63:00:01";
    private const string UpfN6BMac = "02:00:00:62:00:01";
    private const string UpfN4Mac = "02:00:00:04:00:01";
    public const string GnbN2Mac = "02:00:00:02:00:10";
    public const string AmfN2Mac = "02:00:00:02:00:01";
    private const string SmfMac = "02:00:00:04:00:10";

    public static readonly IReadOnlyList<Link> Links =
    [
        new(new(Plan.Ue, "ueA", UeAMac), new(Plan.Gnb, "ueA-g", GnbAMac), Plan.UeMtu),
        new(new(Plan.Ue, "ueB", UeBMac), new(Plan.Gnb, "ueB-g", GnbBMac), Plan.UeMtu),
        new(new(Plan.Gnb, "n3", GnbN3Mac, Address: Plan.GnbN3 + "/24"),
            new(Plan.KitA, "n3g", "02:00:00:03:01:10", "br-n3"), Plan.N3Mtu),
        new(new(Plan.Upf, "n3", UpfN3Mac, Address: Plan.UpfN3 + "/24"),
            new(Plan.KitA, "n3u", "02:00:00:03:01:01", "br-n3"), Plan.N3Mtu),
        new(new(Plan.Upf, "n6a", UpfN6AMac, Address: Plan.UpfN6A + "/24"),
            new(Plan.KitA, "n6au", "02:00:00:61:01:01", "br-n6a"), Plan.UeMtu),
        // Each end of the long way has the MAC address of the neighbour that it hides.
        new(new(Plan.Wan, WanToN6, HostAMac),
            new(Plan.KitA, "n6a", "02:00:00:61:01:10", "br-n6a"), Plan.UeMtu),
        new(new(Plan.DnA, "dn", HostAMac, Address: Plan.HostA + "/24"),
            new(Plan.Wan, WanToHost, UpfN6AMac), Plan.UeMtu),
        new(new(Plan.Upf, "n6b", UpfN6BMac, Address: Plan.UpfN6B + "/24"),
            new(Plan.KitA, "n6bu", "02:00:00:62:01:01", "br-n6b"), Plan.UeMtu),
        new(new(Plan.DnB, "dn", HostBMac, Address: Plan.HostB + "/24"),
            new(Plan.KitA, "n6b", "02:00:00:62:01:10", "br-n6b"), Plan.UeMtu),
        new(new(Plan.Upf, "n6e", UpfN6EdgeMac, Address: Plan.UpfN6Edge + "/24"),
            new(Plan.KitA, "n6eu", "02:00:00:63:01:01", "br-n6e"), Plan.UeMtu),
        new(new(Plan.Mec, "edge", EdgeHostMac, Address: Plan.EdgeHost + "/24"),
            new(Plan.KitA, "n6e", "02:00:00:63:01:10", "br-n6e"), Plan.UeMtu),
        new(new(Plan.Core, "n4", SmfMac, Address: Plan.SmfN4 + "/24"),
            new(Plan.KitA, "n4s", "02:00:00:04:01:10", "br-n4"), Plan.UeMtu),
        new(new(Plan.Upf, "n4", UpfN4Mac, Address: Plan.UpfN4 + "/24"),
            new(Plan.KitA, "n4u", "02:00:00:04:01:01", "br-n4"), Plan.UeMtu),
        new(new(Plan.Gnb, "n2", GnbN2Mac), new(Plan.KitA, "n2g", "02:00:00:02:01:10", "br-n2"), Plan.UeMtu),
        new(new(Plan.Core, "n2", AmfN2Mac), new(Plan.KitA, "n2u", "02:00:00:02:01:01", "br-n2"), Plan.UeMtu),
        // No tap is here: what an API says is never taken from the wire.
        new(new(Plan.Nef, "api", "02:00:00:05:00:10", Address: Plan.NefAddress + "/24"),
            new(Plan.KitA, "api", "02:00:00:05:02:00", Address: Plan.KitExposure + "/24"), Plan.UeMtu),
    ];

    /// <summary>The line between data network and edge site, where it is laid.</summary>
    public static readonly Link Backhaul = new(
        new(Plan.DnA, "backhaul", "02:00:00:64:00:01", Address: Plan.BackhaulDnA + "/24"),
        new(Plan.Mec, "backhaul", "02:00:00:64:00:10", Address: Plan.BackhaulEdge + "/24"), Plan.UeMtu);

    /// <summary>Bridges of kit-a: name, MAC address, MTU and the kit's own address there, if any.</summary>
    public static readonly IReadOnlyList<(string Name, string Mac, int Mtu, string? Address)> Bridges =
    [
        ("br-n3", KitN3Mac, Plan.N3Mtu, Plan.KitN3 + "/24"),
        ("br-n6a", "02:00:00:61:02:00", Plan.UeMtu, null),
        ("br-n6b", "02:00:00:62:02:00", Plan.UeMtu, null),
        ("br-n6e", "02:00:00:63:02:00", Plan.UeMtu, null),
        ("br-n4", "02:00:00:04:02:00", Plan.UeMtu, null),
        ("br-n2", "02:00:00:02:02:00", Plan.UeMtu, null),
    ];

    public static readonly IReadOnlyList<Neighbour> Neighbours =
    [
        new(Plan.Ue, "ueA", Plan.UeGateway, GnbAMac),
        new(Plan.Ue, "ueB", Plan.UeGateway, GnbBMac),
        new(Plan.Gnb, "n3", Plan.UpfN3, UpfN3Mac),
        new(Plan.Gnb, "n3", Plan.HiddenUpfN3, UpfN3Mac),
        new(Plan.Gnb, "n3", Plan.KitN3, KitN3Mac),
        new(Plan.Upf, "n3", Plan.GnbN3, GnbN3Mac),
        new(Plan.Upf, "n3", Plan.KitN3, KitN3Mac),
        new(Plan.KitA, "br-n3", Plan.UpfN3, UpfN3Mac),
        new(Plan.KitA, "br-n3", Plan.HiddenUpfN3, UpfN3Mac),
        new(Plan.KitA, "br-n3", Plan.GnbN3, GnbN3Mac),
        new(Plan.Upf, "n4", Plan.SmfN4, SmfMac),
        new(Plan.Core, "n4", Plan.UpfN4, UpfN4Mac),
        new(Plan.Upf, "n6a", Plan.HostA, HostAMac),
        new(Plan.Upf, "n6b", Plan.HostB, HostBMac),
        new(Plan.Upf, "n6e", Plan.EdgeHost, EdgeHostMac),
        new(Plan.Mec, "edge", Plan.UpfN6Edge, UpfN6EdgeMac),
        new(Plan.DnA, "dn", Plan.UpfN6A, UpfN6AMac),
        new(Plan.DnB, "dn", Plan.UpfN6B, UpfN6BMac),
    ];
}
