using System.Text.Json.Nodes;
using Testbed.Probes.Http;

namespace Testbed.Probes.Exposure.Loops;

/// <summary>What a closed loop asks for, and at which address.</summary>
/// <param name="Collection">Where a resource is created.</param>
/// <param name="Body">Of the creation.</param>
internal sealed record LoopTarget(Uri Collection, JsonObject Body)
{
    /// <summary>A CAMARA session that nobody deletes ends after so long.</summary>
    private const int CamaraSeconds = 60;

    public const string QosSession = "qos-session", Camara = "camara", Influence = "influence";

    /// <summary>The API of the NEF that a loop calls; CAMARA's sessions are none, and expire.</summary>
    public static string? NefApi(string api) => api switch
    {
        QosSession => NefApis.QosSession,
        Influence => NefApis.Influence,
        _ => null,
    };

    /// <param name="api">One of the names above; each reads its own word from the parameters.</param>
    public static LoopTarget Read(
        string api, ProbeParameters parameters, ExposureAccess access, TestFlow flow, Uri notifyTo) => api switch
        {
            QosSession => new(
                access.Subscriptions(NefApis.QosSession),
                flow.QosSession(parameters.Text("qosReference", 64), notifyTo)),
            Influence => new(
                access.Subscriptions(NefApis.Influence), flow.Influence(parameters.Text("dnai", 64), notifyTo)),
            _ => new(
                ExposureAccess.Below(parameters.Web("camara"), "sessions"),
                flow.CamaraSession(parameters.Text("qosProfile", 256), CamaraSeconds)),
        };

    /// <summary>
    /// The resource that an answer speaks of: its Location, or for CAMARA, which sends none, the session's id.
    /// </summary>
    public Uri? ResourceOf(ApiAnswer answer)
    {
        if (answer.Location is { } location) return location;
        using System.Text.Json.JsonDocument? json = answer.Json();
        return json?.RootElement is { ValueKind: System.Text.Json.JsonValueKind.Object } root
            && root.TryGetProperty("sessionId", out System.Text.Json.JsonElement id)
            && id.ValueKind is System.Text.Json.JsonValueKind.String
            && Guid.TryParse(id.GetString(), out Guid session)
            ? ExposureAccess.Below(Collection, session.ToString("D")) : null;
    }
}
