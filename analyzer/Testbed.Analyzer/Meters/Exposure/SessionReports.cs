using System.Net;
using Testbed.Analyzer.Meters.Records;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Exposure;

/// <summary>A PDU session that came or went: as N4 showed it, or as somebody told.</summary>
internal readonly record struct SessionHappening(long TimeNs, HostAddress Ue, bool IsUp, string? Evidence)
{
    public string Zh => $"{Ue} {(IsUp ? "建立" : "释放")}";
    public string En => $"{Ue} {(IsUp ? "established" : "released")}";
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
                case "created" or "released" when IPAddress.TryParse(table.Rows[i][address], out IPAddress? ue):
                    all.Add(new(timeNs, HostAddress.From(ue), table.Rows[i][status] == "created", null));
                    break;
                default: strays++; break;
            }
        }
        return new(fromNs, toNs, strays, all);
    }
}
