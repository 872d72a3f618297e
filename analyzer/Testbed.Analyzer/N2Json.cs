using System.Text.Json;

namespace Testbed.Analyzer;

/// <summary>The member <c>n2</c> of <c>testbed analyze --json</c>.</summary>
internal static class N2Json
{
    public static void Write(Utf8JsonWriter json, N2Summary n2)
    {
        json.WriteStartObject("n2");
        AnalysisJson.TapFigures(json, n2.Files);
        json.WriteNumber("messages", n2.Messages);
        json.WriteNumber("retransmitted", n2.Retransmitted);
        AnalysisJson.Counts(json, "procedures", n2.Procedures);
        json.WriteNumber("otherElements", n2.OtherElements);
        json.WriteStartArray("ranNodes");
        foreach (N2RanNode node in n2.RanNodes) RanNode(json, node);
        json.WriteEndArray();
        json.WriteStartArray("amfs");
        foreach (N2Amf amf in n2.Amfs) Amf(json, amf);
        json.WriteEndArray();
        json.WriteStartObject("registrations");
        json.WriteNumber("initialUeMessages", n2.InitialUeMessages);
        json.WriteNumber("contextsSetUp", n2.ContextsSetUp);
        json.WriteNumber("contextsFailed", n2.ContextsFailed);
        json.WriteEndObject();
        json.WriteStartObject("sessions");
        json.WriteNumber("setUp", n2.SessionsSetUp);
        json.WriteNumber("failed", n2.SessionsFailed);
        json.WriteNumber("released", n2.SessionsReleased);
        json.WriteEndObject();
        json.WriteStartObject("slices");
        foreach ((string name, N2Slice slice) in n2.Slices) Slice(json, name, slice);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void RanNode(Utf8JsonWriter json, N2RanNode node)
    {
        json.WriteStartObject();
        json.WriteString("address", node.Address);
        json.WriteString("id", node.Id);
        json.WriteString("name", node.Name);
        json.WriteBoolean("accepted", node.IsAccepted);
        json.WriteStartArray("areas");
        foreach (N2Area area in node.Areas)
        {
            json.WriteStartObject();
            json.WriteString("tac", area.TrackingAreaCode);
            json.WriteString("plmn", area.Plmn);
            Texts(json, "slices", area.Slices);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Texts(json, "n3", node.N3);
        json.WriteEndObject();
    }

    private static void Amf(Utf8JsonWriter json, N2Amf amf)
    {
        json.WriteStartObject();
        json.WriteString("address", amf.Address);
        json.WriteString("name", amf.Name);
        Texts(json, "guamis", amf.Guamis);
        json.WriteStartArray("support");
        foreach (N2Support support in amf.Support)
        {
            json.WriteStartObject();
            json.WriteString("plmn", support.Plmn);
            Texts(json, "slices", support.Slices);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Slice(Utf8JsonWriter json, string name, N2Slice slice)
    {
        json.WriteStartObject(name);
        json.WriteNumber("sessions", slice.Sessions);
        json.WriteStartArray("flows");
        foreach (N2Flow flow in slice.Flows)
        {
            json.WriteStartObject();
            json.WriteNumber("qfi", flow.Qfi);
            Number(json, "fiveQi", flow.FiveQi);
            json.WriteBoolean("dynamic", flow.IsDynamic);
            json.WriteNumber("priority", flow.Priority);
            Number(json, "gbrDownlinkBps", flow.GbrDownlinkBps);
            Number(json, "gbrUplinkBps", flow.GbrUplinkBps);
            json.WriteNumber("sessions", flow.Sessions);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } known) json.WriteNumber(name, known);
        else json.WriteNull(name);
    }

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
