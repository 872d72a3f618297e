using System.Globalization;
using Testbed.Conformance.Yaml;

namespace Testbed.Conformance.Claims;

/// <summary>
/// <c>serviceProfile:</c> of a slice: a ServiceProfile as TS 28.541 writes it in JSON, which is YAML too, so that one
/// can be pasted. Names are those of Release 17, with <c>latency</c> of Release 16.
/// </summary>
internal sealed class ServiceProfileSection(Snssai snssai)
{
    private const string Example = "{dLThptPerUE: {guaThpt: 100000}, dLLatency: 50}";
    private const string ServiceAttribute = "servAttrCom";

    private static readonly ScalarKind<decimal> Rate = ClaimKinds.Figure("kbit/s", "100000", 0, 1_000_000_000);
    private static readonly ScalarKind<decimal> Delay = ClaimKinds.Figure("ms", "50", 0, 60_000);
    private static readonly ScalarKind<decimal> Jitter = ClaimKinds.Figure("µs", "5000", 0, 60_000_000);
    private static readonly ScalarKind<decimal> Count = ClaimKinds.Figure("", "1000", 0, 10_000_000);

    /// <remarks>100 is refused: no number of samples shows it.</remarks>
    private static readonly ScalarKind<decimal> Percentage = ClaimKinds.Figure("", "99.9", 0, 100) with
    {
        Expected = new("大于 0 且小于 100 的百分数（不写百分号）", "a percentage above 0 and below 100, without the sign"),
        TryRead = (string text, out decimal value) =>
            ClaimKinds.Figure("", "99.9", 0, 100).TryRead(text, out value) && value < 100,
    };

    /// <summary>Attributes that this product holds against a figure of its own, with the member that is one.</summary>
    private static readonly (string Name, string? Member, ScalarKind<decimal> Kind)[] Measured =
    [
        ("dLThptPerUE", "guaThpt", Rate), ("uLThptPerUE", "guaThpt", Rate),
        ("dLThptPerSlice", "guaThpt", Rate), ("uLThptPerSlice", "guaThpt", Rate),
        ("dLLatency", null, Delay), ("uLLatency", null, Delay), ("latency", null, Delay),
        ("jitter", null, Jitter), ("reliability", null, Percentage), ("availability", null, Percentage),
        ("maxNumberofPDUSessions", "nOofPDUSessions", Count),
    ];

    /// <summary>
    /// Attributes that may promise a figure and that nothing is measured of. Sessions are no UEs: one UE may hold
    /// fifteen, so neither number nor density of UEs follows from the tunnels on N3.
    /// </summary>
    private static readonly string[] Unmeasured =
    [
        "maxNumberofUEs", "termDensity", "uESpeed", "survivalTime", "dLMaxPktSize", "uLMaxPktSize", "maxDLDataVolume",
        "maxULDataVolume", "dLDeterministicComm", "uLDeterministicComm", "synchronicity", "positioning",
        "energyEfficiency",
    ];

    /// <summary>Attributes that name, place or describe the slice and promise no performance.</summary>
    private static readonly string[] Descriptive =
    [
        "serviceProfileId", "networkSliceSharingIndicator", "resourceSharingLevel", "uEMobilityLevel",
        "delayTolerance", "kPIMonitoring", "nBIoT", "radioSpectrum", "userMgmtOpen", "v2XCommModels", "coverageAreas",
        "coverageAreaTAList", "activityFactor", "sliceSimultaneousUse", "nssaaSupport", "n6Protection",
    ];

    /// <summary>Null where the claim imports none; an empty one is an error.</summary>
    public ServiceProfile? Read(MapReader slice)
    {
        if (slice.Map("serviceProfile", Example) is not { } map) return null;
        if (map.Node.Entries.Count == 0)
            slice.Error(map.Node, map.Path, new("带有指标的服务模板（没有时省略该键）",
                "a profile that promises something (leave the key out where there is none)"),
                new("空的映射", "an empty mapping"), $"serviceProfile: {Example}");
        var figures = new List<ProfileFigure>();
        foreach ((string name, string? member, ScalarKind<decimal> kind) in Measured)
        {
            MapReader? owner = member is null ? map : map.Map(name, $"{{{member}: {kind.Example.Trim('"')}}}");
            if (owner is null) continue;
            if (owner.Optional(member ?? name, kind, out decimal value))
                figures.Add(new(member is null ? name : $"{name}.{member}", value));
            if (member is null) continue;
            owner.Find(ServiceAttribute);
            // A ceiling, not a promise: what is enforced is judged under SLC-005.
            if (member == "guaThpt") owner.Optional("maxThpt", kind, out _);
            owner.Done();
        }
        figures.AddRange(Unmeasured.Where(name => map.Find(name) is { } node && HasNumber(node))
            .Select(name => new ProfileFigure(name, null)));
        foreach (string name in Descriptive) map.Find(name);
        CheckIdentity(map);
        map.Done();
        return new(figures);
    }

    /// <summary>A profile of another slice proves nothing of this one.</summary>
    private void CheckIdentity(MapReader map)
    {
        foreach (string key in new[] { "sST", "sst" })
            if (map.Optional(key, ClaimKinds.Integer(0, 255, $"{snssai.Sst}"), out int sst) && sst != snssai.Sst)
                Refuse(map.Find(key)!, map.PathOf(key), $"{key}: {snssai.Sst}");
        if (map.Find("plmnInfoList") is null) return;
        List<MapReader> entries = [.. map.Maps(
            "plmnInfoList", "{plmnId: {mcc: \"001\", mnc: \"01\"}, snssai: {sst: 1, sd: \"000001\"}}", required: true)];
        if (entries.Count > 0 && !entries.Exists(IsThisSlice))
            Refuse(map.Find("plmnInfoList")!, map.PathOf("plmnInfoList"), "");

        void Refuse(YamlNode at, string path, string example) => map.Error(at, path,
            new($"本切片的 S-NSSAI（{snssai}）", $"the S-NSSAI of this slice ({snssai})"),
            new("另一切片的标识", "that of another slice"), example);
    }

    private bool IsThisSlice(MapReader entry)
    {
        if (entry.Map("snssai", "{sst: 1, sd: \"000001\"}") is not { } named) return false;
        uint? sd = named.Find("sd") is ScalarNode { Text: var digits }
            && uint.TryParse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint read)
            && read != 0xFFFFFF ? read : null;
        return named.Find("sst") is ScalarNode { Text: var sst } && sst == $"{snssai.Sst}" && sd == snssai.Sd;
    }

    private static bool HasNumber(YamlNode node) => node switch
    {
        ScalarNode scalar => decimal.TryParse(
            scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
        SequenceNode list => list.Items.Any(HasNumber),
        MappingNode map => map.Entries.Any(entry => entry.Key.Text != ServiceAttribute && HasNumber(entry.Value)),
        _ => false,
    };
}
