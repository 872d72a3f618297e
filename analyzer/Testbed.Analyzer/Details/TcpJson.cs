using System.Text.Json;

namespace Testbed.Analyzer.Details;

/// <summary>The member <c>details.tcp</c>.</summary>
internal static class TcpJson
{
    public static void Write(Utf8JsonWriter json, TcpDetails tcp)
    {
        json.WriteStartObject("tcp");
        json.WriteNumber("flows", tcp.Flows);
        json.WriteNumber("segments", tcp.Segments);
        json.WriteNumber("copies", tcp.Copies);
        json.WriteNumber("fragments", tcp.Fragments);
        json.WriteStartObject("handshakes");
        Handshakes(json, "openedByUe", tcp.OpenedByUe);
        Handshakes(json, "openedByNetwork", tcp.OpenedByNetwork);
        Handshakes(json, "openedByUnknown", tcp.OpenedByUnknown);
        json.WriteEndObject();
        Direction(json, "uplink", tcp.Uplink);
        Direction(json, "downlink", tcp.Downlink);
        Direction(json, "unknownDirection", tcp.UnknownDirection);
        DetailsJson.List(json, "retransmitting", tcp.Retransmitting, (row, flow) =>
        {
            DetailsJson.Ends(row, flow.Ue, flow.UePort, flow.Remote, flow.RemotePort, flow.IsDirectionKnown);
            Figures(row, flow.Figures);
            row.WriteString("firstEvidence", flow.FirstEvidence);
        });
        json.WriteEndObject();
    }

    public static void Figures(Utf8JsonWriter json, TcpFlowFigures figures)
    {
        json.WriteStartObject("tcp");
        json.WriteNumber("connections", figures.Connections);
        Optional(json, "serverSideNs", figures.ServerSideNs);
        Optional(json, "clientSideNs", figures.ClientSideNs);
        json.WriteNumber("uplinkRetransmissions", figures.UplinkRetransmissions);
        json.WriteNumber("downlinkRetransmissions", figures.DownlinkRetransmissions);
        json.WriteNumber("outOfOrder", figures.OutOfOrder);
        json.WriteEndObject();
    }

    private static void Handshakes(Utf8JsonWriter json, string name, TcpHandshakes handshakes)
    {
        json.WriteStartObject(name);
        json.WriteNumber("opened", handshakes.Opened);
        json.WriteNumber("answered", handshakes.Answered);
        json.WriteNumber("ambiguous", handshakes.Ambiguous);
        DetailsJson.Delay(json, "serverSideNs", handshakes.ServerSideNs);
        DetailsJson.Delay(json, "clientSideNs", handshakes.ClientSideNs);
        json.WriteEndObject();
    }

    private static void Direction(Utf8JsonWriter json, string name, TcpDirection direction)
    {
        json.WriteStartObject(name);
        json.WriteNumber("dataSegments", direction.DataSegments);
        json.WriteNumber("dataBytes", direction.DataBytes);
        json.WriteNumber("retransmissions", direction.Retransmissions);
        json.WriteNumber("seenBefore", direction.SeenBefore);
        json.WriteNumber("seenBeforeBytes", direction.SeenBeforeBytes);
        json.WriteNumber("lostBeforeTap", direction.LostBeforeTap);
        json.WriteNumber("synAgain", direction.SynAgain);
        json.WriteNumber("outOfOrder", direction.OutOfOrder);
        json.WriteNumber("keepAlives", direction.KeepAlives);
        json.WriteNumber("undecided", direction.Undecided);
        json.WriteEndObject();
    }

    private static void Optional(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }
}
