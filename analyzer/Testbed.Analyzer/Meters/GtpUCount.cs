using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Profiles;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters;

/// <summary>Counts GTP-U messages, tunnels, UEs and QFIs over all N3 taps, those of N9 included.</summary>
internal static class GtpUCount
{
    private const int QfiCount = 64;

    public static GtpUSummary Of(IReadOnlyList<TapCapture> taps)
    {
        List<TapProfile> profiles = [.. taps.Where(tap => tap.Role is not TapRole.N6).Select(tap => tap.Profile)];
        SortedDictionary<int, long> qfis = [];
        long[] directions = new long[3];
        foreach (PacketDirection direction in Enum.GetValues<PacketDirection>())
        {
            for (byte qfi = 0; qfi < QfiCount; qfi++)
            {
                long packets = profiles.Sum(
                    profile => profile.Gpdus(direction, qfi) + profile.N9Gpdus(direction, qfi));
                directions[(int)direction] += packets;
                if (packets > 0) qfis[qfi] = qfis.GetValueOrDefault(qfi) + packets;
            }
        }
        return new()
        {
            Gpdu = Sum(RecordKind.Gpdu) + Sum(RecordKind.N9Gpdu),
            Echo = Sum(RecordKind.Echo),
            ErrorIndication = Sum(RecordKind.ErrorIndication),
            EndMarker = Sum(RecordKind.EndMarker),
            Tunnels = Tunnels(taps),
            Ues = Ues(profiles),
            Qfis = qfis,
            Uplink = directions[(int)PacketDirection.Uplink],
            Downlink = directions[(int)PacketDirection.Downlink],
        };

        long Sum(RecordKind kind) => profiles.Sum(profile => profile.Kind(kind));
    }

    // A tunnel is its receiving end; the tables tell its senders apart too.
    private static long Tunnels(IReadOnlyList<TapCapture> taps)
    {
        List<TapCapture> n3 = [.. taps.Where(tap => tap.Role is not TapRole.N6)];
        DistinctEnds ends = new(n3.Sum(tap => tap.Decoder.Tunnels.Count));
        foreach (TapCapture tap in n3)
        {
            TunnelTable tunnels = tap.Decoder.Tunnels;
            for (int i = 0; i < tunnels.Count; i++)
                if (tunnels.NoteOf(i).IsUsed) ends.Add(tunnels[i].Destination, tunnels[i].Teid);
        }
        return ends.Count();
    }

    private static long Ues(List<TapProfile> profiles)
    {
        List<AddressTable> tables =
            [.. profiles.SelectMany(profile => (AddressTable[])[profile.UesOnN3, profile.UesOnN9])
                .Where(table => table.Count > 0)];
        if (tables.Count == 0) return 0;
        HashSet<HostAddress> others = [];
        foreach (AddressTable table in tables.Skip(1))
            for (int i = 0; i < table.Count; i++)
                if (!tables[0].Contains(table.Address(i))) others.Add(table.Address(i));
        return tables[0].Count + others.Count;
    }
}
