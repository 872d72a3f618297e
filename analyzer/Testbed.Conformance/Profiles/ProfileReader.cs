using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Yaml;

namespace Testbed.Conformance.Profiles;

/// <summary>Reads a criteria profile and checks all of it; errors as for a claim.</summary>
public static partial class ProfileReader
{
    public const string Schema = "testbed.profile/1";

    public static ProfileReadResult Read(string path)
    {
        var errors = new ErrorList(path);
        byte[]? bytes = BoundedFile.Read(path, errors);
        return bytes is null ? new(null, errors.Sorted) : Parse(bytes, errors);
    }

    public static ProfileReadResult Parse(string text, string fileName) =>
        Parse(Encoding.UTF8.GetBytes(text), new(fileName));

    internal static ProfileReadResult Parse(byte[] bytes, ErrorList errors)
    {
        if (YamlFile.Decode(bytes, errors) is not { } text
            || YamlFile.Parse(text, $"schema: {Schema}", errors) is not { } node)
            return new(null, errors.Sorted);
        var root = new MapReader(node, "", errors);
        root.Required("schema", ClaimKinds.OneOf(Schema));
        var names = new ClaimNames(new("要求编号", "a requirement id"));
        var references = new List<Located<string>>();
        var profile = new Profile
        {
            Name = root.Required("name", ClaimKinds.Name("miit-2022-220")),
            Version = root.Required("version", ClaimKinds.Integer(1, 999_999, "1")),
            Title = Words(root, "title"),
            ScenariosNeeded = root.Required("scenariosNeeded", ClaimKinds.Integer(0, 4, "2")),
            Requirements =
            [
                .. root.Maps("requirements", "{id: E2E-001}", required: true)
                    .Select(map => Requirement(map, names, references)),
            ],
            Digest = Convert.ToHexStringLower(SHA256.HashData(bytes)),
        };
        root.Done();
        foreach (Located<string> reference in references) names.Require(reference, errors);
        return new(errors.Any ? null : profile, errors.Sorted);
    }

    private static Requirement Requirement(MapReader map, ClaimNames names, List<Located<string>> references)
    {
        string id = map.Required("id", ClaimKinds.Pattern(
            IdPattern(), new("要求编号", "a requirement id"), "E2E-001") with { Placeholder = "E2E-000" });
        names.Add(map, "id", id);
        bool inScenario = map.Find("scenario") is not null;
        bool judged = map.Required("judged", ClaimKinds.Flag);
        var requirement = new Requirement
        {
            Id = id,
            Judged = judged,
            Title = Words(map, "title"),
            Clause = map.Required("clause", ClaimKinds.Text("TS 29.281 §7.2.1")),
            Needs = [.. map.Values("needs", Need).Select(n => n.Value.Split('|'))],
            Where = map.Optional("where", ClaimKinds.OneOf("mec013", "camara"), out string where)
                ? where : null,
            Consent = [.. map.Values("consent", ClaimKinds.OneOf(ClaimWords.Consents)).Select(c => c.Value)],
            Scenario = map.Optional("scenario", ScenarioType, out string scenario) ? scenario : null,
            Explanation = Words(map, "explain"),
            Remedy = Words(map, "remedy"),
            Kpis =
            [
                .. map.Maps("kpis", "{id: user-plane-loss-ratio}", required: judged)
                    .Select(kpi => KpiRules.Read(kpi, inScenario, references)),
            ],
        };
        map.Done();
        return requirement;
    }

    private static readonly ScalarKind<string> ScenarioType = ClaimKinds.OneOf(ClaimWords.LargeBandwidth,
        ClaimWords.MassiveConnection, ClaimWords.LowLatency, ClaimWords.HighReliability);

    private static readonly ScalarKind<string> Need = new(
        new("采集点或端点（可用 | 表示任选其一）", "a tap or endpoint, or several with | between them"), "n3", "n3",
        (string text, out string value) =>
        {
            value = text;
            return text.Split('|').All(word => KpiRules.Points.Contains(word)
                || word is "ue" or "dn" or "edge" or "exposure" or "any-tap" or "any-endpoint");
        });

    internal static LocalText Words(MapReader owner, string key)
    {
        MapReader? map = owner.Map(key, "{zh: 中文, en: English}", required: true);
        if (map is null) return new("", "");
        var words = new LocalText(
            map.Required("zh", ClaimKinds.Text("中文", 500)), map.Required("en", ClaimKinds.Text("English", 500)));
        map.Done();
        return words;
    }

    [GeneratedRegex(@"\A(KIT|E2E|SLC|EDG|EXP|SCN|SEC)(-[A-Z]{2,3})?-[0-9]{3}\z")]
    private static partial Regex IdPattern();
}
