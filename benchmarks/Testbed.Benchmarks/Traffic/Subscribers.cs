using Testbed.Wire.Ip;

namespace Testbed.Benchmarks.Traffic;

/// <summary>Both ends of a user's flow as the UE sees them.</summary>
internal readonly record struct FlowEnds(HostAddress Ue, HostAddress Server, ushort UePort, ushort ServerPort);

/// <summary>
/// Addresses and tunnels of sessions, worked out from their numbers, so that ten million of them take no memory.
/// UEs in 10.0.0.0/8, gNBs and the UPF in 172.16.0.0/16, servers in the nets of RFC 5737; IPv6 as in RFC 3849.
/// </summary>
internal static class Subscribers
{
    private const int GnbCount = 64;
    private const int ServerCount = 240;
    private const uint UeBase = 0x0A00_0002, GnbBase = 0xAC10_0101;
    public const uint Upf = 0xAC10_0001;
    private const ulong UePrefix = 0x2001_0DB8_1000_0000, ServerPrefix = 0x2001_0DB8_F000_0000;

    public static FlowEnds Ends(int session, int kind, bool isIpv6)
    {
        ulong draw = SeededRandom.Mix((ulong)session * 8 + (ulong)kind);
        uint server = (uint)(draw % ServerCount);
        ushort port = (ushort)(32_768 + (draw >> 32) % 28_000);
        ushort serverPort = FlowKind.All[kind].ServerPort;
        if (isIpv6)
            return new(new(UePrefix + (ulong)session, 0x0200_00FF_FE00_0001), new(ServerPrefix, 1 + server), port,
                serverPort);
        // 120 servers in 198.51.100.0/24, 120 in 203.0.113.0/24.
        uint address = server < ServerCount / 2 ? 0xC633_6401 + server : 0xCB00_7101 + server - ServerCount / 2;
        return new(HostAddress.FromIpv4(UeBase + (uint)session), HostAddress.FromIpv4(address), port, serverPort);
    }

    public static uint Gnb(int session) => GnbBase + (uint)(session % GnbCount);

    /// <summary>Different for every session at the UPF; a product with an odd number is a bijection.</summary>
    public static uint UplinkTeid(int session) => ((uint)session + 1) * 0x9E37_79B1;

    /// <summary>Different for every session at any gNB.</summary>
    public static uint DownlinkTeid(int session) => ((uint)session + 1) * 0x85EB_CA77;
}
