using Testbed.Conformance.Yaml;

namespace Testbed.Conformance.Claims;

/// <summary><c>scenarios:</c> of a claim: which of the notice's typical scenarios, with which figures.</summary>
internal sealed class ScenarioSection(ClaimNames sliceNames)
{
    private sealed record FigureKey(string Key, bool Required, ScalarKind<decimal> Kind);

    private static readonly ScalarKind<decimal> Rate = ClaimKinds.Figure("Mbit/s", "150", 0, 1_000_000);
    private static readonly ScalarKind<decimal> Delay = ClaimKinds.Figure("ms", "20", 0, 60_000);
    /// <remarks>
    /// Twice 500 ms, the longest delay budget over land (5QI 74 and 76, TS 23.501 table 5.7.4-1): later is no high
    /// reliability. The least is what a kit can tell apart.
    /// </remarks>
    private static readonly ScalarKind<decimal> Deadline = ClaimKinds.Figure("ms", "50", 0.001m, 1_000);
    /// <remarks>28: the smallest packet that holds IPv4 and UDP headers; 9,000: jumbo frames.</remarks>
    private static readonly FigureKey PacketBytes = new("packetBytes", false, Whole(28, 9_000, "64"));

    private static readonly Dictionary<string, FigureKey[]> Figures = new()
    {
        [ClaimWords.LargeBandwidth] = [new("dlMbps", true, Rate), new("ulMbps", true, Rate)],
        [ClaimWords.LowLatency] =
            [new("rttMsP99", true, Delay), new("jitterMs", false, Delay), new("upfMsP99", false, Delay), PacketBytes],
        [ClaimWords.HighReliability] =
        [
            new("ratio", true, ClaimKinds.Ratio("0.9999")), new("withinMs", true, Deadline), PacketBytes,
            new("availability", false, ClaimKinds.Ratio("0.9999")), new("survivalMs", false, Delay),
        ],
        [ClaimWords.MassiveConnection] =
        [
            new("concurrentSessions", true, Whole(1, 10_000_000, "1000")),
            new("setupSuccess", false, ClaimKinds.Ratio("0.99")),
        ],
    };

    private static readonly ScalarKind<string> Type = ClaimKinds.OneOf([.. Figures.Keys]);
    private static readonly ScalarKind<string> To = ClaimKinds.OneOf("dn", "edge");

    public List<Scenario> Read(MapReader root)
    {
        var scenarios = new List<Scenario>();
        var lines = new Dictionary<(string, string, string), int>();
        const string example = "{type: low-latency, slice: embb, to: dn, rttMsP99: \"20\"}";
        foreach (MapReader map in root.Maps("scenarios", example, required: true))
        {
            string type = map.Required("type", Type);
            string slice = map.Required("slice", ClaimKinds.Name("embb"));
            if (map.Find("slice") is { } at)
                sliceNames.Require(new(slice, at, map.PathOf("slice")), map.Errors);
            string to = map.OptionalOr("to", To, "dn");
            // Without a known type every figure would be an unknown key; the type's own error says enough.
            if (map.Find("type") is not ScalarNode { Text: var written } || written != type) continue;
            scenarios.Add(new(type, slice, to, ReadFigures(map, Figures[type])));
            if (!lines.TryAdd((type, slice, to), map.Node.Line))
                map.Error(map.Node, map.Path,
                    new($"未列过的场景（第 {lines[(type, slice, to)]} 行已列）",
                        $"a scenario not yet listed (it is on line {lines[(type, slice, to)]})"),
                    new("同类型、同切片的场景", "the same type on the same slice"), "");
            map.Done();
        }
        return scenarios;
    }

    private static Dictionary<string, decimal> ReadFigures(MapReader map, FigureKey[] keys)
    {
        var figures = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (FigureKey figure in keys)
        {
            if (figure.Required) figures[figure.Key] = map.Required(figure.Key, figure.Kind);
            else if (map.Optional(figure.Key, figure.Kind, out decimal value)) figures[figure.Key] = value;
        }
        return figures;
    }

    private static ScalarKind<decimal> Whole(int min, int max, string example)
    {
        ScalarKind<int> whole = ClaimKinds.Integer(min, max, example);
        return new(whole.Expected, example, min, (string text, out decimal value) =>
        {
            bool ok = whole.TryRead(text, out int read);
            value = read;
            return ok;
        });
    }
}
