using System.Net;
using Testbed.Analyzer.Meters.Records;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Exposure;

/// <summary>A PDU session that came or went: as N4 showed it, or as somebody told.</summary>
/// <param name="Ues">The UE's addresses in it, one at least.</param>
internal sealed record SessionHappening(
    long TimeNs, IReadOnlyList<HostAddress> Ues, bool IsUp, string? Evidence)
{
    public string Zh => $"{Ues[0]} {(IsUp ? "建立" : "释放")}";
    public string En => $"{Ues[0]} {(IsUp ? "established" : "released")}";

    /// <summary>Whether both are about one session: any address of it tells.</summary>
    public bool IsOf(SessionHappening other) => IsUp == other.IsUp && PduSessions.AreOfOneUe(Ues, other.Ues);
}

/// <summary>The record of a watch: what was told between its beginning and its end.</summary>
internal sealed record SessionReports(long FromNs, long ToNs, int Strays, IReadOnlyList<SessionHappening> All)
{
    /// <exception cref="RecordFormatException">The file is no watch's record.</exception>
    public static SessionReports Read(string path)
    {
        RecordTable table = RecordTable.Read(path);
        int received = table.Column("receivedNs"), status = table.Column("status"), address = table.Column("address");
        List<SessionHappening> all = [];
        long fromNs = 0, toNs = 0;
        int strays = 0;
        for (int i = 0; i < table.Rows.Count; i++)
        {
            long timeNs = table.Number(i, received);
            switch (table.Rows[i][status])
            {
                case "subscribed": fromNs = timeNs; break;
                case "ended": toNs = timeNs; break;
                case "created" or "released" when Addresses(table.Rows[i][address]) is { Count: > 0 } ues:
                    all.Add(new(timeNs, ues, table.Rows[i][status] == "created", null));
                    break;
                default: strays++; break;
            }
        }
        return new(fromNs, toNs, strays, all);
    }

    /// <summary>With blanks between; none where one of them is no address.</summary>
    private static List<HostAddress> Addresses(string text)
    {
        List<HostAddress> all = [];
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!IPAddress.TryParse(word, out IPAddress? address)) return [];
            all.Add(HostAddress.From(address));
        }
        return all;
    }
}
