namespace Testbed.Lab.Topology;

/// <summary>
/// How UEs of one slice come into the lab and where their data network is: one interface a slice on the UE side,
/// because the lab has no radio that could tell slices apart.
/// </summary>
/// <param name="Name">The claim's name of the slice.</param>
/// <param name="Sst">Slice/service type, 0–255.</param>
/// <param name="Sd">Slice differentiator, 24 bits.</param>
/// <param name="Pool">UE pool as prefix, e.g. <c>10.45.0.0/16</c>.</param>
/// <param name="UeInterface">In namespace ue.</param>
/// <param name="GnbInterface">The other end, in namespace gnb.</param>
/// <param name="Qfi">QoS flow identifier of the slice's only flow, 0–63.</param>
/// <param name="FiveQi">Its 5QI (TS 23.501 table 5.7.4-1).</param>
/// <param name="RouteTable">Kernel routing table of the slice's source-based rule.</param>
internal sealed record SliceAccess(
    string Name, byte Sst, uint Sd, string Dnn, string Pool, string UeInterface, string GnbInterface, string UeMac,
    byte Qfi, int FiveQi, string UpfN6, string N6Interface, string HostAddress, string HostMac, int RouteTable)
{
    public static readonly SliceAccess Embb = new(
        "embb", 1, 0x000001, "internet", "10.45.0.0/16", "ueA", "ueA-g", Wiring.UeAMac,
        9, 9, Plan.UpfN6A, "n6a", Plan.HostA, Wiring.HostAMac, 145);

    public static readonly SliceAccess Iot = new(
        "iot", 1, 0x000002, "iot", "10.46.0.0/16", "ueB", "ueB-g", Wiring.UeBMac,
        8, 82, Plan.UpfN6B, "n6b", Plan.HostB, Wiring.HostBMac, 146);

    public static readonly IReadOnlyList<SliceAccess> All = [Embb, Iot];
}
