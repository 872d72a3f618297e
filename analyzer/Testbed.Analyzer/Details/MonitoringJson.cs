using System.Text.Json;

namespace Testbed.Analyzer.Details;

/// <summary>The member <c>details.qosMonitoring</c>.</summary>
internal static class MonitoringJson
{
    public static void Write(Utf8JsonWriter json, MonitoringDetails monitoring)
    {
        json.WriteStartObject("qosMonitoring");
        json.WriteNumber("downlinkPackets", monitoring.DownlinkPackets);
        json.WriteNumber("uplinkPackets", monitoring.UplinkPackets);
        json.WriteNumber("unpaired", monitoring.Unpaired);
        json.WriteNumber("ambiguous", monitoring.Ambiguous);
        json.WriteNumber("disordered", monitoring.Disordered);
        json.WriteNumber("beyondMemory", monitoring.BeyondMemory);
        json.WriteNumber("damaged", monitoring.Damaged);
        json.WriteStartArray("flows");
        foreach (MonitoringFlow flow in monitoring.Flows)
        {
            json.WriteStartObject();
            json.WriteNumber("qfi", flow.Qfi);
            json.WriteNumber("downlinkPackets", flow.DownlinkPackets);
            json.WriteNumber("uplinkPackets", flow.UplinkPackets);
            DetailsJson.Delay(json, "roundTripTapGnbNs", flow.RoundTripTapGnbNs);
            DetailsJson.Delay(json, "gnbHoldingNs", flow.GnbHoldingNs);
            DetailsJson.Delay(json, "downlinkDifferenceNs", flow.DownlinkDifferenceNs);
            DetailsJson.Delay(json, "uplinkDifferenceNs", flow.UplinkDifferenceNs);
            DetailsJson.Delay(json, "reportedDownlinkMs", flow.ReportedDownlinkMs);
            DetailsJson.Delay(json, "reportedUplinkMs", flow.ReportedUplinkMs);
            DetailsJson.Delay(json, "reportedN3N9Ms", flow.ReportedN3N9Ms);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
