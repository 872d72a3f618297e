using System.Text.Json;
using Testbed.Wire.Ip;

namespace Testbed.Lab.Records;

/// <summary>Writes a ledger as JSON: integers, ISO 8601 times, inner bytes.</summary>
internal static class LedgerFile
{
    public const string Schema = "testbed.lab-ledger/1";

    /// <summary>Replaces the file as a whole, so that a reader never meets half of it.</summary>
    public static void Write(string path, Ledger ledger, IReadOnlyList<string> faults, DateTimeOffset nowUtc)
    {
        string half = path + ".part";
        using (FileStream stream = File.Create(half))
        using (Utf8JsonWriter json = new(stream, new() { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("schema", Schema);
            json.WriteString("startedUtc", ledger.StartedUtc);
            json.WriteString("writtenUtc", nowUtc);
            json.WriteStartArray("faults");
            foreach (string fault in faults) json.WriteStringValue(fault);
            json.WriteEndArray();
            json.WriteStartObject("upfTransitNs");
            WriteHistogram(json, "uplink", ledger.UpfUplink.All());
            WriteHistogram(json, "downlink", ledger.UpfDownlink.All());
            json.WriteEndObject();
            json.WriteStartObject("events");
            foreach ((string what, long count) in ledger.Events.InOrder()) json.WriteNumber(what, count);
            json.WriteEndObject();
            json.WriteStartObject("held");
            foreach ((string what, long count) in ledger.Events.Held()) json.WriteNumber(what, count);
            json.WriteEndObject();
            json.WriteStartArray("sessions");
            foreach (TunnelRecord tunnel in ledger.Tunnels) WriteTunnel(json, tunnel);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        File.Move(half, path, overwrite: true);
    }

    private static void WriteHistogram(Utf8JsonWriter json, string direction, DelayHistogram histogram)
    {
        json.WriteStartObject(direction);
        json.WriteNumber("count", histogram.Count);
        json.WriteNumber("min", histogram.Count == 0 ? 0 : histogram.MinNs);
        json.WriteNumber("mean", (long)histogram.MeanNs);
        json.WriteNumber("p50", histogram.QuantileNs(0.5));
        json.WriteNumber("p99", histogram.QuantileNs(0.99));
        json.WriteNumber("max", histogram.MaxNs);
        json.WriteEndObject();
    }

    private static void WriteTunnel(Utf8JsonWriter json, TunnelRecord tunnel)
    {
        json.WriteStartObject();
        json.WriteString("slice", tunnel.Slice);
        json.WriteString("ueAddress", HostAddress.FromIpv4(tunnel.Ue).ToString());
        json.WriteString("upfAddress", tunnel.UpfAddress);
        json.WriteNumber("qfi", tunnel.Qfi);
        json.WriteNumber("uplinkTeid", tunnel.UplinkTeid);
        json.WriteNumber("downlinkTeid", tunnel.DownlinkTeid);
        json.WriteString("establishedUtc", tunnel.EstablishedUtc);
        if (tunnel.ReleasedUtc is { } released) json.WriteString("releasedUtc", released);
        else json.WriteNull("releasedUtc");
        WriteDirection(json, "uplink", tunnel.Uplink);
        WriteDirection(json, "downlink", tunnel.Downlink);
        json.WriteEndObject();
    }

    private static void WriteDirection(Utf8JsonWriter json, string name, DirectionRecord record)
    {
        json.WriteStartObject(name);
        WriteTally(json, "gnbIn", record.GnbIn);
        WriteTally(json, "gnbOut", record.GnbOut);
        WriteTally(json, "upfIn", record.UpfIn);
        WriteTally(json, "upfOut", record.UpfOut);
        json.WriteNumber("gnbLost", record.GnbLost);
        json.WriteNumber("upfLost", record.UpfLost);
        json.WriteNumber("gnbDelayed", record.GnbDelayed);
        json.WriteNumber("upfDelayed", record.UpfDelayed);
        json.WriteNumber("rateDropped", record.RateDropped);
        json.WriteNumber("linkDropped", record.LinkDropped);
        json.WriteNumber("unrouted", record.Unrouted);
        json.WriteEndObject();
    }

    private static void WriteTally(Utf8JsonWriter json, string name, Tally tally)
    {
        json.WriteStartObject(name);
        json.WriteNumber("packets", tally.Packets);
        json.WriteNumber("bytes", tally.Bytes);
        json.WriteEndObject();
    }
}
