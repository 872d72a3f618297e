namespace Testbed.Probes.Exposure;

/// <summary>The NEF's APIs that a claim may name, and what they are called in paths.</summary>
internal static class NefApis
{
    public const string QosSession = "3gpp-as-session-with-qos";
    public const string Influence = "3gpp-traffic-influence";
    public const string Monitoring = "3gpp-monitoring-event";

    private static readonly string[] Known = [QosSession, Influence, Monitoring];

    /// <summary>Parameter apis: a comma list of the claim's words, e.g. <c>as-session-with-qos</c>.</summary>
    public static string[] Read(ProbeParameters parameters)
    {
        string text = parameters.Text("apis", 200);
        string[] names = [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(each => "3gpp-" + each)];
        return names.Length > 0 && names.All(Known.Contains)
            ? names
            : throw new ProbeParameterException("apis", "names of NEF APIs with commas between", text);
    }
}
