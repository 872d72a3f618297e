using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Testbed.Probes.Exposure;

/// <summary>The test flow that an application function asks something for.</summary>
/// <param name="Ue">The UE's end.</param>
/// <param name="Remote">The far end.</param>
internal sealed record TestFlow(IPEndPoint Ue, IPEndPoint Remote)
{
    /// <summary>Parameters ueAddress, uePort, remoteAddress, remotePort.</summary>
    public static TestFlow Read(ProbeParameters parameters) => new(
        new(parameters.Address("ueAddress"), parameters.Port("uePort")),
        new(parameters.Address("remoteAddress"), parameters.Port("remotePort")));

    /// <summary>Downlink and uplink description (TS 29.214 §5.3.8).</summary>
    private JsonArray Descriptions => new(
        $"permit out 17 from {Remote.Address} {Port(Remote)} to {Ue.Address} {Port(Ue)}",
        $"permit in 17 from {Ue.Address} {Port(Ue)} to {Remote.Address} {Port(Remote)}");

    private static string Port(IPEndPoint end) => end.Port.ToString(CultureInfo.InvariantCulture);

    private JsonArray FlowInfo => new(new JsonObject { ["flowId"] = 1, ["flowDescriptions"] = Descriptions });

    /// <summary>A body of AsSessionWithQoS (TS 29.122 §5.14.2).</summary>
    public JsonObject QosSession(string qosReference, Uri notifyTo) => new()
    {
        ["notificationDestination"] = notifyTo.AbsoluteUri, ["ueIpv4Addr"] = Ue.Address.ToString(),
        ["flowInfo"] = FlowInfo, ["qosReference"] = qosReference,
        ["events"] = new JsonArray("SUCCESSFUL_RESOURCES_ALLOCATION"),
    };

    /// <summary>A body of TrafficInfluence (TS 29.522 §5.4.3).</summary>
    public JsonObject Influence(string dnai, Uri notifyTo) => new()
    {
        ["afServiceId"] = "testbed", ["ipv4Addr"] = Ue.Address.ToString(), ["trafficFilters"] = FlowInfo,
        ["trafficRoutes"] = new JsonArray(new JsonObject { ["dnai"] = dnai, ["routeProfId"] = dnai }),
        ["notificationDestination"] = notifyTo.AbsoluteUri,
    };

    /// <summary>A body of CAMARA QualityOnDemand.</summary>
    public JsonObject CamaraSession(string qosProfile, int durationSeconds) => new()
    {
        ["device"] = new JsonObject
        {
            ["ipv4Address"] = new JsonObject
            {
                ["publicAddress"] = Ue.Address.ToString(), ["privateAddress"] = Ue.Address.ToString(),
            },
        },
        ["applicationServer"] = new JsonObject { ["ipv4Address"] = $"{Remote.Address}" },
        ["devicePorts"] = new JsonObject { ["ports"] = new JsonArray(Ue.Port) },
        ["applicationServerPorts"] = new JsonObject { ["ports"] = new JsonArray(Remote.Port) },
        ["qosProfile"] = qosProfile, ["duration"] = durationSeconds,
    };

    /// <summary>A body of MonitoringEvent for the PDU sessions of a group (TS 29.122 §5.3.2).</summary>
    public static JsonObject SessionEvents(string group, Uri notifyTo, int reportsMax) => new()
    {
        ["notificationDestination"] = notifyTo.AbsoluteUri, ["externalGroupId"] = group,
        ["monitoringType"] = "PDN_CONNECTIVITY_STATUS", ["maximumNumberOfReports"] = reportsMax,
    };
}
