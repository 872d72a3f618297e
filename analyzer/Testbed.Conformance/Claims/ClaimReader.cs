using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Testbed.Conformance.Yaml;

namespace Testbed.Conformance.Claims;

/// <summary>
/// Reads a claim file and checks all of it: after this nothing in a <see cref="Claim"/> can be wrong in itself.
/// Every fault is reported with its line, up to fifty.
/// </summary>
public static partial class ClaimReader
{
    public const string Schema = "testbed.claim/1";
    /// <summary>The lead and five more (联合体 of at most six).</summary>
    private const int MembersMax = 5;

    public static ClaimReadResult Read(string path)
    {
        var errors = new ErrorList(path);
        byte[]? bytes = BoundedFile.Read(path, errors);
        return bytes is null ? new(null, errors.Sorted) : Parse(bytes, errors);
    }

    /// <param name="fileName">As it shall stand in the errors.</param>
    public static ClaimReadResult Parse(string text, string fileName) =>
        Parse(Encoding.UTF8.GetBytes(text), new(fileName));

    private static ClaimReadResult Parse(byte[] bytes, ErrorList errors)
    {
        if (YamlFile.Decode(bytes, errors) is not { } text
            || YamlFile.Parse(text, $"schema: {Schema}", errors) is not { } node)
            return new(null, errors.Sorted);
        var root = new MapReader(node, "", errors);
        // Another version has other keys: complaints about them would all be beside the point.
        if (root.Find("schema") is { } schema && schema is not ScalarNode { Text: Schema })
        {
            errors.Add(schema, "schema", new($"本工具支持的版本 {Schema}", Schema), schema.Describe(), $"schema: {Schema}");
            return new(null, errors.Sorted);
        }
        Claim claim = Build(root, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        return new(errors.Any ? null : claim, errors.Sorted);
    }

    private static Claim Build(MapReader root, string digest)
    {
        var upfs = new ClaimNames(new("UPF 名称", "a UPF name"));
        var slices = new ClaimNames(new("切片名称", "a slice name"));
        var places = new PlacesSection(slices);
        var claim = new Claim
        {
            Schema = root.Required("schema", ClaimKinds.OneOf(Schema)),
            Applicant = Applicant(root.Map("applicant", "{name: 示例申报单位}", required: true)),
            Purpose = root.Required("purpose", ClaimKinds.OneOf(ClaimWords.SelfCheck, ClaimWords.SiteVisit)),
            Profile = root.Required("profile", ClaimKinds.Pattern(
                ProfilePattern(), new("准则名@版本", "name@version of a criteria profile"), "miit-2022-220@1")),
            Site = Site(root.Map("site", "{name: 5G安全测评实验室, areaKm2: \"0.02\"}", required: true)),
            Network = new NetworkSection(upfs).Read(root),
            Slices = new SliceSection(slices, upfs).Read(root),
            Edge = ServicesSection.Edge(root),
            Exposure = ServicesSection.Exposure(root, slices),
            Taps = places.Taps(root),
            Endpoints = places.Endpoints(root),
            Scenarios = new ScenarioSection(slices).Read(root),
            Consent = Consent(root),
            Limits = Limits(root.Map("limits", "{mbps: \"500\", sessions: 5000}")),
            Digest = digest,
        };
        root.Done();
        return claim;
    }

    private static Applicant Applicant(MapReader? map)
    {
        if (map is null) return new("", null, [], [], null);
        var members = map.Values("members", ClaimKinds.Text("示例联合单位"));
        if (members.Count > MembersMax)
            map.Error(members[MembersMax].Node, members[MembersMax].Path,
                new("联合体含牵头单位不超过 6 家", "at most six applicants with the lead"),
                new($"{members.Count + 1} 家", $"{members.Count + 1}"), "");
        var applicant = new Applicant(
            map.Required("name", ClaimKinds.Text("示例申报单位")),
            map.Optional("creditCode", ClaimKinds.Pattern(CreditCodePattern(),
                new("18 位统一社会信用代码（大写字母和数字）", "the 18 characters of a unified social credit code"),
                "\"91110000EXAMPLE000\""), out string code) ? code : null,
            [.. members.Select(m => m.Value)],
            [.. map.Values("industries", ClaimKinds.Text("工业互联网")).Select(i => i.Value)],
            map.Optional("province", ClaimKinds.Text("北京市"), out string province) ? province : null);
        map.Done();
        return applicant;
    }

    private static Site Site(MapReader? map)
    {
        if (map is null) return new("", 1);
        var site = new Site(
            map.Required("name", ClaimKinds.Text("5G安全测评实验室")),
            map.Required("areaKm2", ClaimKinds.Figure("km²", "0.02", 0, 1_000_000)));
        map.Done();
        return site;
    }

    private static List<string> Consent(MapReader root)
    {
        ScalarKind<string> word = ClaimKinds.OneOf(ClaimWords.Consents);
        var given = new List<string>();
        foreach (Located<string> consent in root.Values("consent", word))
        {
            if (!given.Contains(consent.Value)) given.Add(consent.Value);
            else
                root.Error(consent.Node, consent.Path, new("只列一次的同意项", "each consent once"),
                    YamlNode.Quote(consent.Value), "");
        }
        return given;
    }

    private static Limits Limits(MapReader? map)
    {
        if (map is null) return new(null, null);
        var limits = new Limits(
            map.Optional("mbps", ClaimKinds.Figure("Mbit/s", "500", 0, 1_000_000), out decimal mbps) ? mbps : null,
            map.Optional("sessions", ClaimKinds.Integer(1, 10_000_000, "5000"), out int sessions) ? sessions : null);
        map.Done();
        return limits;
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{0,62}@[0-9]{1,6}\z")]
    private static partial Regex ProfilePattern();
    [GeneratedRegex(@"\A[0-9A-Z]{18}\z")]
    private static partial Regex CreditCodePattern();
}
