using System.Text.Json;

namespace Testbed.Analyzer.Details;

/// <summary>The member <c>details</c> of <c>testbed analyze --json</c>: the same rules as the rest of it.</summary>
internal static class DetailsJson
{
    public static void Write(Utf8JsonWriter json, AnalysisDetails details)
    {
        json.WriteStartObject("details");
        json.WriteString("point", details.Point);
        json.WriteString("layer", "inner");
        json.WriteNumber("top", details.Top);
        json.WriteBoolean("oneWayDelaysUsable", details.OneWayDelaysUsable);
        List(json, "ues", details.Ues, Ue);
        List(json, "tunnels", details.Tunnels, Tunnel);
        List(json, "qosFlows", details.QosFlows, QosFlow);
        List(json, "dnns", details.Dnns, Dnn);
        List(json, "flows", details.Flows, Flow);
        json.WriteStartObject("withoutUe");
        json.WriteNumber("packets", details.WithoutUe.Packets);
        json.WriteNumber("bytes", details.WithoutUe.Bytes);
        json.WriteEndObject();
        json.WriteNumber("lostBeforeAnyTunnel", details.LostBeforeAnyTunnel);
        json.WriteStartObject("lossBursts");
        if (details.UplinkLossBursts is { } uplink) Bursts(json, "uplink", uplink);
        if (details.DownlinkLossBursts is { } downlink) Bursts(json, "downlink", downlink);
        json.WriteEndObject();
        TcpJson.Write(json, details.Tcp);
        if (details.Monitoring is { } monitoring) MonitoringJson.Write(json, monitoring);
        json.WriteEndObject();
    }

    internal static void List<T>(Utf8JsonWriter json, string name, Ranked<T> list, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartObject(name);
        json.WriteNumber("total", list.Total);
        json.WriteStartArray("shown");
        foreach (T row in list.Shown)
        {
            json.WriteStartObject();
            write(json, row);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal static void Delay(Utf8JsonWriter json, string name, DelaySummary? delay)
    {
        if (delay is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        json.WriteNumber("samples", delay.Samples);
        json.WriteNumber("min", delay.Min);
        json.WriteNumber("mean", delay.Mean);
        json.WriteNumber("p50", delay.P50);
        json.WriteNumber("p90", delay.P90);
        json.WriteNumber("p99", delay.P99);
        json.WriteNumber("p999", delay.P999);
        json.WriteNumber("max", delay.Max);
        json.WriteEndObject();
    }

    private static void Ue(Utf8JsonWriter json, UeDetail ue)
    {
        json.WriteString("address", ue.Address);
        json.WriteString("slice", ue.Slice);
        json.WriteString("dnn", ue.Dnn);
        Traffic(json, "uplink", ue.Uplink);
        Traffic(json, "downlink", ue.Downlink);
        Times(json, ue.FirstNs, ue.LastNs);
    }

    private static void Tunnel(Utf8JsonWriter json, TunnelDetail tunnel)
    {
        json.WriteString("receiver", tunnel.Receiver);
        json.WriteNumber("teid", tunnel.Teid);
        json.WriteString("direction", tunnel.Direction);
        json.WriteStartArray("qfis");
        foreach (int qfi in tunnel.Qfis) json.WriteNumberValue(qfi);
        json.WriteEndArray();
        json.WriteString("ue", tunnel.Ue);
        json.WriteNumber("ues", tunnel.Ues);
        json.WriteString("slice", tunnel.Slice);
        json.WriteString("dnn", tunnel.Dnn);
        Traffic(json, "traffic", tunnel.Traffic);
        Times(json, tunnel.FirstNs, tunnel.LastNs);
    }

    private static void QosFlow(Utf8JsonWriter json, QosFlowDetail flow)
    {
        if (flow.Qfi is { } qfi) json.WriteNumber("qfi", qfi);
        else json.WriteNull("qfi");
        json.WriteString("direction", flow.Direction);
        json.WriteNumber("tunnels", flow.Tunnels);
        Traffic(json, "traffic", flow.Traffic);
    }

    private static void Dnn(Utf8JsonWriter json, DnnDetail dnn)
    {
        json.WriteString("dnn", dnn.Dnn);
        json.WriteString("source", dnn.Source);
        json.WriteNumber("ues", dnn.Ues);
        Traffic(json, "uplink", dnn.Uplink);
        Traffic(json, "downlink", dnn.Downlink);
    }

    private static void Flow(Utf8JsonWriter json, FlowDetail flow)
    {
        Ends(json, flow.Ue, flow.UePort, flow.Remote, flow.RemotePort, flow.IsDirectionKnown);
        json.WriteNumber("protocol", flow.Protocol);
        Traffic(json, "uplink", flow.Uplink);
        Traffic(json, "downlink", flow.Downlink);
        Times(json, flow.FirstNs, flow.LastNs);
        if (flow.Tcp is { } tcp) TcpJson.Figures(json, tcp);
    }

    internal static void Ends(
        Utf8JsonWriter json, string ue, int uePort, string remote, int remotePort, bool isDirectionKnown)
    {
        json.WriteString("ue", ue);
        json.WriteNumber("uePort", uePort);
        json.WriteString("remote", remote);
        json.WriteNumber("remotePort", remotePort);
        json.WriteBoolean("directionKnown", isDirectionKnown);
    }

    private static void Traffic(Utf8JsonWriter json, string name, DirectionTraffic traffic)
    {
        json.WriteStartObject(name);
        json.WriteNumber("packets", traffic.Packets);
        json.WriteNumber("bytes", traffic.Bytes);
        if (traffic.Matched is { } matched) json.WriteNumber("matched", matched);
        if (traffic.Lost is { } lost) json.WriteNumber("lost", lost);
        Delay(json, "delayNs", traffic.DelayNs);
        json.WriteEndObject();
    }

    private static void Times(Utf8JsonWriter json, long firstNs, long lastNs)
    {
        json.WriteNumber("firstNs", firstNs);
        json.WriteNumber("lastNs", lastNs);
    }

    private static void Bursts(Utf8JsonWriter json, string name, LossBursts bursts)
    {
        json.WriteStartObject(name);
        json.WriteNumber("bursts", bursts.Bursts);
        json.WriteNumber("lost", bursts.Lost);
        json.WriteStartArray("lengths");
        foreach (BurstLengths lengths in bursts.Lengths)
        {
            json.WriteStartObject();
            json.WriteNumber("from", lengths.From);
            json.WriteNumber("to", lengths.To);
            json.WriteNumber("bursts", lengths.Bursts);
            json.WriteNumber("lost", lengths.Lost);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (bursts.Longest is { } longest)
        {
            json.WriteStartObject("longest");
            json.WriteNumber("length", longest.Length);
            json.WriteString("flow", longest.Flow);
            json.WriteNumber("firstNs", longest.FirstNs);
            json.WriteString("firstEvidence", longest.FirstEvidence);
            json.WriteNumber("lastNs", longest.LastNs);
            json.WriteString("lastEvidence", longest.LastEvidence);
            json.WriteEndObject();
        }
        else json.WriteNull("longest");
        json.WriteEndObject();
    }
}
