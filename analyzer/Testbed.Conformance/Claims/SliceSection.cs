using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Testbed.Conformance.Yaml;

namespace Testbed.Conformance.Claims;

/// <summary><c>slices:</c> of a claim.</summary>
internal sealed partial class SliceSection(ClaimNames names, ClaimNames upfNames)
{
    private readonly Dictionary<Snssai, int> _snssaiLines = [];
    private readonly List<(string Slice, IPNetwork Pool, Located<string> At)> _pools = [];

    private static readonly ScalarKind<string> Sd = new(
        new("六位十六进制数字（加引号；没有 SD 时省略该键）", "six hex digits, quoted (leave the key out where there is no SD)"),
        "\"000001\"", "000000",
        (string text, out string value) =>
        {
            value = text;
            // ffffff is reserved for "no SD" (TS 23.003 §28.4.2).
            return SdPattern().IsMatch(text) && !text.Equals("ffffff", StringComparison.OrdinalIgnoreCase);
        });

    private static readonly ScalarKind<decimal> Rate = ClaimKinds.Figure("Mbit/s", "100", 0, 1_000_000);

    private static readonly ScalarKind<string> Word = ClaimKinds.Text("qos-gold", 64);

    private static readonly ScalarKind<string> Filter = new(
        new("一条流描述（TS 29.214 §5.3.8）", "a flow description (TS 29.214 §5.3.8)"),
        "permit out 17 from any 5000-5099 to assigned", "permit out ip from any to assigned",
        (string text, out string value) =>
        {
            value = text;
            return text.Length <= 255 && FilterPattern().IsMatch(text);
        });

    public IReadOnlyList<Slice> Read(MapReader root)
    {
        const string example =
            "{name: embb, sst: 1, sd: \"000001\", dnn: internet, uePools: [10.45.0.0/16], upf: upf1}";
        List<Slice> slices = [.. root.Maps("slices", example, required: true).Select(Slice)];
        PoolKind.RefuseOverlaps(_pools, root.Errors);
        return slices;
    }

    private Slice Slice(MapReader map)
    {
        string name = map.Required("name", ClaimKinds.Name("embb"));
        names.Add(map, "name", name);
        int sst = map.Required("sst", ClaimKinds.Integer(0, 255, "1"));
        uint? sd = map.Optional("sd", Sd, out string digits)
            ? uint.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture) : null;
        var snssai = new Snssai((byte)sst, sd);
        RefuseSameSnssai(map, snssai);
        string upf = map.Required("upf", ClaimKinds.Name("upf1"));
        if (map.Find("upf") is { } at) upfNames.Require(new(upf, at, map.PathOf("upf")), map.Errors);
        (decimal? up, decimal? down) = Ambr(map.Map("sessionAmbrMbps", "{ul: \"100\", dl: \"200\"}"));
        var slice = new Slice(
            name, snssai, map.Required("dnn", ClaimKinds.Dnn), Pools(map, name), upf, Flows(map), up, down)
        {
            Dscp = Dscp(map.Map("dscp", "{9: 0}")),
            ServiceProfile = new ServiceProfileSection(snssai).Read(map),
        };
        map.Done();
        return slice;
    }

    /// <summary>Two entries of one S-NSSAI are one slice, and the notice asks for slices.</summary>
    private void RefuseSameSnssai(MapReader map, Snssai snssai)
    {
        // Where the value itself is wrong, that has been said; a second complaint would only confuse.
        if (map.Find("sst") is not ScalarNode node || node.Text != $"{snssai.Sst}") return;
        if (map.Find("sd") is not null && snssai.Sd is null) return;
        if (_snssaiLines.TryAdd(snssai, node.Line)) return;
        map.Error(node, map.PathOf("sst"),
            new($"与第 {_snssaiLines[snssai]} 行的切片不同的 S-NSSAI（sst 与 sd 的组合）",
                $"an S-NSSAI (sst and sd) other than that of the slice on line {_snssaiLines[snssai]}"),
            new($"相同的 {snssai}", $"the same {snssai}"), "sst: 1, sd: \"000002\"");
    }

    private List<IPNetwork> Pools(MapReader map, string slice)
    {
        var pools = new List<IPNetwork>();
        foreach (Located<string> text in map.Values("uePools", PoolKind.Text, required: true))
        {
            if (PoolKind.Read(text, map.Errors) is not { } pool) continue;
            pools.Add(pool);
            _pools.Add((slice, pool, text));
        }
        return pools;
    }

    private static List<QosFlow> Flows(MapReader map)
    {
        var flows = new List<QosFlow>();
        var lines = new Dictionary<int, int>();
        foreach (MapReader flow in map.Maps("flows", "{qfi: 9, fiveQi: 9}"))
        {
            int qfi = flow.Required("qfi", ClaimKinds.Integer(0, 63, "9")); // Six bits, TS 38.415 §5.5.3.3.
            int fiveQi = flow.Required("fiveQi", ClaimKinds.Integer(1, 254, "9"));
            decimal? gfbr = flow.Optional("gfbrMbps", Rate, out decimal g) ? g : null;
            decimal? mfbr = flow.Optional("mfbrMbps", Rate, out decimal m) ? m : null;
            if (gfbr > mfbr)
                flow.Error(flow.Find("mfbrMbps")!, flow.PathOf("mfbrMbps"),
                    new($"不小于 gfbrMbps（{gfbr}）的数值", $"a figure no smaller than gfbrMbps ({gfbr})"),
                    YamlNode.Quote($"{mfbr}"), $"mfbrMbps: \"{gfbr}\"");
            if (flow.Find("qfi") is { } node && !lines.TryAdd(qfi, node.Line))
                flow.Error(node, flow.PathOf("qfi"),
                    new($"本切片未用过的 QFI（第 {lines[qfi]} 行已用）",
                        $"a QFI not yet used in this slice (it is on line {lines[qfi]})"),
                    YamlNode.Quote($"{qfi}"), "");
            flows.Add(new(qfi, fiveQi, gfbr, mfbr)
            {
                QosReference = flow.Optional("qosReference", Word, out string reference) ? reference : null,
                QosProfile = flow.Optional("qosProfile", ClaimKinds.Name("QOS_E"), out string profile)
                    ? profile : null,
                Filter = flow.Optional("filter", Filter, out string filter) ? filter : null,
            });
            flow.Done();
        }
        return flows;
    }

    private static (decimal? Up, decimal? Down) Ambr(MapReader? map)
    {
        if (map is null) return (null, null);
        decimal? up = map.Optional("ul", Rate, out decimal ul) ? ul : null;
        decimal? down = map.Optional("dl", Rate, out decimal dl) ? dl : null;
        map.Done();
        return (up, down);
    }

    private static Dictionary<int, int> Dscp(MapReader? map)
    {
        var dscp = new Dictionary<int, int>();
        if (map is null) return dscp;
        ScalarKind<int> qfiKind = ClaimKinds.Integer(0, 63, "9"), dscpKind = ClaimKinds.Integer(0, 63, "46");
        foreach ((ScalarNode key, _) in map.Node.Entries)
        {
            int value = map.OptionalOr(key.Text, dscpKind, 0);
            if (qfiKind.TryRead(key.Text, out int qfi)) dscp[qfi] = value;
            else map.Error(key, map.PathOf(key.Text), qfiKind.Expected, YamlNode.Quote(key.Text), "dscp: {9: 46}");
        }
        return dscp;
    }

    [GeneratedRegex(@"\A[0-9A-Fa-f]{6}\z")]
    private static partial Regex SdPattern();

    // Addresses and numbers are looked at again by the planner, which knows the protocols.
    [GeneratedRegex(
        @"\Apermit (in|out) (ip|\d{1,3}) from (any|assigned|[0-9A-Fa-f.:/]+)( \d{1,5}(-\d{1,5})?)? "
        + @"to (any|assigned|[0-9A-Fa-f.:/]+)( \d{1,5}(-\d{1,5})?)?\z")]
    private static partial Regex FilterPattern();
}
