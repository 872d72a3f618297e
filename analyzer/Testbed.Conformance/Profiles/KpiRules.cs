using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;
using Testbed.Conformance.Yaml;

namespace Testbed.Conformance.Profiles;

/// <summary>One entry of <c>kpis:</c> in a profile.</summary>
internal static class KpiRules
{
    public static readonly string[] Points = ["n3", "n6", "n6-edge", "n4", "n2"];

    private static readonly ScalarKind<decimal> Number = new(
        new("不带单位的十进制数（加引号）", "a decimal number without a unit, quoted"), "\"0.005\"", 0m,
        (string text, out decimal value) => decimal.TryParse(text, System.Globalization.NumberStyles.AllowDecimalPoint,
            System.Globalization.CultureInfo.InvariantCulture, out value));

    private static readonly ScalarKind<int> Count = ClaimKinds.Integer(0, int.MaxValue, "1000");
    private static readonly ScalarKind<string> Id = ClaimKinds.Name("user-plane-loss-ratio");
    private static readonly ScalarKind<string> Point = ClaimKinds.OneOf(Points);
    private static readonly ScalarKind<string> Source = ClaimKinds.Text("TS 23.501");
    private static readonly ScalarKind<string> Figure = ClaimKinds.OneOf(
        "dlMbps", "ulMbps", "rttMsP99", "jitterMs", "upfMsP99", "ratio", "withinMs", "concurrentSessions",
        "setupSuccess", "availability", "survivalMs");

    private static readonly ScalarKind<string> Field = ClaimKinds.Name("dLThptPerUE.guaThpt");

    /// <param name="references">Gathers the requirement ids that are named, to be looked up at the end.</param>
    public static KpiRule Read(MapReader map, bool inScenario, List<Located<string>> references)
    {
        string rule = map.Required("rule", ClaimKinds.OneOf("at-most", "at-least", "printed"));
        var result = new KpiRule
        {
            Id = map.Required("id", Id),
            Name = ProfileReader.Words(map, "name"),
            Unit = map.Required("unit", ClaimKinds.OneOf("1", "ms", "us", "Mbit/s", "1/km2")),
            Rule = rule switch { "at-most" => LimitRule.AtMost, "at-least" => LimitRule.AtLeast, _ => null },
            Limit = map.Optional("limit", Number, out decimal limit) ? limit : null,
            Figures = [.. map.Values("figures", Figure).Select(f => f.Value)],
            Field = map.Optional("field", Field, out string field) ? field : null,
            Factor = map.OptionalOr("factor", Number, 1),
            Floor = map.Optional("floor", Number, out decimal floor) ? floor : null,
            Source = Origin(map, "source"),
            FloorSource = Origin(map, "floorSource"),
            Samples = Samples(map),
            Confidence = map.Optional("confidence", ClaimKinds.Ratio("0.95"), out decimal level) ? level : null,
            BothDirections = map.Optional("directions", ClaimKinds.OneOf("both"), out _),
            PerTap = Texts(map, "perTap", Point),
            WhenTapped = Texts(map, "whenTapped", Point),
            OneWay = Texts(map, "oneWay", Point),
            FailNeeds = References(map, "failNeeds", references),
            VoidedBy = References(map, "voidedBy", references),
            Missed = Enum.Parse<Verdict>(
                map.OptionalOr("missed", ClaimKinds.OneOf("Fail", "Invalid", "Inconclusive"), "Fail")),
        };
        Check(map, result, inScenario);
        map.Done();
        return result;
    }

    /// <summary>A limit without an origin is an opinion.</summary>
    private static void Check(MapReader map, KpiRule rule, bool inScenario)
    {
        bool limited = rule.Limit is not null || rule.Figures.Count > 0 || rule.Field is not null;
        if (rule.Rule is not null && !limited)
            map.Missing("limit", new("limit 或 figures", "limit or figures"), "limit: \"0.005\"");
        if (rule.Limit is not null && rule.Figures.Count > 0)
            map.Error(map.Node, map.Path, new("limit 与 figures 二者之一", "either limit or figures"),
                new("两者都有", "both"), "limit: \"0.005\"");
        if (rule.Field is not null
            && (rule.Rule is null || rule.Limit is not null || rule.Figures.Count > 0 || inScenario))
            map.Error(map.Find("field")!, map.PathOf("field"),
                new("只用于不带 scenario、limit、figures 的比较", "a comparison without scenario, limit and figures"),
                new("field", "field"), "field: dLLatency");
        if (rule.Figures.Count > 0 && !inScenario)
            map.Error(map.Find("figures")!, map.PathOf("figures"),
                new("limit（只有带 scenario 的要求才可引用申报值）", "limit (only under a scenario can the claim's figures be named)"),
                new("figures", "figures"), "scenario: low-latency");
        if ((rule.Limit is not null || rule.Factor != 1) && rule.Source is null)
            map.Missing("source", Source.Expected, "source: TS 23.501");
        if (rule.Floor is not null && rule.FloorSource is null)
            map.Missing("floorSource", Source.Expected, "floorSource: TS 23.501");
    }

    /// <summary>A clause, which needs no translation, or words in both languages; null without the key.</summary>
    private static LocalText? Origin(MapReader map, string key) => map.Find(key) switch
    {
        null => null,
        MappingNode => ProfileReader.Words(map, key),
        _ => LocalText.Same(map.Required(key, Source)),
    };

    private static SampleRule Samples(MapReader map)
    {
        YamlNode? node = map.Find("samplesMin");
        if (node is null) return new(0, 0, false);
        if (node is ScalarNode { Text: "exact-binomial" }) return new(0, 0, true);
        if (node is not MappingNode)
        {
            int count = map.Required("samplesMin", Count with
            {
                Expected = new("样本数、{full, quick} 或 exact-binomial", "a count, {full, quick} or exact-binomial"),
            });
            return new(count, count, false);
        }
        MapReader plans = map.Map("samplesMin", "{full: 10000, quick: 1000}")!;
        var samples = new SampleRule(plans.Required("full", Count), plans.Required("quick", Count), false);
        plans.Done();
        return samples;
    }

    private static IReadOnlyList<string> Texts(MapReader map, string key, ScalarKind<string> kind) =>
        [.. map.Values(key, kind).Select(v => v.Value)];

    private static IReadOnlyList<string> References(MapReader map, string key, List<Located<string>> references)
    {
        var values = map.Values(key, ClaimKinds.Name("KIT-003"));
        references.AddRange(values);
        return [.. values.Select(v => v.Value)];
    }
}
