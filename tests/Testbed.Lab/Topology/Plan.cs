namespace Testbed.Lab.Topology;

/// <summary>Names and addresses of the lab's network, as drawn in docs/architecture.md.</summary>
internal static class Plan
{
    public const string Ue = "ue";
    public const string Gnb = "gnb";
    public const string KitA = "kit-a";
    public const string Upf = "upf";
    public const string Core = "core";
    public const string DnA = "dna";
    public const string DnB = "dnb";
    /// <summary>The edge site: its host and what runs on it.</summary>
    public const string Mec = "mec";
    /// <summary>The way from the central N6 to the data network of slice embb: far, as a central site is.</summary>
    public const string Wan = "wan";

    /// <summary>Where NEF, CAPIF and the CAMARA gateway live.</summary>
    public const string Nef = "nef";

    public static readonly IReadOnlyList<string> Namespaces = [Ue, Gnb, KitA, Upf, Core, DnA, DnB, Mec, Wan, Nef];

    /// <summary>Each kit and the namespace that it lives in.</summary>
    public static readonly IReadOnlyList<(string Kit, string Namespace)> Kits =
        [("kit-ue", Ue), ("kit-dna", DnA), ("kit-dnb", DnB), ("kit-mec", Mec), ("kit-a", KitA)];

    public const string GnbN3 = "10.100.3.10";
    public const string UpfN3 = "10.100.3.1";
    /// <summary>A second N3 address that the claim does not name; only the fault hidden-upf serves from it.</summary>
    public const string HiddenUpfN3 = "10.100.3.3";
    /// <summary>The address with which the kit may speak on N3.</summary>
    public const string KitN3 = "10.100.3.200";
    /// <summary>NGAP ends of gNB and AMF part: spoken by the lab itself, so no kernel has these addresses.</summary>
    public const string GnbN2 = "10.100.2.10";
    public const string AmfN2 = "10.100.2.1";
    public const string SmfN4 = "10.100.4.10";
    public const string UpfN4 = "10.100.4.1";
    public const string UpfN6A = "10.100.61.1";
    public const string UpfN6B = "10.100.62.1";
    public const string HostA = "10.100.61.10";
    public const string HostB = "10.100.62.10";
    public const string UpfN6Edge = "10.100.63.1";
    /// <summary>The edge host: MEC platform, name server and the edge application.</summary>
    public const string EdgeHost = "10.100.63.10";
    /// <summary>Network instance that leads to the edge (TS 29.244 §8.2.4).</summary>
    public const string EdgeInstance = "edge";
    /// <summary>The UPF's N6 interface to the edge.</summary>
    public const string EdgeInterface = "n6e";
    /// <summary>TCP port of the MEC platform.</summary>
    public const ushort MecPort = 8443;
    /// <summary>Ends of the line from data network to edge site, laid only where edge traffic goes that way.</summary>
    public const string BackhaulDnA = "10.100.64.1", BackhaulEdge = "10.100.64.10";
    /// <summary>Domain name of the edge application.</summary>
    public const string EdgeApp = "edge.example.mec";

    /// <summary>Where the edge's data network is reached, as TrafficInfluence names it.</summary>
    public const string EdgeDnai = "edge-1";

    /// <summary>NEF, CAPIF and CAMARA gateway on the exposure network, and the kit that calls them.</summary>
    public const string NefAddress = "10.100.5.10";
    public const string KitExposure = "10.100.5.200";

    /// <summary>First hop of a UE as its kernel sees it; nothing answers there, the gNB reads the raw frames.</summary>
    public const string UeGateway = "169.254.45.1";

    /// <summary>Where the UE side takes requests for sessions, in namespace ue.</summary>
    public const string AttachInterface = "127.0.0.1:7201";

    /// <summary>UDP port of GTP-U (TS 29.281 §4.4.2.3).</summary>
    public const ushort GtpUPort = 2152;
    /// <summary>UDP port of PFCP (TS 29.244 §6.2.2.2).</summary>
    public const ushort PfcpPort = 8805;
    /// <summary>SCTP port of NGAP (TS 38.412 §7).</summary>
    public const ushort NgapPort = 38412;

    /// <summary>A UE's packets, bytes.</summary>
    public const int UeMtu = 1500;
    /// <summary>
    /// Room for 1500 bytes and 44 of outer IPv4, UDP and GTP-U with its container: nothing fragments.
    /// </summary>
    public const int N3Mtu = 1600;
}
